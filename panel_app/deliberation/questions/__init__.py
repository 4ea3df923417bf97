"""Questions put to the room: one or a few of any kind, as a part of an agenda."""
