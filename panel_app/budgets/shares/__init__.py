"""A ballot in which everybody shares the whole pot out over its service lines."""
