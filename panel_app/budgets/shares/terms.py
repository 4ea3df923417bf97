"""What a ballot on service lines puts to the vote, frozen as it opens, and what a paper may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import LazyString

from panel_app.budgets import frozen_terms
from panel_app.budgets.models import BudgetBallot
from panel_app.budgets.rules import Rules
from panel_app.budgets.ways.points import whole
from panel_app.budgets.ways.way import UNKNOWN, UNREADABLE
from panel_app.core.errors import Refused
from panel_app.core.text import _, gettext
from panel_app.core.translated import Translated
from panel_app.web import i18n

KIND = "shares"
RULE = "independent-markets"
#: What a paper shares out, in percent of the pot, and how many a press of a button moves.
WHOLE, STEP = 100, 5
#: The fewest lines between which there is anything to choose.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """A service line as it stands on the ballot."""

    id: str
    name: Translated
    #: What it spent in a year when the ballot opened, in pence.
    yearly: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The pot, in pence, and the lines to share it out over, in the organiser's order."""

    pot: int
    lines: tuple[FrozenLine, ...]
    agreed_by: str


def write(link: BudgetBallot) -> dict[str, Any]:
    """Return the terms as they are now, as JSON. Raises Refused where there are too few lines."""
    if len(link.pot.lines) < FEWEST:
        raise Refused(_("Add at least two service lines to the pot before opening its ballot."))
    lines = [
        {"id": line.public_id, "name": frozen_terms.written(line.name), "yearly": line.yearly}
        for line in link.pot.lines
    ]
    agreed_by = Rules.read(link.rules).agreed_by
    return {"pot": link.pot.amount, "lines": lines, "rule": RULE, "agreed_by": agreed_by}


def read(terms: Mapping[str, Any]) -> Terms:
    """Read what `write` returned."""
    lines = (
        FrozenLine(line["id"], frozen_terms.text(line["name"]), line["yearly"])
        for line in terms.get("lines", ())
    )
    return Terms(terms.get("pot", 0), tuple(lines), terms.get("agreed_by", ""))


def check(frozen: Mapping[str, Any], sent: Any) -> dict[str, int]:
    """Return the percent of each line that got any, by line.

    Raises Refused where they aren't whole, or aren't the whole pot together.
    """
    if not isinstance(sent, dict) or not all(isinstance(line, str) for line in sent):
        raise Refused(UNREADABLE)
    if not sent.keys() <= {line.id for line in read(frozen).lines}:
        raise Refused(UNKNOWN)
    given = {line: whole(typed) for line, typed in sorted(sent.items()) if typed != ""}
    if any(share is None for share in given.values()):
        raise Refused(_("Type whole numbers, such as 3. What you typed is still there."))
    choice = {line: share for line, share in given.items() if share}
    if sum(choice.values()) != WHOLE:
        raise Refused(LazyString(_unfinished, WHOLE - sum(choice.values())))
    return choice


def fraction(share: int) -> Fraction:
    """Return so many percent of the pot."""
    return Fraction(share, WHOLE)


def left(sent: Any) -> int:
    """Return how many percent are still to share out; below nothing for too many."""
    typed = sent.values() if isinstance(sent, dict) else ()
    return WHOLE - sum(whole(share) or 0 for share in typed)


def _unfinished(missing: int) -> str:
    if missing > 0:
        told = gettext(
            "%(left)s percent of the money is still to share out. Give it to some line, then"
            " check again.",
            left=i18n.number(missing),
        )
    else:
        told = gettext(
            "You shared out %(over)s percent more than there is. Take something back, then check"
            " again.",
            over=i18n.number(-missing),
        )
    return str(told)
