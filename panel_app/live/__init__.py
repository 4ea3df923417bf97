"""Telling phones that something changed, within a second and without content."""
