"""From a pool and targets to a drawn panel with letters."""
