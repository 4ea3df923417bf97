"""What staff see and do here."""
