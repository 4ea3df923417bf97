"""The outbox as organisers see it, and the organisation's own wordings."""
