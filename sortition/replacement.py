"""Replacing members who dropped out: who may come in, how many, and a fair draw of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sortition.faults import refusal
from sortition.feasibility import Infeasible
from sortition.highs import Program
from sortition.lotteries import Distribution
from sortition.lottery_making.dealing import seat_people
from sortition.lottery_making.fairest_weights import Task, find_distribution
from sortition.panel_model import Model, build_model, condition_on
from sortition.pool import Person, Pool
from sortition.progress import CancelCheck, Watch
from sortition.region import Region
from sortition.targets import Targets


@dataclass(frozen=True)
class NumberRange:
    """The fewest and most replacements with which every target can be met; None when none can."""

    fewest: int | None
    most: int | None


@dataclass(frozen=True)
class Replacement:
    """The people drawn, everyone's chances, and how many replacements would have been possible."""

    selected: tuple[str, ...]
    numbers: NumberRange
    distribution: Distribution


def replacement_range(pool: Pool, targets: Targets, staying: Sequence[Person]) -> NumberRange:
    """How few and how many people can join those staying so that every target is met.

    `pool` holds the people who may come in; those at a staying member's address are left out.
    """
    rest, open_targets, _ = condition_on(pool, targets, len(staying), staying)
    if not len(rest):
        met = all(target.minimum == 0 for target in open_targets)
        return NumberRange(0, 0) if met else NumberRange(None, None)
    model = build_model(rest, open_targets, 0)
    fewest, most = _extreme(model, -1.0), _extreme(model, 1.0)
    return NumberRange(fewest, most)


def _extreme(model: Model, sign: float) -> int | None:
    """The largest (sign 1) or smallest (sign -1) panel that meets the targets, of any size."""
    region = Region.of_panels(model)
    upper = region.rows[1].copy()
    upper[0] = float(model.counts.sum())
    every = np.ones(len(region.types))
    columns = region.columns(sign * every)
    answer = Program(columns, region.rows[0], upper, integer=every.astype(bool)).solve()
    return None if answer is None else round(float(answer.x.sum()))


def draw_replacements(
    pool: Pool,
    targets: Targets,
    size: int,
    *,
    staying: Sequence[Person],
    seed: int,
    time_limit: float | None = None,
    cancelled: CancelCheck | None = None,
) -> Replacement:
    """Draw, with the fairest chances, the people who restore a panel of `size` and its targets.

    `pool` holds the people who may come in: without the members and those who dropped out. Raises
    InputFaults, Infeasible (str() names the numbers that are possible), or Stopped.
    """
    numbers = replacement_range(pool, targets, staying)
    rest, open_targets, seats = condition_on(pool, targets, size, staying)
    if not seats:
        raise refusal("all_seats_taken", "selected", size=size)
    if not len(rest):
        raise Infeasible(())
    model = build_model(rest, open_targets, seats)
    watch = Watch(cancelled=cancelled, seconds=time_limit)
    distribution = find_distribution(Task(model, "leximin", seed, watch, explain=False))
    chance = np.random.default_rng(seed)
    weights = np.array([w / distribution.total_weight for w in distribution.weights])
    at = int(chance.choice(len(weights), p=weights / weights.sum()))
    (selected,) = seat_people(model, [distribution.panels[at]], seed)
    return Replacement(selected, numbers, distribution)
