"""Telling a caller how far a long run is, and letting the caller stop it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sortition.lotteries import Distribution
    from sortition.lottery_making.relaxation import Level
    from sortition.panel_model import Flags, Floats, Panel

    Weights = Sequence[Fraction] | Floats


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: the stage's name and, between 0 and 1, how much of the stage is done."""

    stage: str
    done: float


ProgressCallback = Callable[[Progress], None]
CancelCheck = Callable[[], bool]


class Stopped(Exception):
    """The run was cancelled (`reason` "cancelled") or ran out of time ("time").

    `best` is the best lottery so far, with a bound of what it may fall short by; None only where
    there is no valid panel at all.
    """

    def __init__(self, reason: str, best: "Distribution | None" = None) -> None:
        super().__init__(reason)
        self.reason, self.best = reason, best


class Watch:
    """Passes progress on, and raises Stopped once the caller cancels or the time is up.

    It keeps what whoever stops the run is left with: the newest lottery of each stage that made one
    (panels beyond the weights weigh nothing yet), what no lottery's objective exceeds (`bound`) and
    the levels that prove it, and the types that no panel holds, as far as they are known.
    """

    def __init__(
        self,
        progress: ProgressCallback | None = None,
        cancelled: CancelCheck | None = None,
        seconds: float | None = None,
    ) -> None:
        self._progress, self._cancelled = progress, cancelled
        self.started = time.monotonic()
        self._deadline = None if seconds is None else self.started + seconds
        self.lotteries: dict[str, tuple[Sequence[Panel], Weights]] = {}
        self.bound = 1.0
        self.levels: tuple[Level, ...] = ()
        self.excluded: Flags | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.started

    @property
    def remaining(self) -> float | None:
        """Seconds left, or None when the run has no limit."""
        return None if self._deadline is None else self._deadline - time.monotonic()

    def keep(self, stage: str, panels: "Sequence[Panel]", weights: "Weights") -> None:
        """Take this for the newest lottery of a stage; its lists may go on growing."""
        self.lotteries[stage] = panels, weights

    def step(self, stage: str, done: float = 0.0) -> None:
        """Report a step of `stage`. Raises Stopped."""
        if self._progress is not None:
            self._progress(Progress(stage, min(max(done, 0.0), 1.0)))
        if self._cancelled is not None and self._cancelled():
            raise Stopped("cancelled")
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise Stopped("time")
