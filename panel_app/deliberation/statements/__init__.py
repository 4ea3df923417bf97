"""Statements as one kind of activity: agree, disagree or pass, and what that says together."""
