"""One product: its facts, and what follows from them."""
