"""Meetings: the agenda, the console, the wall and the phones; the registry of activities."""
