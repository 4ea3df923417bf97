"""What facilitators and scribes do with tables."""
