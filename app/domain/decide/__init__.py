"""A request becomes facts."""
