"""Whether the clock can be believed for something final: it is compared with two others."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import text

from panel_app.core import logs
from panel_app.core.db import db, dialect_name

#: Seconds by which clocks may differ, and for which a clock that was set must stay as it is.
TOLERANCE, SETTLES = 10.0, 600.0


@dataclass(slots=True)
class Watch:
    """This process's memory of how far its clock is from one that nobody can set."""

    offset: float
    other: float | None = None
    since: float = 0.0

    def believes(self, wall: float, monotonic: float) -> bool:
        """Whether the clock went on as time did; one that was set is believed ten minutes later."""
        offset = wall - monotonic
        if abs(offset - self.offset) <= TOLERANCE:
            # Followed step by step: a clock that is slowly corrected is a good one.
            self.offset, self.other = offset, None
            return True
        if self.other is None or abs(offset - self.other) > TOLERANCE:
            self.other, self.since = offset, monotonic
        if monotonic - self.since < SETTLES:
            return False
        self.offset, self.other = offset, None
        return True


def _monotonic() -> float:
    """Return seconds since the machine started, those asleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


_watch = Watch(time.time() - _monotonic())


def may_end() -> bool:
    """Whether what is due by the clock may be ended for good: a ballot closed, its key destroyed.

    False while the clock has just jumped, or differs from the database's own; then it is said in
    the log, and whoever asks comes back in a minute.
    """
    if not _watch.believes(time.time(), _monotonic()):
        logs.event("clock.jumped")
        return False
    if dialect_name() == "sqlite":
        return True
    theirs = db.session.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
    if abs(float(theirs) - time.time()) > TOLERANCE:
        logs.event("clock.differs_from_database")
        return False
    return True
