"""Panels, their members, joining by QR code and "my panel"."""
