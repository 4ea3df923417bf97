"""Statements as an activity of a session."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from random import Random
from typing import Any

from markupsafe import Markup

from panel_app.core import jobs
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.deliberation.statements import groups, queries, services
from panel_app.deliberation.statements.desk.forms import MOST_SEEDS, StatementsForm
from panel_app.deliberation.statements.exports import statements_result
from panel_app.deliberation.statements.models import GuestAnswer, Statement
from panel_app.deliberation.statements.queries import StatementResult
from panel_app.panels.models import Member
from panel_app.questions.made_up import sentences
from panel_app.sessions import guests
from panel_app.sessions.activities import Activity, GuestPart, Portable, Published, Screen, written
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.queries import expected
from panel_app.web import i18n
from panel_app.web.fragments import fragment

#: How likely somebody in a rehearsal adds a statement of their own when it is their turn.
ADDS = 0.05


def statements_phone(item: AgendaItem, member: Participant) -> Markup:
    """Put the next statement to a member or a guest; after closing, the results."""
    if item.state == "closed":
        counted = item.revealed and guests.counts(item, member)
        return fragment(
            "deliberation/statements/closed.html",
            **_results(item),
            place=groups.place_of(item, member) if counted else (),
            own=queries.own_answers(item, member) if counted else {},
            mine=queries.own_statements(item, member),
        )
    return fragment(
        "deliberation/statements/phone.html",
        item=item,
        progress=queries.progress(item, member),
        mine=queries.own_statements(item, member),
        adding=item.settings.get("adding", True),
    )


def made_up(item: AgendaItem, member: Member, random: Random) -> None:
    """Answer a few statements for a made-up member of a rehearsal; now and then add one.

    Seats lean one way or the other, so that there is something to see.
    """
    leaning: services.Opinion = 1 if member.seat % 2 else -1
    for number in range(3):
        asked = queries.progress(item, member).next
        if asked is None:
            break
        even = asked.statement.number % 2 == 0
        value = random.choice((leaning, leaning, leaning if even else 1, 0))
        services.answer_statement(
            statement=asked.statement, member=member, value=value, counter=number + asked.counter
        )
    if item.settings.get("adding", True) and random.random() < ADDS:
        text, key = random.choice(sentences()), f"made-up-{member.seat}"
        services.add_statement(item=item, member=member, text=text, language=i18n.code(), key=key)


def statements_screens(item: AgendaItem, results: bool) -> list[Screen]:
    """Show one statement a screen: as people are asked it, or what they made of it."""
    if results:
        each = [partial(_result_on_wall, item, one) for one in queries.statement_results(item)]
        return [*each, partial(_found_on_wall, item)]
    accepted = [one for one in queries.statements_of(item) if one.state == "accepted"]
    if item.state != "open" or not accepted:
        return [partial(_asked_on_wall, item, None)]
    return [partial(_asked_on_wall, item, one) for one in accepted]


def _asked_on_wall(item: AgendaItem, statement: Statement | None) -> Markup:
    turnout = _turnout(item, queries.statement_figures(item).people)
    return fragment("deliberation/statements/wall.html", item=item, statement=statement, **turnout)


def _found_on_wall(item: AgendaItem) -> Markup:
    return fragment("deliberation/statements/wall_found.html", **_results(item, shown=True))


def _result_on_wall(item: AgendaItem, result: StatementResult) -> Markup:
    return fragment(
        "deliberation/statements/wall_result.html",
        item=item,
        result=result,
        groups=groups.bars_of(item, result.number),
        finding=groups.says(item, result.number),
    )


def statements_console(item: AgendaItem) -> Markup:
    """Show figures without content, and what waits for a decision.

    Results only once they were shown to the room: a round may be opened again until then, and
    whoever saw them before and after could tell a single answer.
    """
    figures = queries.statement_figures(item)
    return fragment(
        "deliberation/statements/desk/console.html",
        figures=figures,
        alike=queries.alike(item, figures.pending),
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


def guests_screens(item: AgendaItem) -> list[Screen]:
    """Show what guests made of one statement a screen."""
    return [partial(_of_guests_on_wall, item, one) for one in queries.guest_results(item)]


def _of_guests_on_wall(item: AgendaItem, result: StatementResult) -> Markup:
    shown = {"item": item, "result": result, "groups": [], "finding": ""}
    return fragment("deliberation/statements/wall_result.html", **shown)


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


def _results(item: AgendaItem, *, shown: bool | None = None) -> dict[str, Any]:
    """Return the results for whoever may see them: unless said otherwise, once revealed."""
    shown = item.revealed if shown is None else shown
    results = queries.statement_results(item) if shown else []
    found = groups.told(item) if shown else None
    return {"item": item, "results": results, "found": found}


def _turnout(item: AgendaItem, people: int) -> dict[str, int]:
    return {"people": people, "expected": expected(item.session)}


def _read(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the statements to begin with. Raises ValueError for one that is too long."""
    seeds = [written([Translated.of(**one)])[0] for one in settings.get("seeds", [])]
    texts = [text for one in seeds for text in one.values()]
    if len(seeds) > MOST_SEEDS or any(len(text) > services.LONGEST_STATEMENT for text in texts):
        raise ValueError("seeds")
    taken = {"seeds": seeds, "adding": bool(settings.get("adding", True))}
    return taken | ({"matters": True} if settings.get("matters") else {})


STATEMENTS = Activity(
    kind="statements",
    name=_("Statements: agree, disagree or pass"),
    settings=StatementsForm,
    phone=statements_phone,
    screens=statements_screens,
    console=statements_console,
    snapshot=statements_snapshot,
    published=statements_published,
    minutes=statements_minutes,
    asks_itself=True,
    portable=Portable(taken=lambda item: dict(item.settings), read=_read),
    made_up=made_up,
    pages=frozenset({"deliberation_desk"}),
    added=services.seed_statements,
    removed=services.clear_statements,
    guests=GuestPart(
        phone=statements_phone,
        people=queries.guests_who_answered,
        snapshot=guests_snapshot,
        shown=of_guests,
        screens=guests_screens,
    ),
)
