"""Setting Jalon up in an organisation: what is needed, what exists, the changes between the two, and the calls."""
