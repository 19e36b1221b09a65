"""Jalon: a product committee run on GitHub issues."""
