"""Where the money goes now: contracts, and which share of each falls to which place."""
