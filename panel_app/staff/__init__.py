"""Staff accounts, their roles and signing in."""
