"""What people ask or propose from the room, and who wants it too: Q&A, and ideas with "me too"."""
