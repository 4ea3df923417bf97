"""The story of the demo borough, told through the services that real people's clicks use.

Each feature offers its parts (`<feature>/demo`); they are played in the order of when they
happened, with the clock set back to then.
"""

from __future__ import annotations

from random import Random

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.feature import offered
from panel_app.core.story import Part, Story

SEED = 2026


def load() -> None:
    """Fill an empty database with the borough; commits as it goes."""
    story = Story(Random(SEED))
    for part in sorted(offered(Part), key=lambda part: part.ago, reverse=True):
        with clock.ago(part.ago):
            part.play(story)
            db.session.commit()
