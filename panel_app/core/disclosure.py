"""What of a figure may be told: one rule for residents, staff, observers, exports and logs alike.

Fewer than five answers are told to nobody: with four, each knows much of the other three. And
whoever has seen figures never sees them again after they moved: the difference would be one
person's answer (sessions/activities.py keeps a round closed once its figures were seen).
"""

from __future__ import annotations

FEWEST = 5


def may_tell(answers: int) -> bool:
    """Whether figures of this many answers hide who answered what."""
    return answers >= FEWEST


def in_steps(number: int) -> int:
    """Return how many at least, in steps of five: for figures that move while people look."""
    return number // FEWEST * FEWEST
