"""The command line: `python -m sortition`."""
