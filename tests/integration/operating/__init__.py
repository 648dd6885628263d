"""What an operations team does: backing up, restoring, moving to PostgreSQL, migrating."""
