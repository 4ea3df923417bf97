"""The lists that anyone may read: the register of grants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from panel_app.balloting.models import Ballot
from panel_app.budgets.queries import closed_on
from panel_app.casework.models import Case
from panel_app.core.money import pounds
from panel_app.core.text import _
from panel_app.grants.exports import GENERIC_TITLE
from panel_app.grants.models import Application, Award, Programme
from panel_app.grants.past_models import PastAward
from panel_app.grants.queries import (
    WITH_REGISTER,
    RegisterRow,
    awards_of,
    register_row,
    taking,
)
from panel_app.panels.models import Panel
from panel_app.publishing.queries import BudgetResult, budget_result
from panel_app.sessions.models import Session
from panel_app.sessions.queries import held
from panel_app.web import i18n
from panel_app.web.listing import Column, Listing, contains


def grants(panel: Panel) -> Listing[RegisterRow]:
    """Return the register of a panel's grants; the titles of single residents are not told."""
    told = Application.applicant_kind != "individual"
    return Listing(
        name=f"{panel.slug}-grants",
        label=_("Grants decided by residents"),
        query=awards_of(panel),
        options=WITH_REGISTER,
        order=[Award.id.desc()],
        prepare=_rows,
        search=lambda words: told & Case.title.icontains(words, autoescape=True),
        search_label=_("Search the titles"),
        columns=[
            Column(key="reference", label=_("Number"), plain=lambda row: row.reference),
            Column(key="title", label=_("Title"), plain=lambda row: row.title),
            Column(
                key="amount",
                label=_("Awarded"),
                plain=lambda row: pounds(row.amount),
                order=Award.amount,
            ),
            Column(key="reason", label=_("Reason"), plain=lambda row: row.reason),
        ],
        empty=_("No grant has been given yet."),
    )


def past_grants(programme: Programme) -> Listing[PastAward]:
    """Return the grants that a programme gave before it was kept here, newest first."""
    return Listing(
        name=f"{programme.slug}-past-grants",
        label=_("Grants given before"),
        query=select(PastAward).where(PastAward.programme_id == programme.id),
        order=[PastAward.awarded_on.desc(), PastAward.id.desc()],
        search=contains(PastAward.title, PastAward.place, PastAward.organisation),
        search_label=_("Search the titles"),
        columns=[
            Column(key="reference", label=_("Number"), plain=lambda row: row.reference),
            Column(
                key="day",
                label=_("Day"),
                plain=lambda row: row.awarded_on.isoformat(),
                cell=lambda row: i18n.day(row.awarded_on),
                order=PastAward.awarded_on,
            ),
            Column(
                key="title",
                label=_("Title"),
                plain=lambda row: row.title or GENERIC_TITLE,
                cell=lambda row: row.title or _("A resident’s idea"),
            ),
            Column(key="place", label=_("Place"), plain=lambda row: row.place or ""),
            Column(
                key="amount",
                label=_("Awarded"),
                plain=lambda row: pounds(row.amount),
                cell=lambda row: i18n.money(row.amount),
                order=PastAward.amount,
            ),
        ],
        empty=_("No grant has been given yet."),
    )


def minutes(panel: Panel) -> Listing[Session]:
    """Return a panel's sessions that are over, newest first."""
    return Listing(
        name=f"{panel.slug}-minutes",
        label=_("Minutes"),
        query=held(panel),
        order=[Session.starts_at.desc(), Session.id.desc()],
        columns=[],
        empty=_("No session has been held yet."),
    )


def ballots(panel: Panel) -> Listing[BudgetResult]:
    """Return what was decided on a panel's pots, newest first."""
    return Listing(
        name=f"{panel.slug}-ballots",
        label=_("What was decided"),
        query=closed_on(panel),
        order=[Ballot.closed_at.desc(), Ballot.id.desc()],
        prepare=lambda rows: [budget_result(ballot) for ballot in rows],
        columns=[],
        empty=_("No ballot has been counted yet."),
    )


def panels() -> Listing[tuple[Panel, list[Programme]]]:
    """Return the panels that anyone may read about, newest first, with their programmes."""
    return Listing(
        name="panels",
        label=_("The panels"),
        query=select(Panel).where(Panel.published),
        order=[Panel.id.desc()],
        prepare=lambda rows: [(panel, taking(panel)) for panel in rows],
        columns=[],
    )


def _rows(awards: Sequence[Award]) -> Iterable[RegisterRow]:
    return map(register_row, awards)
