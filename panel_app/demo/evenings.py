"""The demo's two evenings: one held last month, one going on now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from panel_app.balloting.models import Ballot
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.deliberation.questions import services as questions
from panel_app.deliberation.questions.queries import put_in
from panel_app.deliberation.statements import services as deliberation
from panel_app.deliberation.statements.queries import statements_of
from panel_app.demo import texts
from panel_app.grants.models import Round
from panel_app.panels.models import Member, Panel
from panel_app.questions import drafting
from panel_app.sessions import activities
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem, Session

ACTOR = "system"
#: Two leanings among the members, so that the statements divide them: one answer a statement.
LEANINGS = ((1, -1, 1, -1, 1, -1), (-1, 1, 1, 1, 0, -1))


def evenings(
    panel: Panel, members: Sequence[Member], ballot: Ballot, round: Round, random: Random
) -> None:
    """Plan both evenings, hold the first, and stop in the middle of the second."""
    heard = last_month(panel, members, random)
    db.session.commit()
    tonight(panel, members, ballot, round, heard, random)
    db.session.commit()


def last_month(panel: Panel, members: Sequence[Member], random: Random) -> AgendaItem:
    """Hold the first evening: a question, closed and its result shown."""
    start = clock.now() - timedelta(days=28)
    session = plan(panel, texts.LAST_SESSION, start)
    add(session, texts.WELCOME, 20)
    question = drafting.first("one_of", texts.HEARD_OPTIONS, texts.HEARD)
    asked = add(session, texts.HEARD, 15, "question", questions=[question.to_json()])
    sessions.open_session(session=session, actor=ACTOR)
    sessions.open_item(item=asked, actor=ACTOR)
    codes = [option.code for option in question.options]
    for member in members:
        answers = {question.code: random.choices(codes, [8, 5, 4, 3])[0]}
        questions.answer(put=put_in(asked), member=member, answers=answers, counter=1)
    sessions.close_item(item=asked, actor=ACTOR)
    sessions.reveal(item=asked, actor=ACTOR)
    sessions.close_session(session=session, actor=ACTOR)
    return asked


def tonight(
    panel: Panel,
    members: Sequence[Member],
    ballot: Ballot,
    round: Round,
    heard: AgendaItem,
    random: Random,
) -> None:
    """Hold the second evening as far as the statements, which stay open."""
    session = plan(panel, texts.SESSION, clock.now() - timedelta(minutes=35))
    welcome = add(session, texts.WELCOME, 30)
    seeds = activities.written(texts.STATEMENTS)
    statements = add(session, texts.STATEMENTS_TITLE, 60, "statements", seeds=seeds, adding=True)
    add(session, texts.BREAK, 10)
    add(session, texts.BALLOT_TITLE, 20, "ballot", ballot=ballot.public_id)
    add(session, texts.GRANTS_TITLE, 30, "grants", round=round.public_id)
    add(session, texts.CLOSING, 10)
    sessions.open_session(session=session, actor=ACTOR)
    sessions.open_item(item=welcome, actor=ACTOR)
    sessions.close_item(item=welcome, actor=ACTOR)
    sessions.open_item(item=statements, actor=ACTOR)
    _answer(statements, members[3:], random)
    _add(statements, members[4:])


def plan(panel: Panel, title: Translated, start: datetime) -> Session:
    """Plan an evening of two hours in the hall."""
    return sessions.create_session(
        panel=panel,
        title=title,
        place=texts.HALL,
        starts_at=start,
        ends_at=start + timedelta(hours=2, minutes=30),
        actor=ACTOR,
    )


def add(
    session: Session, title: Translated, minutes: int, kind: str | None = None, **settings: object
) -> AgendaItem:
    """Add a part to an evening's agenda."""
    return sessions.add_item(
        session=session, title=title, minutes=minutes, kind=kind, settings=settings, actor=ACTOR
    )


def _answer(item: AgendaItem, members: Sequence[Member], random: Random) -> None:
    """Let members answer by their leaning."""
    for place, statement in enumerate(statements_of(item)):
        for number, member in enumerate(members):
            value = LEANINGS[number % 2][place]
            if random.random() < 0.15:
                value = random.choice((-1, 0, 1))
            deliberation.answer_statement(
                statement=statement,
                member=member,
                value=value,  # type: ignore[arg-type]
                counter=1,
            )


def _add(item: AgendaItem, members: Sequence[Member]) -> None:
    for member, (language, text) in zip(members, texts.NEW_STATEMENTS, strict=False):
        deliberation.add_statement(
            item=item, member=member, text=text, language=language, key=f"demo-{language}"
        )
