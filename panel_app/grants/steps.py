"""What "my panel" offers a member about grants: a vote that is open, applications to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for

from panel_app.casework.models import Case
from panel_app.core.text import _, gettext, ngettext
from panel_app.grants import queries
from panel_app.panels.models import Member
from panel_app.panels.next_steps import NextStep
from panel_app.web.i18n import day, theirs


def of_member(member: Member) -> Iterator[NextStep]:
    """Offer open votes first, then what is still to be read and scored."""
    yield from map(_vote, queries.open_votes(member))
    count, meets_at = queries.left_to_score(member)
    if count:
        yield _to_read(count, meets_at)


def _vote(case: Case) -> NextStep:
    return NextStep(
        title=theirs(case.title, case.language),
        words=_("The panel is voting on this application now."),
        url=url_for("cases.show", case_id=case.public_id),
        button=_("Read and vote"),
        now=True,
    )


def _to_read(count: int, meets_at: datetime | None) -> NextStep:
    return NextStep(
        title=ngettext(
            "%(num)d grant application to read", "%(num)d grant applications to read", count
        ),
        words=gettext("Score them before we meet on %(day)s.", day=day(meets_at))
        if meets_at
        else "",
        url=url_for("grants.to_assess"),
        button=_("Read and score"),
        now=True,
        at=meets_at,
    )
