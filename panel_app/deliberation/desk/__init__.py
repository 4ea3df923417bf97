"""What staff see and do with texts from the room, of whatever kind."""
