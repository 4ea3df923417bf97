"""What came of a ballot on service lines, for pages, the wall, minutes and records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import counts
from panel_app.budgets.models import Count
from panel_app.budgets.shares import paper, services, terms
from panel_app.core.db import db
from panel_app.core.text import gettext, ngettext
from panel_app.core.translated import Translated
from panel_app.counting import LineShare, SharesResult, explain_shares
from panel_app.web import charts, i18n


@dataclass(frozen=True, slots=True)
class LineResult:
    """What one line gets. Money in pence."""

    id: str
    name: Translated
    amount: int
    average: int
    yearly: int | None
    wanted: int
    bar: charts.Bar
    words: str


@dataclass(frozen=True, slots=True)
class SharedOut:
    """A counted ballot on lines; `lines` is empty where fewer than five voted."""

    question: Translated
    closed_at: datetime
    papers: int
    pot: int
    lines: list[LineResult]
    told_rules: list[str]
    #: Whether the papers still have the fingerprint that the count was made from.
    holds: bool

    def spending(self, count: int | None = None) -> charts.Stack:
        """Return the pot as a bar of its lines, or of the first so many."""
        parts = [(i18n.said(line.name), line.amount) for line in self.lines[:count]]
        label = gettext("How the pot is shared out")
        return charts.split(label, parts, whole=self.pot, money=True)


def stored(ballot: Ballot) -> SharesResult | None:
    """Return the kept count; None until the ballot is counted."""
    query = select(Count.result).where(Count.ballot_id == ballot.id, Count.rule == terms.RULE)
    kept = db.session.scalar(query)
    if kept is None:
        return None
    return SharesResult(**{**kept, "lines": tuple(LineShare(**line) for line in kept["lines"])})


def recount_agrees(ballot: Ballot) -> bool:
    """Whether counting the published papers again gives what is stored."""
    return stored(ballot) == services.counted(ballot)


def of(ballot: Ballot) -> SharedOut | None:
    """Return what pages need of a closed ballot; None until it is counted."""
    kept = stored(ballot)
    if kept is None or ballot.closed_at is None:
        return None
    put = terms.read(ballot.terms)
    return SharedOut(
        question=ballot.question,
        closed_at=ballot.closed_at,
        papers=kept.papers,
        pot=kept.pot,
        lines=_lines(put, kept) if counts.published(ballot) else [],
        told_rules=paper.told_rules(put),
        holds=balloting.fingerprint_holds(ballot),
    )


def _lines(put: terms.Terms, kept: SharesResult) -> list[LineResult]:
    names = {line.id: i18n.wording(line.name).text for line in put.lines}
    told = explain_shares(
        kept,
        money=i18n.money_text,
        title=lambda line: names[line],
        gettext=gettext,
        ngettext=ngettext,
    )
    return [
        LineResult(
            id=line.id,
            name=line.name,
            amount=share.amount,
            average=share.average,
            yearly=line.yearly,
            wanted=share.wanted,
            bar=charts.bar(share.amount, kept.pot),
            words=told[line.id],
        )
        for line, share in zip(put.lines, kept.lines, strict=True)
    ]


def record(ballot: Ballot) -> dict[str, Any]:
    """Return the lines with what each gets, for a session's record."""
    result = of(ballot)
    lines = result.lines if result else []
    return {"shared": [{"line": str(line.name), "pence": line.amount} for line in lines]}
