"""Pots, projects, ballots on them, counting rules, results explained."""
