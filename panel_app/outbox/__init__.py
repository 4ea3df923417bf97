"""Messages to people: their words, how they are sent, at most once, and what became of each."""
