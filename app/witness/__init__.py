"""The room of the witness: it vouches for other people's registers, and reads what they show."""
