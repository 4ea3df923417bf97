"""A deterministic, invented borough."""
