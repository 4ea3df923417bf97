"""Who may take part in deciding a case, and what their votes say. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from panel_app.casework.outcomes import Outcome

#: Levels of a conflict of interest that keep a member out of the case.
EXCLUDING = frozenset({"close", "direct"})

Verdict = Literal["clear", "no_majority", "below_quorum"]
#: What a member voted for: the outcome's key, and the pence named with a part.
Vote = tuple[str, int | None]
#: How an outcome follows from the votes, or from the pot.
Basis = Literal["all", "middle", "short_of_all", "pot", "nothing", "later", "no_majority", "quorum"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the votes on a case say; without a majority of those who voted it is deferred."""

    verdict: Verdict
    outcome: str
    #: In pence; None for an outcome that gives nothing.
    amount: int | None
    basis: Basis
    eligible: int
    voted: int
    quorum: int
    #: How many were taken out since the vote opened, for a connection declared late.
    taken_out: int
    #: How many chose each outcome.
    votes: Mapping[str, int]


def excluded(level: str | None) -> bool:
    """Whether a declared level keeps the member from reading, scoring and deciding."""
    return level in EXCLUDING


def may_read(level: str | None) -> bool:
    """Whether a member may read the case: only after declaring, and not with a close interest."""
    return level is not None and not excluded(level)


def may_change(old: str | None, new: str) -> bool:
    """Whether a member may declare `new` after `old`: nobody lets themselves back in."""
    return not excluded(old) or excluded(new)


def standing(
    votes: Sequence[Vote],
    *,
    outcomes: Sequence[Outcome],
    asks: int | None,
    eligible: int,
    quorum: int,
    taken_out: int = 0,
) -> Standing:
    """Return what `votes` of members without a conflict say; `asks` in pence.

    First whether to give anything: giving all and giving a part count together, and what more
    than half of those who voted want stands. Then how much (`amount_of`). Too few votes, equal
    votes or no majority defer the case: nothing is decided by chance or in silence.
    """
    verdict, outcome, amount, basis = _said(votes, outcomes, asks, quorum)
    counted = Counter(outcome for outcome, _amount in votes)
    return Standing(
        verdict, outcome, amount, basis, eligible, len(votes), quorum, taken_out, dict(counted)
    )


def _said(
    votes: Sequence[Vote], outcomes: Sequence[Outcome], asks: int | None, quorum: int
) -> tuple[Verdict, str, int | None, Basis]:
    later = next(outcome.key for outcome in outcomes if outcome.defers)
    if len(votes) < quorum or not votes:
        return "below_quorum", later, None, "quorum"
    wanted = _majority(votes, outcomes)
    if wanted is None:
        return "no_majority", later, None, "no_majority"
    if wanted.gives == "nothing":
        return "clear", wanted.key, None, "later" if wanted.defers else "nothing"
    found = amount_of(_named(votes, outcomes, asks), voted=len(votes), asks=asks or 0)
    if found is None:
        return "no_majority", later, None, "no_majority"
    amount, basis = found
    kind = "all" if amount == asks else "part"
    return "clear", next(o.key for o in outcomes if o.gives == kind), amount, basis


def _majority(votes: Sequence[Vote], outcomes: Sequence[Outcome]) -> Outcome | None:
    """Return what more than half want; any outcome that gives stands for all that do."""
    giving = next((outcome for outcome in outcomes if outcome.gives != "nothing"), None)
    by_key = {o.key: o if o.gives == "nothing" else giving for o in outcomes}
    groups = Counter(by_key[outcome] for outcome, _amount in votes)
    wanted, number = groups.most_common(1)[0]
    return wanted if number * 2 > len(votes) else None


def _named(
    votes: Sequence[Vote], outcomes: Sequence[Outcome], asks: int | None
) -> Sequence[int | None]:
    """Return what each of those who would give named."""
    gives = {outcome.key: outcome.gives for outcome in outcomes}
    return [
        asks if gives[key] == "all" else amount for key, amount in votes if gives[key] != "nothing"
    ]


def amount_of(
    named: Sequence[int | None], *, voted: int, asks: int
) -> tuple[int, Literal["all", "middle", "short_of_all"]] | None:
    """Return the pence to give, and how they follow from what those who would give named.

    It is the middle amount, of an even number the lower of the two in the middle. All that was
    asked needs more than half of those who voted; where the middle is all of it without that, it
    is the most that more than half of those who voted would give. None where nobody named any.
    """
    amounts = sorted(amount for amount in named if amount is not None)
    if not amounts:
        return None
    if amounts.count(asks) * 2 > voted:
        return asks, "all"
    middle = amounts[(len(amounts) - 1) // 2]
    if middle < asks:
        return middle, "middle"
    most_of_all = voted // 2 + 1
    if len(amounts) < most_of_all:
        return None
    return amounts[-most_of_all], "short_of_all"


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be recorded of what the votes say, with the pence it gives."""

    outcome: str
    amount: int | None
    basis: Basis


def offers(stands: Standing, outcomes: Sequence[Outcome], most: int | None = None) -> list[Offer]:
    """Return what can be recorded: what the votes say, and always to defer.

    At most `most` pence can be given: where less is left than the votes say, it is offered.
    """
    later = next(outcome.key for outcome in outcomes if outcome.defers)
    part = next((outcome.key for outcome in outcomes if outcome.gives == "part"), None)
    deferred = Offer(later, None, stands.basis if stands.outcome == later else "later")
    if stands.outcome == later:
        return [deferred]
    if stands.amount is None or most is None or stands.amount <= most:
        return [Offer(stands.outcome, stands.amount, stands.basis), deferred]
    return [Offer(part, most, "pot"), deferred] if part and most > 0 else [deferred]


@dataclass(frozen=True, slots=True)
class Part:
    """What several people gave to one criterion: the sum of `number` scores from 0 to `top`."""

    weight: int
    top: int
    least: int | None
    sum: int
    number: int

    @property
    def mean(self) -> Fraction:
        """The average, exactly."""
        return Fraction(self.sum, self.number)

    @property
    def below(self) -> bool:
        """Whether the average misses the criterion's minimum."""
        return self.least is not None and self.mean < self.least


def weighted(parts: Iterable[Part]) -> Fraction:
    """Return the weighted total, from 0 to 100, exactly."""
    return sum((part.mean / part.top * part.weight for part in parts), Fraction())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands among others; equal totals share a place."""

    key: int
    place: int
    total: Fraction
    #: Whether it misses a minimum: it then stands behind all that miss none.
    below: bool


def ranking(cases: Mapping[int, Sequence[Part]]) -> list[Place]:
    """Return cases by weighted total, those that miss a minimum last."""
    found = [(any(p.below for p in parts), -weighted(parts), key) for key, parts in cases.items()]
    places: list[Place] = []
    for number, (below, total, key) in enumerate(sorted(found), start=1):
        last = places[-1] if places else None
        shared = last is not None and (last.below, last.total) == (below, -total)
        places.append(Place(key, last.place if last and shared else number, -total, below))
    return places
