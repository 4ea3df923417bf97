"""What the demo borough shows of this feature."""
