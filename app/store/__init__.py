"""The database: every table, and who reads it."""
