"""What residents and partners take on themselves for a project, and whether it is done."""
