"""Invitations: addresses drawn by lottery in waves, a letter with a code for each home."""
