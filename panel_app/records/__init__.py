"""What is kept about a person, in every feature: found, shown, handed over, erased."""
