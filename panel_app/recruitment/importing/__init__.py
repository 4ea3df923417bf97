"""A file of people on its way into the pool: read, explained, looked at, then taken at once."""
