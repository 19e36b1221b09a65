"""What may already answer a need: the catalogue of commons, and the needs that are near."""
