"""The committee's rules as values, and how their file is read."""
