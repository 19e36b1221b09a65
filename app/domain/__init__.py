"""The rules of the game: pure values and functions, without input, output, clock or words shown to people."""
