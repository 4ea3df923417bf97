"""What anyone may read: how people were chosen, what was decided, the registers."""
