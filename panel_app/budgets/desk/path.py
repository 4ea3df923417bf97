"""The step of deciding on a panel's path: pots and their ballots."""

from __future__ import annotations

from panel_app.balloting import queries as balloting
from panel_app.budgets import queries
from panel_app.budgets.models import Pot
from panel_app.core.text import _, gettext, ngettext
from panel_app.panels.desk.path import Due, PathStep, Standing
from panel_app.panels.models import Panel
from panel_app.web import charts, i18n


def standing(panel: Panel) -> Standing:
    """Say how the panel's budgets stand."""
    ballots, pots = queries.budget_ballots_of(panel), queries.pots_of(panel)
    taking = [ballot for ballot in ballots if balloting.takes_papers(ballot)]
    if taking:
        number = len(taking)
        return Standing(
            state="now",
            words=ngettext("%(num)s ballot is open.", "%(num)s ballots are open.", number),
            button=_("See the ballot"),
            dates=[Due(b.closes_at, i18n.said(b.question)) for b in taking if b.closes_at],
        )
    if any(ballot.state == "closed" for ballot in ballots):
        return Standing(state="done", words=gettext("No ballot is open."))
    if not pots:
        words = _("Money that residents share out in a secret ballot. There is no pot yet.")
        return Standing(state="later", words=words)
    words = ngettext("%(num)s pot, no ballot yet.", "%(num)s pots, no ballot yet.", len(pots))
    return Standing(
        state="now" if panel.members else "later",
        words=words,
        button=_("Prepare the ballot"),
        chart=_by_line(pots[0]),
    )


def _by_line(pot: Pot) -> charts.Stack | None:
    """Return what a pot's lines spend now, where that is known."""
    lines = [(i18n.said(line.name), line.yearly) for line in pot.lines if line.yearly]
    return charts.split(_("Spent in a year now"), lines, money=True) if lines else None


STEP = PathStep(
    title=_("Budgets"),
    endpoint="budgets_desk.index",
    permission="observe",
    position=50,
    standing=standing,
    example=_("£100,000 shared out over 9 of 14 projects; 21 of 22 members voted."),
)
