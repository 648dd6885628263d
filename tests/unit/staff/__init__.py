"""What of the staff's pages needs no database."""
