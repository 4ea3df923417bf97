"""What every feature stands on: the database, time, identifiers, money, errors, the audit log."""
