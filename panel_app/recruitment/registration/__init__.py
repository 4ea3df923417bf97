"""Registering for the pool: a page for each way in, on one's phone or with staff's help."""
