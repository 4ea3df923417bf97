"""What staff do with opinions: bring in and take out files of other tools, word themes."""
