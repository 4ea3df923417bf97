"""Rounds of statements, and questions to the room."""

from __future__ import annotations

from panel_app.deliberation.contributions import services as contributions
from panel_app.deliberation.contributions.models import Contribution
from panel_app.deliberation.questions import queries as asking
from panel_app.deliberation.questions import services as question_services
from panel_app.deliberation.statements import services
from panel_app.deliberation.statements.models import Statement
from panel_app.deliberation.statements.queries import statements_of
from panel_app.panels.models import Member
from panel_app.questions.question import Answer, Question
from panel_app.sessions.models import AgendaItem, Participant, Session
from tests.factories.questions import make_question, options
from tests.factories.sessions import make_item

SEEDS = ["Repairs come first.", "Lighting comes first.", "Plant more trees."]


def in_english(lines: list[str]) -> list[dict[str, str]]:
    """Return lines as an item's settings hold them."""
    return [{"en": line} for line in lines]


def make_round(
    session: Session, *, seeds: list[str] | None = None, adding: bool = True, is_open: bool = True
) -> AgendaItem:
    """Return a round of statements."""
    settings = {"seeds": in_english(SEEDS if seeds is None else seeds), "adding": adding}
    return make_item(
        session,
        title="Which comes first?",
        kind="statements",
        settings=settings,
        is_open=is_open,
    )


def make_asking(
    session: Session, *questions: Question, is_open: bool = True, by_seat: bool = False
) -> AgendaItem:
    """Return a part that asks questions; without any, one with three options."""
    asked = questions or (make_question("one_of", options=options("Mondays", "Tuesdays", "Never")),)
    settings = {"questions": [one.to_json() for one in asked], "by_seat": by_seat}
    return make_item(
        session, title="When shall we meet?", kind="question", settings=settings, is_open=is_open
    )


def answer_question(item: AgendaItem, member: Participant, **answers: Answer) -> None:
    """Have a member answer, by the questions' codes."""
    put = asking.put_in(item)
    question_services.answer(put=put, member=member, answers=answers, counter=1)


def make_statement(item: AgendaItem, member: Participant, text: str = "More benches.") -> Statement:
    """Return a member's own statement, not yet moderated."""
    return services.add_statement(
        item=item, member=member, text=text, language="en", key=f"test-{text}"[:40]
    )


def answer_all(item: AgendaItem, member: Member, value: services.Opinion) -> None:
    """Have a member give the same answer to every accepted statement."""
    for statement in statements_of(item):
        if statement.state == "accepted":
            services.answer_statement(statement=statement, member=member, value=value, counter=1)


def make_room(
    session: Session, kind: str = "ideas", *, moderated: bool = False, is_open: bool = True
) -> AgendaItem:
    """Return a part in which people ask (`qa`) or propose (`ideas`)."""
    settings = {"moderated": moderated}
    return make_item(session, title="Your turn", kind=kind, settings=settings, is_open=is_open)


def contribute(item: AgendaItem, person: Participant, text: str = "More trees.") -> Contribution:
    """Have somebody write a question or an idea."""
    key = f"test-{person.seat}-{text}"[:40]
    return contributions.contribute(item=item, person=person, text=text, language="en", key=key)


def want(one: Contribution, *people: Participant) -> None:
    """Have people press that they want it too."""
    for person in people:
        contributions.support(contribution=one, person=person, wanted=True, counter=1)


def make_tables(
    session: Session, *, size: int = 8, rounds: int = 4, is_open: bool = True, **wishes: object
) -> AgendaItem:
    """Return a part with tables over rounds, not yet seated."""
    settings = {"size": size, "rounds": rounds, "features": [], **wishes}
    return make_item(
        session, title="Talk at tables", kind="tables", settings=settings, is_open=is_open
    )
