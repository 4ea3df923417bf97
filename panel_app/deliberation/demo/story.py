"""What the demo's evenings ask: questions and statements, last month and now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.story import ACTOR, Part, Story
from panel_app.core.translated import Translated
from panel_app.deliberation.contributions import services as contributions
from panel_app.deliberation.demo import texts
from panel_app.deliberation.questions import services as questions
from panel_app.deliberation.questions.queries import put_in
from panel_app.deliberation.statements import groups, services
from panel_app.deliberation.statements.queries import statements_of
from panel_app.deliberation.tables import notes, planning, sorting
from panel_app.deliberation.tables import services as table_services
from panel_app.deliberation.tables.queries import plan_of
from panel_app.panels.demo import Members
from panel_app.panels.models import Member, Panel
from panel_app.questions import drafting
from panel_app.sessions import activities, guests
from panel_app.sessions import services as sessions
from panel_app.sessions.demo import PLANNED, WELCOME, Tonight, add, evening, part_of
from panel_app.sessions.models import AgendaItem, Session

#: Two leanings among the members, so that the statements divide them: one answer a statement.
LEANINGS = ((1, -1, 1, -1, 1, -1), (-1, 1, 1, 1, 0, -1))


def last_month(story: Story) -> None:
    """Hold the first evening: questions both ways and a round of statements, closed and shown."""
    session = evening(story.the(Panel), texts.LAST_SESSION, clock.now())
    welcome = add(session, WELCOME, 20)
    heard, rated, talk = _heard(session), _rated(session), _tables(session)
    said = _statements(session, texts.FIRST_STATEMENTS_TITLE, texts.FIRST_STATEMENTS)
    asked = add(session, texts.QUESTIONS_TITLE, 15, "qa", moderated=True)
    sessions.open_session(session=session, actor=ACTOR)
    began = clock.how_long_ago()
    with part_of(session, welcome, 22):
        pass
    for start, item, minutes in ((22, heard, 14), (36, rated, 9), (45, said, 31)):
        with clock.ago(began - timedelta(minutes=start)), part_of(session, item, minutes):
            _take_part(item, story)
    with clock.ago(began - timedelta(minutes=80)), part_of(session, talk, 24):
        _talk(talk)
    with clock.ago(began - timedelta(minutes=104)), part_of(session, asked, 14):
        _ask(asked, story.the(Members))
    with clock.ago(began - timedelta(minutes=118)):
        for item in (heard, rated, said, talk, asked):
            sessions.reveal(item=item, actor=ACTOR)
        sessions.close_session(session=session, actor=ACTOR)
    db.session.commit()
    groups.work_out(said.public_id)
    sorting.propose(talk.public_id)


def plan(story: Story) -> None:
    """Put statements and a break on tonight's agenda."""
    session = story.the(Tonight).session
    _statements(session, texts.STATEMENTS_TITLE, texts.STATEMENTS, adding=True)
    add(session, texts.BREAK, 10)


def begin(story: Story) -> None:
    """Open tonight's statements, let most answer and two add their own."""
    session, members = story.the(Tonight).session, story.the(Members)
    item = next(item for item in session.items if item.kind == "statements")
    sessions.open_item(item=item, actor=ACTOR)
    _answer(item, members[3:], story.random)
    for guest in guests.of(session):
        for statement in statements_of(item)[:4]:
            opinion: services.Opinion = story.random.choice((1, 1, 0, -1))
            services.answer_statement(statement=statement, member=guest, value=opinion, counter=1)
    for member, (language, text) in zip(members[4:], texts.NEW_STATEMENTS, strict=False):
        services.add_statement(
            item=item, member=member, text=text, language=language, key=f"demo-{language}"
        )


def _heard(session: Session) -> AgendaItem:
    question = drafting.first("one_of", texts.HEARD_OPTIONS, texts.HEARD)
    return add(session, texts.HEARD, 15, "question", questions=[question.to_json()])


def _rated(session: Session) -> AgendaItem:
    asked = [drafting.first("scale", texts.ENDS, feeling) for feeling in texts.FEELINGS]
    codes = [{**one.to_json(), "code": f"q{n}"} for n, one in enumerate(asked, start=1)]
    return add(session, texts.FEELING_TITLE, 10, "question", questions=codes)


def _statements(
    session: Session, title: Translated, said: Sequence[Translated], *, adding: bool = False
) -> AgendaItem:
    seeds = activities.written(said)
    return add(session, title, 60, "statements", seeds=seeds, adding=adding, matters=True)


def _tables(session: Session) -> AgendaItem:
    made = add(
        session,
        texts.TABLES_TITLE,
        24,
        "tables",
        size=6,
        rounds=len(texts.PROMPTS),
        features=[],
        prompts=activities.written(texts.PROMPTS),
        places=activities.written(texts.PLACES),
    )
    planning.ask_for_plan(item=made, whom="confirmed", actor=ACTOR)
    db.session.commit()
    planning.work_out(made.public_id)
    return made


def _talk(item: AgendaItem) -> None:
    """Hold the rounds, with what tables wrote in each."""
    for at, written in enumerate(texts.NOTES, start=1):
        table_services.begin_round(item=item, actor=ACTOR)
        for number, language, text in written:
            notes.write_notes(
                plan=plan_of(item),
                number=number,
                text=text,
                language=language,
                key=f"demo-{at}",
                author=None,
            )
        table_services.end_round(item=item, actor=ACTOR)


def _ask(item: AgendaItem, members: Sequence[Member]) -> None:
    """Let members ask, others want to know too, and the first question be answered."""
    for number, (language, text, others) in enumerate(texts.QUESTIONS):
        asked = contributions.contribute(
            item=item,
            person=members[number],
            text=str(text),
            language=language,
            key=f"demo-question-{number}",
        )
        asked.wording = text
        contributions.moderate(contribution=asked, state="accepted", actor=ACTOR)
        for member in members[3 : 3 + others]:
            contributions.support(contribution=asked, person=member, wanted=True, counter=1)
        if number == 0:
            contributions.put_on_wall(contribution=asked, actor=ACTOR)
            contributions.mark(contribution=asked, mark="answered", on=True, actor=ACTOR)


def _take_part(item: AgendaItem, story: Story) -> None:
    """Let every member answer what an item asks."""
    if item.kind == "statements":
        _answer(item, story.the(Members), story.random)
        return
    put = put_in(item)
    for member in story.the(Members):
        answers = {
            question.code: story.random.choices(
                [option.code for option in question.options], [8, 5, 4, 3]
            )[0]
            if question.kind == "one_of"
            else str(story.random.choices(range(1, 6), [5, 6, 3, 5, 1])[0])
            for question in put.questions
        }
        questions.answer(put=put, member=member, answers=answers, counter=1)


def _answer(item: AgendaItem, members: Sequence[Member], random: Random) -> None:
    """Let members answer by their leaning."""
    for place, statement in enumerate(statements_of(item)):
        for number, member in enumerate(members):
            value = LEANINGS[number % 2][place]
            if random.random() < 0.15:
                value = random.choice((-1, 0, 1))
            services.answer_statement(
                statement=statement,
                member=member,
                value=value,  # type: ignore[arg-type]
                counter=1,
                matters=value != 0 and (number + place) % 3 == 0,
            )


PARTS = (
    Part(ago=timedelta(days=28), play=last_month),
    Part(ago=PLANNED, play=plan),
    Part(ago=timedelta(minutes=6), play=begin),
)
