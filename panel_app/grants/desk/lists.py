"""The lists of grants on the desk: a round's applications."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from panel_app.casework.models import Case
from panel_app.core.money import pounds
from panel_app.core.text import _, gettext
from panel_app.grants.desk.pages import Listed, RoundCard, cards, listed
from panel_app.grants.models import Application, Programme, Round
from panel_app.grants.queries import WITH_DECISIONS, sent_to
from panel_app.web.access import may
from panel_app.web.i18n import moment, money, number, theirs
from panel_app.web.listing import Column, Listing, State, contains


def applications(round_: Round) -> Listing[Listed]:
    """Return the list of what was sent to a round."""
    slug = round_.programme.slug
    return Listing(
        name=f"{slug}-{round_.number}-applications",
        label=_("Applications"),
        query=sent_to(round_).join(Case, Case.id == Application.case_id),
        options=WITH_DECISIONS,
        order=[Application.state.desc(), Application.reference],
        prepare=_prepared,
        search=contains(Case.title),
        search_label=_("Search the titles"),
        states=[
            State("open", _("To decide"), Application.state == "submitted"),
            State("decided", _("Decided"), Application.state == "decided"),
        ],
        columns=_application_columns(),
        empty=_("Nothing has been sent to this round yet."),
    )


def _application_columns() -> list[Column[Listed]]:
    return [
        Column(
            key="number",
            label=_("Number"),
            plain=lambda row: row.application.reference,
            cell=lambda row: number(row.application.reference or 0),
            order=Application.reference,
            figure=True,
        ),
        Column(key="title", label=_("Title"), plain=lambda row: row.title, cell=_title),
        Column(
            key="asks",
            label=_("Asks for"),
            plain=lambda row: pounds(row.application.asks or 0),
            cell=lambda row: money(row.application.asks or 0),
            order=Application.asks,
            figure=True,
        ),
        Column(key="state", label=_("State"), plain=lambda row: str(row.state)),
        Column(
            key="awarded",
            label=_("Awarded"),
            plain=lambda row: pounds(_awarded(row)) if _awarded(row) else "",
            cell=lambda row: money(_awarded(row)) if _awarded(row) else "",
            figure=True,
        ),
    ]


def rounds(programme: Programme) -> Listing[RoundCard]:
    """Return a programme's rounds, newest first."""
    return Listing(
        name=f"{programme.slug}-rounds",
        label=_("Rounds"),
        query=select(Round).where(Round.programme_id == programme.id),
        order=[Round.number.desc()],
        prepare=cards,
        columns=[
            Column(
                key="round",
                label=_("Round"),
                plain=lambda row: row.round.number,
                cell=_round,
                order=Round.number,
            ),
            _time("closes", _("Applications until"), lambda row: row.round.closes_at),
            _time("meets", _("The panel meets"), lambda row: row.round.meets_at),
            _amount("pot", _("Pot"), lambda row: row.tally.pot),
            _amount("left", _("Left"), lambda row: row.tally.left),
            _count("waiting", _("To decide"), lambda row: row.tally.waiting),
            _count("decided", _("Decided"), lambda row: row.tally.decided),
        ],
        empty=_("There is no round yet, so nothing can be sent."),
    )


def _time(key: str, label: Any, of: Callable[[RoundCard], datetime]) -> Column[RoundCard]:
    return Column(
        key=key,
        label=label,
        plain=lambda row: of(row).isoformat(),
        cell=lambda row: moment(of(row)),
    )


def _amount(key: str, label: Any, of: Callable[[RoundCard], int]) -> Column[RoundCard]:
    return Column(
        key=key,
        label=label,
        plain=lambda row: pounds(of(row)),
        cell=lambda row: money(of(row)),
        figure=True,
    )


def _count(key: str, label: Any, of: Callable[[RoundCard], int]) -> Column[RoundCard]:
    return Column(key=key, label=label, plain=of, cell=lambda row: number(of(row)), figure=True)


def _round(row: RoundCard) -> Markup:
    link = Markup('<a href="{}">{}</a>').format(
        url_for("grants_desk.show_round", round_id=row.round.public_id),
        gettext("Round %(number)d", number=row.round.number),
    )
    over = Markup(' <span class="tag quiet">{}</span>').format(_("closed"))
    return link + over if row.round.state == "closed" else link


def _prepared(rows: Sequence[Application]) -> Iterable[Listed]:
    return map(listed, rows)


def _title(row: Listed) -> Markup:
    words = theirs(row.title, row.application.language)
    if not may("facilitate"):
        return words
    address = url_for("grants_desk.application", application_id=row.application.public_id)
    return Markup('<a href="{}">{}</a>').format(address, words)


def _awarded(row: Listed) -> int:
    """Return what was awarded in pence, 0 for nothing."""
    return (row.decision.amount or 0) if row.decision else 0
