"""The step of meeting on a panel's path."""

from __future__ import annotations

from panel_app.core.text import _, gettext, ngettext
from panel_app.panels.desk.path import Due, PathStep, Standing
from panel_app.panels.models import Panel
from panel_app.sessions import queries
from panel_app.web import i18n


def standing(panel: Panel) -> Standing:
    """Say how many sessions there are, whether one is open, and when the next one is."""
    sessions = queries.sessions_of(panel)
    if any(session.state == "open" for session in sessions):
        return Standing(
            state="now", words=gettext("A session is open now."), button=_("Go to the console")
        )
    if not sessions:
        return Standing(
            state="now" if panel.members or panel.is_open else "later",
            words=gettext("No session is planned yet."),
            button=_("Plan a session"),
        )
    planned = [session for session in sessions if session.state == "planned"]
    return Standing(
        state="now" if planned else "done",
        words=ngettext("%(num)s session.", "%(num)s sessions.", len(sessions)),
        button=_("Sessions"),
        dates=[Due(session.starts_at, i18n.said(session.title)) for session in planned],
    )


STEP = PathStep(
    title=_("Sessions"),
    endpoint="sessions_desk.sessions",
    permission="observe",
    position=40,
    kinds=frozenset({"drawn", "roll", "open"}),
    standing=standing,
    example=_("Four evenings in the community hall; 19 to 22 members came to each."),
)
