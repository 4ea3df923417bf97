"""The kind of paper on which somebody shares the whole pot out over its lines, with buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from panel_app.balloting import papers
from panel_app.balloting.models import Ballot
from panel_app.budgets import paper_kind
from panel_app.budgets.models import BudgetBallot
from panel_app.budgets.shares import services, terms
from panel_app.budgets.ways.points import whole
from panel_app.budgets.ways.way import pressed
from panel_app.core.db import one
from panel_app.core.text import gettext
from panel_app.core.typed import one_line
from panel_app.counting import largest_remainder
from panel_app.web import i18n
from panel_app.web.fragments import fragment

PREFIX = "share."


@dataclass(frozen=True, slots=True)
class LineOnPhone:
    """One line of the ballot page, with what was typed for it, and that in pence."""

    line: terms.FrozenLine
    name: str
    typed: str
    pence: int


def freeze(ballot: Ballot) -> dict[str, Any]:
    """Return the pot's lines as they are now. Raises Refused where there are too few."""
    return terms.write(one(select(BudgetBallot).where(BudgetBallot.ballot_id == ballot.id)))


def read(ballot: Ballot, form: MultiDict[str, str]) -> dict[str, str]:
    """Return what was typed for each line, moved by a button that was pressed.

    More is never given than is left, so that a press keeps the sum.
    """
    typed = {
        name.removeprefix(PREFIX): one_line(text)
        for name, text in form.items()
        if name.startswith(PREFIX)
    }
    act, line = pressed(form)
    if line in typed and act in {"more", "less"}:
        share = whole(typed[line]) or 0
        room = min(terms.STEP, max(0, terms.left(typed)))
        typed[line] = str(share + room if act == "more" else max(0, share - terms.STEP))
    return {line: text for line, text in typed.items() if text}


def form(sheet: papers.Sheet) -> Markup:
    """Return the form of the ballot page."""
    put, choice = terms.read(sheet.ballot.terms), sheet.choice or {}
    lines = [_on_phone(line, choice, put.pot) for line in put.lines]
    left = terms.left(choice)
    over = money_of(put.pot, -left) if left < 0 else 0
    return fragment(
        "budgets/shares/_ballot.html",
        sheet=sheet,
        put=put,
        lines=lines,
        left=left,
        pence=over or money_of(put.pot, left),
        rules=told_rules(put),
    )


def _on_phone(line: terms.FrozenLine, choice: dict[str, Any], pot: int) -> LineOnPhone:
    typed = str(choice.get(line.id, ""))
    share = whole(typed) or 0
    return LineOnPhone(line, i18n.wording(line.name).text, typed, money_of(pot, share))


def money_of(pot: int, share: int) -> int:
    """Return so many percent of the pot in pence, rounded down."""
    return pot * share // terms.WHOLE


def told_rules(put: terms.Terms) -> list[str]:
    """Say how the papers are counted, in sentences; for before, during and after the vote."""
    told = [
        gettext(
            "Each line gets the middle one of all that was wanted for it, after balancing votes"
            " are added to every line alike, as many as make the lines add up to the pot. It is"
            " called Independent Markets."
        ),
        gettext(
            "A plain average is shown beside it. An average can be pulled by asking for far more"
            " or less than one wants; this count gives nothing for that."
        ),
        gettext("Pence that can’t be split go to the lines that come nearest to the next penny."),
    ]
    if put.agreed_by:
        told.append(gettext("These rules were agreed by: %(who)s.", who=put.agreed_by))
    return told


def printed(ballot: Ballot) -> Markup:
    """Return the lines with a box before each, to write into."""
    put = terms.read(ballot.terms)
    return fragment("budgets/shares/_printed.html", put=put, rules=told_rules(put))


def words(ballot: Ballot, choice: dict[str, int]) -> Markup:
    """Return a choice as a list, with what it is in money."""
    put = terms.read(ballot.terms)
    given = [line for line in put.lines if choice.get(line.id)]
    pence = in_pence(put.pot, [choice[line.id] for line in given])
    lines = [
        (line, i18n.number(choice[line.id]), part) for line, part in zip(given, pence, strict=True)
    ]
    return fragment("budgets/shares/_choice.html", lines=lines, pot=put.pot)


def in_pence(pot: int, shares: list[int]) -> list[int]:
    """Return percent that are the whole pot together in pence that add up to it."""
    return largest_remainder([terms.fraction(share) * pot for share in shares], pot)


KIND_OF_PAPER = papers.PaperKind(
    kind=terms.KIND,
    freeze=freeze,
    read=read,
    check=terms.check,
    form=form,
    printed=printed,
    fields=lambda ballot, choice: [(f"{PREFIX}{line}", str(n)) for line, n in choice.items()],
    words=words,
    outcome=lambda ballot, choice: Markup(""),
    result_url=paper_kind.result_url,
    draft_url=paper_kind.draft_url,
    removed=paper_kind.removed,
    count=lambda ballot, actor: services.count_ballot(ballot=ballot, actor=actor),
    changed=paper_kind.changed,
)
