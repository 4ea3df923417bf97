"""What a count found and why, as data that goes to JSON and back."""

from dataclasses import dataclass
from fractions import Fraction

from panel_app.counting.election import BallotKind
from panel_app.counting.rule import Rule, Utility
from panel_app.kept import Kept


@dataclass(frozen=True, slots=True)
class Round:
    """One project bought. Money in minor units; `most_paid` is rounded up to one.

    `stage` is "shares" (supporters paid), "finish" (bought from the rest by votes) or "votes"
    (plain counting). `rate` is the exact price of one point of utility, as "n/d"; empty outside
    shares.
    """

    number: int
    project: str
    stage: str
    cost: int
    votes: int
    payers: int = 0
    most_paid: int = 0
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Loser:
    """A project not bought. Money in minor units.

    `reason` is "lot" (it tied with `lost_to`, and the seed put that first), "short" (its
    supporters could not pay), "no-room" (it cost more than was left), "minimum-votes",
    "incompatible", "cap" or "no-votes". `left` is what its supporters still had (rounded down;
    None where nobody holds a purse).

    Once `recounted` by `with_margins`: `cost_less` is a cut in cost, `more_support` a number of
    further papers that choose it and nothing else, with which it wins while with one less it
    does not; None where there is none.
    """

    project: str
    cost: int
    votes: int
    reason: str
    left: int | None = None
    lost_to: str = ""
    cost_less: int | None = None
    more_support: int | None = None
    recounted: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that tied and what chose among them: "cost", "votes" or "seed:N".

    `mattered` is False when all of them were bought anyway.
    """

    chosen: str
    others: tuple[str, ...]
    stage: str
    decided_by: str
    mattered: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """The outcome by plain most-votes, beside the one of the rule.

    `prefer_rule` and `prefer_plain` count voters with more of what they chose from either.
    """

    winners: tuple[str, ...]
    spent: int
    nothing_funded: int
    prefer_rule: int
    prefer_plain: int


@dataclass(frozen=True, slots=True)
class Result(Kept):
    """A count: winners in order of choice, with everything needed to explain and repeat it.

    Money in minor units, `unit` to the currency unit. `purse` is each voter's equal share as
    "n/d" (empty where the rule gives none). `nothing_funded` counts voters with nothing they
    chose funded, those with empty papers included.
    """

    rule: Rule
    utility: Utility
    ballot: BallotKind
    table: tuple[int, ...]
    unit: int
    scale: int
    pot: int
    spent: int
    papers: int
    purse: str
    winners: tuple[str, ...]
    rounds: tuple[Round, ...]
    losers: tuple[Loser, ...]
    ties: tuple[Tie, ...]
    plain: Plain
    nothing_funded: int

    @property
    def left(self) -> int:
        """Money of the pot not spent."""
        return self.pot - self.spent

    @property
    def purse_floor(self) -> int:
        """Each voter's equal share, rounded down to a minor unit."""
        return int(Fraction(self.purse or 0))

    def beaten_by_lot(self, project: str) -> tuple[str, ...]:
        """The losers that only the lot put behind this winner."""
        return tuple(lost.project for lost in self.losers if lost.lost_to == project)
