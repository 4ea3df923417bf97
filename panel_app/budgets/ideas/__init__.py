"""What residents would change: their ideas, on the road from a few words to what was done."""
