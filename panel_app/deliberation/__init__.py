"""What a session asks of people: statements, questions."""
