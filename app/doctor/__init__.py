"""Tries on a real installation what only the real GitHub can tell: one scratch issue, two minutes, ✓ or ✗."""
