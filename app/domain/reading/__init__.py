"""What a person wrote, as commands."""
