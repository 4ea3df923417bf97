"""What an organiser asks: is a panel possible, the fairest lottery, M equally likely panels."""

from collections.abc import Sequence
from dataclasses import replace

from sortition.faults import Fault, InputFaults, refusal
from sortition.feasibility import Infeasible, any_panel, infeasibility
from sortition.lotteries import Distribution, Lottery
from sortition.lottery_making.equal_panels import settled_lottery, uniform_lottery
from sortition.lottery_making.fairest_weights import ALGORITHMS, Task, find_distribution
from sortition.panel_model import Model, build_model, condition_on
from sortition.pool import Person, Pool
from sortition.progress import CancelCheck, ProgressCallback, Watch
from sortition.targets import Targets, size_faults

#: The most panels one lottery may have: five ten-sided dice.
MOST_PANELS = 100_000


def check(
    pool: Pool, targets: Targets, size: int, *, already_selected: Sequence[Person] = ()
) -> Infeasible | None:
    """Why there is no valid panel of `size`, with the smallest change of targets; None if there is.

    Raises InputFaults when the size can't fit the targets at all.
    """
    model = model_of(pool, targets, size, already_selected)
    return None if any_panel(model) is not None else infeasibility(model)


def solve(
    pool: Pool,
    targets: Targets,
    size: int,
    *,
    algorithm: str = "leximin",
    seed: int = 0,
    already_selected: Sequence[Person] = (),
    time_limit: float | None = None,
    progress: ProgressCallback | None = None,
    cancelled: CancelCheck | None = None,
) -> Distribution:
    """Find the fairest lottery over valid panels of `size` people, those selected included.

    `time_limit` is in seconds. Raises InputFaults, Infeasible, or Stopped (with the best so far).
    """
    watch = Watch(progress, cancelled, time_limit)
    task = Task(model_of(pool, targets, size, already_selected), _known(algorithm), seed, watch)
    return replace(find_distribution(task), seconds=watch.elapsed)


def make_lottery(
    pool: Pool,
    targets: Targets,
    size: int,
    *,
    panels: int = 1000,
    algorithm: str = "leximin",
    seed: int = 0,
    already_selected: Sequence[Person] = (),
    time_limit: float | None = None,
    progress: ProgressCallback | None = None,
    cancelled: CancelCheck | None = None,
) -> Lottery:
    """Make `panels` equally likely valid panels whose chances are as near the fairest as they can.

    Raises InputFaults, Infeasible, or Stopped.
    """
    if not 1 <= panels <= MOST_PANELS:
        raise refusal("panel_count", "lottery", most=MOST_PANELS, panels=panels)
    watch = Watch(progress, cancelled, time_limit)
    task = Task(model_of(pool, targets, size, already_selected), _known(algorithm), seed, watch)
    lottery = uniform_lottery(task, panels)
    return replace(lottery, already_selected=tuple(person.id for person in already_selected))


def settle(
    reached: Distribution, *, panels: int = 1000, seed: int = 0, time_limit: float | None = None
) -> Lottery:
    """Make `panels` equally likely panels of what a stopped run had reached (`Stopped.best`).

    It takes little more than `time_limit` seconds: then the panels are taken as they weigh.
    """
    task = Task(reached.model, reached.algorithm, seed, Watch(None, None, time_limit))
    return settled_lottery(task, reached, panels)


def model_of(
    pool: Pool, targets: Targets, size: int, already_selected: Sequence[Person] = ()
) -> Model:
    """The model of the seats still to fill. Raises InputFaults."""
    faults = size_faults(targets, size)
    if size > len(pool) + len(already_selected):
        faults.append(Fault("too_few_people", "people", details={"pool": len(pool), "size": size}))
    if faults:
        raise InputFaults(faults)
    return build_model(*condition_on(pool, targets, size, already_selected))


def _known(algorithm: str) -> str:
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise refusal("unknown_algorithm", "algorithm", name=algorithm, known=known)
    return algorithm
