"""Statements as an activity of a session."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from panel_app.core import jobs
from panel_app.core.text import _
from panel_app.deliberation.statements import groups, queries, services
from panel_app.deliberation.statements.desk.forms import StatementsForm
from panel_app.deliberation.statements.exports import statements_result
from panel_app.deliberation.statements.models import GuestAnswer
from panel_app.panels.models import Member
from panel_app.sessions.activities import Activity, GuestPart, Published
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.queries import expected
from panel_app.web.fragments import fragment

#: Results that the last row of a hall can still read, beside what they say together.
WALL_ROWS = 2


def statements_phone(item: AgendaItem, member: Participant) -> Markup:
    """Put the next statement to a member or a guest; after closing, the results."""
    if item.state == "closed":
        seated = member if item.revealed and isinstance(member, Member) else None
        place = groups.place_of(item, seated) if seated else ()
        return fragment("deliberation/statements/closed.html", **_results(item), place=place)
    return fragment(
        "deliberation/statements/phone.html",
        item=item,
        progress=queries.progress(item, member),
        waiting=queries.waiting_of(item, member),
        adding=item.settings.get("adding", True),
    )


def statements_wall(item: AgendaItem) -> Markup:
    """Show how many answered; once revealed, the results."""
    figures = queries.statement_figures(item)
    results = _results(item, at_most=WALL_ROWS)
    turnout = _turnout(item, figures.people)
    return fragment("deliberation/statements/wall.html", **results, **turnout)


def statements_console(item: AgendaItem) -> Markup:
    """Show figures without content, and what waits for a decision.

    Results only once they were shown to the room: a round may be opened again until then, and
    whoever saw them before and after could tell a single answer.
    """
    figures = queries.statement_figures(item)
    return fragment(
        "deliberation/statements/desk/console.html",
        figures=figures,
        **_results(item, shown=item.state == "closed" and item.shown_at is not None),
        **_turnout(item, figures.people),
    )


def statements_snapshot(item: AgendaItem) -> dict[str, Any]:
    """Return the figures that may be told; what they say in words is worked out afterwards."""
    jobs.queue_after_commit(groups.work_out, item.public_id)
    figures = queries.statement_figures(item)
    return {
        "people": figures.people,
        "answers": figures.answers,
        "statements": queries.statement_counts(item),
    }


def guests_snapshot(item: AgendaItem) -> dict[str, Any]:
    """Return the guests' figures that may be told, apart from the panel's."""
    return {
        "people": queries.guests_who_answered(item),
        "statements": queries.statement_counts(item, GuestAnswer),
    }


def of_guests(item: AgendaItem) -> Markup:
    """Show what guests answered, once the results are shown."""
    results = queries.guest_results(item)
    return fragment("deliberation/statements/minutes.html", results=results, found=None)


def statements_published(item: AgendaItem) -> Published:
    """Return the figures that everybody was shown."""
    result = statements_result(item)
    return Published(result.get("people"), result)


def statements_minutes(item: AgendaItem) -> Markup:
    """Show anyone the results that everybody was shown."""
    return fragment("deliberation/statements/minutes.html", **_results(item))


def _results(
    item: AgendaItem, *, at_most: int | None = None, shown: bool | None = None
) -> dict[str, Any]:
    """Return the results for whoever may see them: unless said otherwise, once revealed."""
    shown = item.revealed if shown is None else shown
    results = queries.statement_results(item) if shown else []
    found = groups.told(item) if shown else None
    return {"item": item, "results": results[:at_most], "found": found}


def _turnout(item: AgendaItem, people: int) -> dict[str, int]:
    return {"people": people, "expected": expected(item.session)}


STATEMENTS = Activity(
    kind="statements",
    name=_("Statements: agree, disagree or pass"),
    settings=StatementsForm,
    phone=statements_phone,
    wall=statements_wall,
    console=statements_console,
    snapshot=statements_snapshot,
    published=statements_published,
    minutes=statements_minutes,
    asks_itself=True,
    added=services.seed_statements,
    removed=services.clear_statements,
    guests=GuestPart(
        phone=statements_phone,
        people=queries.guests_who_answered,
        snapshot=guests_snapshot,
        shown=of_guests,
    ),
)
