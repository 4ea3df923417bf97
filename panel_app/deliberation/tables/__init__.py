"""Tables: who sits where in which round, what a table writes down, and who speaks."""
