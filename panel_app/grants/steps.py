"""What "my panel" offers a member about grants: a vote that is open, applications to read."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from panel_app.casework import queries as cases
from panel_app.casework.models import Case
from panel_app.casework.rules import excluded
from panel_app.core.text import _, gettext, ngettext
from panel_app.grants.models import Application
from panel_app.grants.queries import waiting_for_panel
from panel_app.panels.models import Member
from panel_app.panels.next_steps import NextStep
from panel_app.web.i18n import day, theirs


def of_member(member: Member) -> Iterator[NextStep]:
    """Offer open votes first, then what is still to be read and scored."""
    waiting = waiting_for_panel(member.panel)
    shown = [application.case for application in waiting if application.case]
    levels, scored = cases.levels(shown, member), cases.scored(shown, member)
    mine = [a for a in waiting if a.case_id and not excluded(levels.get(a.case_id))]
    yield from (_vote(a.case) for a in mine if a.case and a.case.voting)
    to_read = [a for a in mine if a.case_id not in scored]
    if to_read:
        yield _to_read(to_read)


def _vote(case: Case) -> NextStep:
    return NextStep(
        title=theirs(case.title, case.language),
        words=_("The panel is voting on this application now."),
        url=url_for("cases.show", case_id=case.public_id),
        button=_("Read and vote"),
        now=True,
    )


def _to_read(applications: list[Application]) -> NextStep:
    meeting = applications[0].round
    return NextStep(
        title=ngettext(
            "%(num)d grant application to read",
            "%(num)d grant applications to read",
            len(applications),
        ),
        words=gettext("Score them before we meet on %(day)s.", day=day(meeting.meets_at))
        if meeting
        else "",
        url=url_for("grants.to_assess"),
        button=_("Read and score"),
        now=True,
        at=meeting.meets_at if meeting else None,
    )
