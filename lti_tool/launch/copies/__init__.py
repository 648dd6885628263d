"""What came with a copied course: a tutor keeps the set-up or starts afresh."""
