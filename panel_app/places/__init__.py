"""Places: borough, ward, estate, block."""
