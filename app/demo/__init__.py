"""The demonstration: its first state, and the story it plays."""
