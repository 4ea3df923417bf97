"""A closed round as Polis exports it: what tools of analysis elsewhere read.

It holds a row for each person, without names, times and authors, and people are numbered anew in
every download. Whoever knows some of a neighbour's answers could still find the row, so it is for
organisers, never open data.
"""

from __future__ import annotations

import io
import secrets
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.deliberation.statements import groups, themes
from panel_app.deliberation.statements.models import Statement, counted_in
from panel_app.deliberation.statements.services import asks_what_matters
from panel_app.sessions.models import AgendaItem

if TYPE_CHECKING:
    from panel_app.opinions import api


def archive(item: AgendaItem) -> bytes:
    """Return the files as a zip. Raises Conflict before the results were shown to the room."""
    from panel_app.opinions import api

    if item.state != "closed" or item.shown_at is None:
        raise Conflict(_("Show the results to the room first."))
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        names = api.write_polis(_conversation(item), Path(folder), themes=themes.assigned(item))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
            for name in names:
                files.write(Path(folder) / name, name)
    return packed.getvalue()


def _conversation(item: AgendaItem) -> api.Conversation:
    """The round without its log: times and order of answers would name people."""
    from panel_app.opinions import api

    votes = groups.votes_of(item)
    counts = Counter(vote.statement for vote in votes)
    told = {number for number, count in counts.items() if disclosure.may_tell(count)}
    number_of = _numbers({vote.participant for vote in votes if vote.statement in told})
    events = [
        replace(vote, participant=number_of[vote.participant])
        for vote in votes
        if vote.statement in told
    ]
    statements = _statements(item, told)
    matrix = api.matrix_of(events, statements)
    return api.Conversation(
        matrix,
        tuple(statements),
        topic=str(item.title),
        important=_important(item, number_of) if asks_what_matters(item) else None,
    )


def _important(item: AgendaItem, number_of: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return what matters to whom, of statements of which five or more said so."""
    answers = counted_in(item)
    query = (
        select(answers.PERSON.public_id, Statement.number)
        .select_from(answers)
        .join(Statement, Statement.id == answers.statement_id)
        .join(answers.PERSON, answers.PERSON.id == answers.person_id)
        .where(Statement.item_id == item.id, Statement.state == "accepted", answers.matters)
    )
    said = [(person, str(number)) for person, number in db.session.execute(query)]
    times = Counter(number for _person, number in said)
    return frozenset(
        (number_of[person], number)
        for person, number in said
        if disclosure.may_tell(times[number]) and person in number_of
    )


def _statements(item: AgendaItem, told: set[str]) -> list[api.Statement]:
    from panel_app.opinions import api

    query = select(Statement).where(Statement.item_id == item.id).order_by(Statement.number)
    return [
        api.Statement(
            id=str(one.number),
            text=str(one.wording),
            is_seed=one.author_id is None and one.guest_id is None,
            created=item.opened_at,
        )
        for one in db.session.scalars(query)
        if str(one.number) in told
    ]


def _numbers(people: set[str]) -> dict[str, str]:
    """Number people in an order that nothing of ours tells."""
    shuffled = sorted(people)
    secrets.SystemRandom().shuffle(shuffled)
    return {person: str(number) for number, person in enumerate(shuffled)}
