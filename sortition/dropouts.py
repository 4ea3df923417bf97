"""When members drop out: reserves chosen in advance, and a fair draw of those who come in.

Source of the reserves: Assos, Baharav, Flanigan, Procaccia, "Alternates, Assemble! Selecting
Optimal Alternates for Citizens' Assemblies", EC 2025: sample who drops out, and minimise the mean
shortfall that is left once the best of the reserves have stepped in.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sortition.faults import FaultList, refusal
from sortition.feasibility import Infeasible
from sortition.highs import INFINITY, Columns, Program
from sortition.lotteries import Distribution
from sortition.lottery_making.dealing import seat_people
from sortition.lottery_making.fairest_weights import Task, find_distribution
from sortition.panel_model import Floats, Ints, Model, build_model, condition_on, value_counts
from sortition.pool import Person, Pool
from sortition.progress import CancelCheck, Watch
from sortition.region import Region
from sortition.targets import Target, Targets

_SAMPLES = 24
_CHECK_SAMPLES = 100
#: Rounds of exchanges, and those worth most that are tried in somebody's place.
_MOST_ROUNDS, _TRIED = 3, 4
#: By how much an exchange must better the mean shortfall.
_CLOSE = 1e-6


@dataclass(frozen=True)
class DropoutChances:
    """Chances of dropping out: `default`, and for some (feature, value) another.

    A person with several such values stays with the product of their staying chances, each
    relative to the default (the paper's multiplicative model).
    """

    default: float = 0.1
    by_value: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def of(self, person: Person, features: Sequence[str]) -> float:
        """The chance that a person drops out."""
        stays = staying = 1 - self.default
        for pair in zip(features, person.values, strict=True):
            if pair in self.by_value:
                stays *= (1 - self.by_value[pair]) / max(staying, 1e-12)
        return 1 - min(max(stays, 0.0), 1.0)


@dataclass(frozen=True)
class Reserves:
    """The reserves, and the expected shortfall (people missing or in excess of targets).

    `without` and `with_reserves` are means over samples of dropouts not used in choosing.
    """

    selected: tuple[str, ...]
    without: float
    with_reserves: float


def choose_reserves(
    pool: Pool,
    targets: Targets,
    panel: Sequence[Person],
    count: int,
    *,
    chances: DropoutChances,
    seed: int,
) -> Reserves:
    """Choose `count` reserves for a panel from `pool` (without the panel and its addresses).

    Raises InputFaults when chances or count make no sense.
    """
    rest = pool.beside(panel)
    _check(rest, targets, count, chances)
    model = build_model(rest, targets, len(panel))
    chance = random.Random(seed)
    samples = [_stayers(panel, targets, chances, chance) for _ in range(_SAMPLES)]
    taken = _choose(model, samples, count)
    (selected,) = seat_people(
        model, [np.repeat(np.arange(len(taken)), taken).astype(np.int32)], seed
    )
    checks = [_stayers(panel, targets, chances, chance) for _ in range(_CHECK_SAMPLES)]
    none = np.zeros_like(taken)
    left = [np.mean([_shortfall(model, one, those) for one in checks]) for those in (none, taken)]
    return Reserves(selected, *map(float, left))


def plan_of(pool: Pool, reserves: Sequence[str], targets: Targets) -> tuple[Pool, Targets]:
    """Who may be drawn in place of these reserves, and how many of each value are wanted then.

    Any reserves with as many people of every value make up for what is likely to be missing in
    each feature, so that a fair lottery among all such lists may decide who they are. Whoever has
    a value that none of the reserves has is on no such list, and left out.
    """
    held = value_counts([pool.by_id[one] for one in reserves], targets.features)
    rows = tuple(
        Target(t.feature, t.value, number, number, number, number)
        for t in targets
        if (number := held[t.feature, t.value])
    )
    fits = tuple(
        person
        for person in pool
        if all(held[pair] for pair in zip(targets.features, person.values, strict=True))
    )
    return replace(pool, people=fits), replace(targets, rows=rows)


def mean_shortfall(
    pool: Pool,
    targets: Targets,
    panel: Sequence[Person],
    lists: Sequence[Sequence[str]],
    *,
    chances: DropoutChances,
    seed: int,
) -> tuple[float, float]:
    """The expected shortfall without reserves and with a list of them drawn by lot from `lists`.

    A new sample of dropouts for each of the lists. Raises InputFaults.
    """
    rest = pool.beside(panel)
    model, chance = build_model(rest, targets, len(panel)), random.Random(seed)
    kind_of = {one: at for at, kind in enumerate(model.types) for one in kind.members}
    none, left = np.zeros(len(model.types), dtype=np.int64), []
    for ids in lists:
        taken = np.bincount([kind_of[one] for one in ids], minlength=len(none)).astype(np.int64)
        sample = _stayers(panel, targets, chances, chance)
        left.append((_shortfall(model, sample, none), _shortfall(model, sample, taken)))
    without, with_reserves = np.mean(np.array(left), axis=0)
    return float(without), float(with_reserves)


def _check(rest: Pool, targets: Targets, count: int, chances: DropoutChances) -> None:
    faults = FaultList("reserves")
    if not 1 <= count <= len(rest):
        faults.add("reserve_count", count=count, people=len(rest))
    known = {(target.feature, target.value) for target in targets}
    for pair in chances.by_value:
        if pair not in known:
            faults.add("unknown_target", feature=pair[0], value=pair[1])
    for rate in (chances.default, *chances.by_value.values()):
        if not 0 <= rate <= 1:
            faults.add("chance", rate=rate)
    faults.raise_any()


def _stayers(
    panel: Sequence[Person], targets: Targets, chances: DropoutChances, chance: random.Random
) -> Ints:
    """Row sums (size, then targets) of the members who stay in one sample."""
    staying = [p for p in panel if chance.random() >= chances.of(p, targets.features)]
    held = value_counts(staying, targets.features)
    return np.array([len(staying), *(held[t.feature, t.value] for t in targets)])


def _choose(model: Model, samples: Sequence[Ints], count: int) -> Ints:
    """Seats by type of the reserves with the least mean shortfall that exchanges lead to.

    A sample's shortfall is convex in the reserves, so its prices say what one more of a type is
    worth at most: whoever is worth most joins, until there are `count`; then one after the other
    gives way to the best of those worth most while that helps.
    """
    recourse = _Recourse(model)
    taken = np.zeros(len(model.types), dtype=np.int64)
    least, worth = recourse.mean(samples, taken)
    for _ in range(count):
        taken[_worthiest(model, taken, worth)[0]] += 1
        least, worth = recourse.mean(samples, taken)
    for _ in range(_MOST_ROUNDS):
        before = least
        for leaving in np.repeat(np.arange(len(taken)), taken):
            rest = taken - (np.arange(len(taken)) == leaving)
            _, worth = recourse.mean(samples, rest)
            for kind in _worthiest(model, rest, worth)[:_TRIED]:
                tried = rest + (np.arange(len(taken)) == kind)
                mean, _ = recourse.mean(samples, tried)
                if mean < least - _CLOSE:
                    taken, least = tried, mean
        if least > before - _CLOSE:
            break
    return taken


def _worthiest(model: Model, taken: Ints, worth: Floats) -> Ints:
    """The types with somebody left, at an address of nobody taken, that are worth most first."""
    room = np.append(model.upper - model.sums(taken), 1)
    free = np.flatnonzero((taken < model.counts) & (room[model.home_row] > 0))
    return free[np.argsort(-worth[free], kind="stable")]


class _Recourse:
    """The least shortfall of one sample once reserves step in, as a linear program."""

    def __init__(self, model: Model) -> None:
        self.model = model
        types = np.arange(len(model.types))
        self.upper = np.zeros(len(types))
        columns = _with_slack(model, types, self.upper)
        core = model.core_rows
        self.slack_upper = columns.upper[len(types) :]
        self.program = Program(columns, np.zeros(core), np.zeros(core))

    def mean(self, samples: Sequence[Ints], taken: Ints) -> tuple[float, Floats]:
        """The mean shortfall, and by type how much one more reserve would relieve it at most."""
        found = [self._shortfall(held, taken) for held in samples]
        worth = np.mean([relief for _, relief in found], axis=0)
        return float(np.mean([shortfall for shortfall, _ in found])), worth

    def _shortfall(self, held: Ints, taken: Ints) -> tuple[float, Floats]:
        model, types = self.model, len(self.model.types)
        lower = np.zeros(types + len(self.slack_upper))
        self.program.set_bounds(lower, np.concatenate([taken, self.slack_upper]))
        for row in range(model.core_rows):
            low, high = model.lower[row] - held[row], model.upper[row] - held[row]
            self.program.set_row(row, float(low), float(high))
        answer = self.program.sure()
        return -answer.value, np.maximum(answer.reduced_costs[:types], 0.0)


def _with_slack(model: Model, types: Ints, upper: Floats) -> Columns:
    """Columns of `types` over the core rows; then what is missing below and in excess above.

    The size may be missed from below only: people too many are never called in.
    """
    targets, rows = len(model.targets), np.arange(1, model.core_rows)
    limits, no_homes = (model.lower, model.upper), np.zeros(0, dtype=np.int64)
    base = Region(model, types, 0 * upper, upper, limits, no_homes).columns(0 * upper)
    signs = np.concatenate([np.ones(targets), -np.ones(targets), [1.0]])
    no_limit = np.full(len(signs), INFINITY)
    slack = Columns.single(np.concatenate([rows, rows, [0]]), signs, -np.ones(len(signs)), no_limit)
    return base.beside(slack)


def _shortfall(model: Model, held: Ints, reserves: Ints) -> float:
    """The least people missing from or in excess of the targets once whole reserves step in."""
    types = np.flatnonzero(reserves)
    columns = _with_slack(model, types, reserves[types].astype(np.float64))
    integer = np.arange(len(columns.cost)) < len(types)
    lower = (model.lower[: model.core_rows] - held).astype(np.float64)
    upper = (model.upper[: model.core_rows] - held).astype(np.float64)
    answer = Program(columns, lower, upper, integer=integer).solve()
    if answer is None:
        raise ArithmeticError("The shortfall of a sample has no optimum.")
    return -answer.value


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
