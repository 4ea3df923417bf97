"""What pages show of questions put to the room: who answered, and results that may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.deliberation.questions.models import LiveQuestion
from panel_app.panels.models import Member
from panel_app.questions import queries
from panel_app.questions import services as questionnaires
from panel_app.questions.models import AnswerSet, Questionnaire, QuestionnaireVersion, questions_in
from panel_app.questions.queries import Result
from panel_app.questions.question import Question
from panel_app.questions.summaries import Summary
from panel_app.sessions.models import AgendaItem, Guest, Participant, Session

#: What is written is never told with the figures; the room's facilitator reads it.
WRITTEN = ("line", "text")


@dataclass(frozen=True, slots=True)
class Put:
    """Questions as they are put to the room."""

    item: AgendaItem
    by_seat: bool
    on_wall: str | None
    version_id: int
    digest: str
    questions: tuple[Question, ...]


def _put(*where: Any) -> Any:
    return (
        select(
            AgendaItem,
            LiveQuestion.by_seat,
            LiveQuestion.on_wall,
            QuestionnaireVersion.id,
            QuestionnaireVersion.digest,
            QuestionnaireVersion.snapshot,
        )
        .join(LiveQuestion, LiveQuestion.item_id == AgendaItem.id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == LiveQuestion.version_id)
        .join(AgendaItem.session)
        .where(*where)
        .options(contains_eager(AgendaItem.session))
    )


#: One query with all that an answer needs, made once: a hall's come by the hundred in a second.
_CALLED = _put(
    AgendaItem.public_id == bindparam("public_id"), Session.panel_id == bindparam("panel_id")
)
_OF_ITEM = _put(AgendaItem.id == bindparam("item_id"))


def live_question(item: AgendaItem) -> LiveQuestion | None:
    """Return how an item asks, or None where it asks nothing yet."""
    return db.session.scalar(select(LiveQuestion).where(LiveQuestion.item_id == item.id))


def item_of(questionnaire: Questionnaire) -> AgendaItem | None:
    """Return the item that asks a questionnaire."""
    query = select(AgendaItem).join(LiveQuestion, LiveQuestion.item_id == AgendaItem.id)
    return db.session.scalar(query.where(LiveQuestion.questionnaire_id == questionnaire.id))


def put_called(public_id: str, panel_id: int) -> Put | None:
    """Return the questions of a panel's item that was opened, or None."""
    return _read(_CALLED, public_id=public_id, panel_id=panel_id)


def put_in(item: AgendaItem) -> Put:
    """Return the questions of an item that was opened."""
    put = _read(_OF_ITEM, item_id=item.id)
    if put is None:
        raise LookupError("nobody was asked yet")
    return put


def about(item: AgendaItem, *, guests: bool = False) -> str:
    """Return what the answers belong to: those of guests to something else than the panel's."""
    return f"{'guest' if guests else 'item'}:{item.public_id}"


def who(put: Put, person: Participant) -> str:
    """Return under what name somebody's answers are kept; a guest has no seat to keep them with."""
    if put.by_seat and isinstance(person, Member):
        return person.public_id
    return questionnaires.pseudonym(belong_to(put, person), person.public_id)


def belong_to(put: Put, person: Participant) -> str:
    """Return what the answers of somebody belong to."""
    return about(put.item, guests=isinstance(person, Guest))


def given_by(put: Put, person: Participant) -> AnswerSet | None:
    """Return what this person answered."""
    return queries.answers_by(belong_to(put, person), who(put, person))


def people(item: AgendaItem) -> int:
    """Return how many of the panel answered."""
    return queries.people(about(item))


def guests(item: AgendaItem) -> int:
    """Return how many guests answered."""
    return queries.people(about(item, guests=True))


def counts(item: AgendaItem) -> dict[str, Any]:
    """Return the figures that may be told as JSON values."""
    return _counts(item, about(item))


def guest_counts(item: AgendaItem) -> dict[str, Any]:
    """Return the same of the guests' answers alone."""
    counted = _counts(item, about(item, guests=True))
    return {**counted, "people": counted["answers"]}


def _counts(item: AgendaItem, belonging: str) -> dict[str, Any]:
    put, given = put_in(item), queries.everybodys(belonging)
    told = {q.code: s.to_json() for q, s in queries.summaries(put.questions, given)}
    return {"version": put.digest, "answers": len(given), "questions": told}


def results(put: Put) -> list[Result]:
    """Return the results kept when the item closed, question by question."""
    return _results(put, put.item.snapshot)


def guest_results(put: Put) -> list[Result]:
    """Return the same of the guests' answers alone."""
    return _results(put, put.item.guest_snapshot)


def _results(put: Put, snapshot: Mapping[str, Any] | None) -> list[Result]:
    kept = (snapshot or {}).get("questions", {})
    found = [
        queries.result(question, Summary.from_json(kept[question.code]))
        for question in put.questions
        if question.code in kept
    ]
    return queries.on_one_scale(found)


def result_on_wall(put: Put) -> list[Result]:
    """Return the one result that the wall shows; none without questions."""
    found = results(put)
    chosen = [result for result in found if result.question.code == put.on_wall]
    return (chosen or found)[:1]


def written(put: Put) -> list[tuple[Question, list[str]]]:
    """Return what people wrote, in no order of theirs, where five or more did."""
    given = queries.everybodys(about(put.item))
    found = []
    for question in put.questions:
        if question.kind in WRITTEN:
            texts = [str(answers[question.code]) for answers in given if question.code in answers]
            found.append((question, sorted(texts) if disclosure.may_tell(len(texts)) else []))
    return found


def _read(query: Any, **named: Any) -> Put | None:
    row = db.session.execute(query, named).one_or_none()
    if row is None:
        return None
    item, by_seat, on_wall, version_id, digest, snapshot = row
    return Put(item, by_seat, on_wall, version_id, digest, questions_in(snapshot))
