"""Setting up what the room is asked, and keeping what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from sqlalchemy import delete

from panel_app.core import audit
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.deliberation.questions.models import LiveQuestion
from panel_app.deliberation.questions.queries import (
    HIDDEN,
    Put,
    belong_to,
    clouds_of,
    hidden_as,
    live_question,
    put_in,
    who,
)
from panel_app.live import versions
from panel_app.questions import asking, drafting
from panel_app.questions import services as questionnaires
from panel_app.questions.question import Answer, Question
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.services import answered, must_take_answers

USE = "live"


def set_up(item: AgendaItem) -> None:
    """Write down what the item's settings ask, in place of what was there; without any, keep it.

    The settings `questions` (as `Question.to_json` writes them) move into a questionnaire. Of a
    single question the part's title is the wording.
    """
    live = live_question(item)
    written = item.settings.get("questions")
    if live is None:
        live = _made(item, written or [])
    elif written is not None:
        _rewrite(live, tuple(map(Question.from_json, written)))
    live.by_seat = bool(item.settings.get("by_seat"))
    questions = live.questionnaire.newest.questions
    if len(questions) == 1:
        _rewrite(live, (replace(questions[0], wording=item.title),))
    item.settings = {"by_seat": live.by_seat}
    db.session.flush()


def clear(item: AgendaItem) -> None:
    """Delete the questions of an item that nobody was asked."""
    live = live_question(item)
    if live is not None:
        questionnaire = live.questionnaire
        db.session.execute(delete(LiveQuestion).where(LiveQuestion.id == live.id))
        db.session.expunge(live)
        db.session.delete(questionnaire)
        db.session.flush()


def open_questions(item: AgendaItem, *, actor: str) -> None:
    """Fix what the room is asked, when it is first asked."""
    live = found(live_question(item))
    if not live.questionnaire.newest.questions:
        raise Conflict(_("Write a question first."))
    if live.version is None:
        live.version = questionnaires.freeze(live.questionnaire.newest)
        db.session.flush()


def answer(*, put: Put, member: Participant, answers: Mapping[str, Answer], counter: int) -> None:
    """Keep what a member or a guest answers, guests' apart; sent twice it counts once.

    The newest counts. Answers to questions that they aren't asked are dropped. Raises Conflict
    where the round is closed.
    """
    must_take_answers(put.item)
    asked = asking.asked_of(put.questions, answers)
    given = {q.code: answers[q.code] for q in asked if answers.get(q.code)}
    questionnaires.keep_answers(
        version_id=put.version_id,
        about=belong_to(put, member),
        who=who(put, member),
        answers=given,
        counter=counter,
    )
    answered(put.item, member)


def hide_word(*, item: AgendaItem, code: str, word: str, shown: bool, actor: str) -> None:
    """Take a word out of a cloud wherever it is shown, or put it back; guests' words as well.

    Raises NotFound where the question is no cloud, or has no such word.
    """
    found(code if code in clouds_of(put_in(item)) else None)
    panel, guests = (deepcopy(kept) for kept in (locked(item).snapshot, item.guest_snapshot))
    hidden = found(panel).setdefault(HIDDEN, {})
    moved = [
        _move(kept, hidden.setdefault(hidden_as(code, guests=of_guests), []), code, word, shown)
        for kept, of_guests in ((panel, False), (guests, True))
    ]
    found(any(moved) or None)
    item.snapshot, item.guest_snapshot = panel, guests
    db.session.flush()
    action = "question.word_shown" if shown else "question.word_hidden"
    audit.record(action, actor=actor, subject=f"item:{item.public_id}", question=code)
    versions.bump(item.session.topic)


def _move(
    kept: dict[str, Any] | None, hidden: list[Any], code: str, word: str, shown: bool
) -> bool:
    """Move a word between a cloud's kept rows and those hidden; return whether it was there."""
    rows = (kept or {}).get("questions", {}).get(code, {}).get("rows", [])
    source, target = (hidden, rows) if shown else (rows, hidden)
    row = next((row for row in source if row[0] == word), None)
    if row is None:
        return False
    source.remove(row)
    target.append(row)
    rows.sort(key=lambda row: (row[1] != row[2], -row[1], row[0]))
    return True


def _made(item: AgendaItem, written: list[dict[str, object]]) -> LiveQuestion:
    questionnaire = questionnaires.create_questionnaire(
        panel=item.session.panel, use=USE, questions=[Question.from_json(one) for one in written]
    )
    live = LiveQuestion(item_id=item.id, questionnaire=questionnaire)
    db.session.add(live)
    db.session.flush()
    return live


def _rewrite(live: LiveQuestion, questions: tuple[Question, ...]) -> None:
    """Write other questions in place of those that nobody was asked yet."""
    drafting.check(questions)
    questionnaires.rewrite(live.questionnaire.newest, questions)
