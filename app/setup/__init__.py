"""Setting Jalon up in an organisation: what is wanted, what is there, the changes between them, and the calls."""
