"""The step of small grants on a panel's path."""

from __future__ import annotations

from sqlalchemy import func, select

from panel_app.core.db import db
from panel_app.core.text import _, gettext, ngettext
from panel_app.grants.models import Application, Programme, Round
from panel_app.grants.queries import rounds_of
from panel_app.panels.desk.path import Due, PathStep, Standing
from panel_app.panels.models import Panel
from panel_app.web import charts


def standing(panel: Panel) -> Standing:
    """Say how many applications wait for the panel, and when it meets."""
    rounds = [each for each in rounds_of(panel) if each.state == "open"]
    if not rounds:
        words = _("Small grants that the panel decides every fortnight. No round is open.")
        return Standing(state="later", words=words)
    waiting = _waiting(panel)
    words = ngettext("%(num)s application to decide", "%(num)s applications to decide", waiting)
    return Standing(
        state="now" if waiting else "later",
        words=words,
        button=_("Applications and rounds"),
        chart=_pot(rounds[-1]),
        dates=[due for each in rounds for due in _dates(each)],
    )


def _waiting(panel: Panel) -> int:
    query = (
        select(func.count())
        .select_from(Application)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.panel_id == panel.id, Application.state == "submitted")
    )
    return db.session.scalar(query) or 0


def _pot(round_: Round) -> charts.Stack:
    return charts.stack(
        gettext("The pot of round %(number)s", number=round_.number),
        [(_("awarded"), round_.awarded, "one"), (_("left"), round_.left, "open")],
        money=True,
    )


def _dates(round_: Round) -> list[Due]:
    number = round_.number
    return [
        Due(round_.closes_at, gettext("Round %(number)s closes", number=number)),
        Due(round_.meets_at, gettext("The panel meets on round %(number)s", number=number)),
    ]


STEP = PathStep(
    title=_("Grants"),
    endpoint="grants_desk.overview",
    permission="observe",
    position=60,
    standing=standing,
    example=_("31 grants from a pot of £48,000 in six rounds, each decided with its reason."),
)
