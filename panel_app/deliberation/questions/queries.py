"""What pages show of questions put to the room: who answered, and results that may be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.deliberation.questions.models import LiveQuestion
from panel_app.panels.models import Member
from panel_app.questions import queries
from panel_app.questions import services as questionnaires
from panel_app.questions.kinds.words import Words
from panel_app.questions.models import AnswerSet, Questionnaire, QuestionnaireVersion, questions_in
from panel_app.questions.queries import Result, ResultRow
from panel_app.questions.question import Question
from panel_app.questions.summaries import Summary
from panel_app.sessions.guests import counts as counts_with_panel
from panel_app.sessions.models import AgendaItem, Participant, Session

#: What is written is never told with the figures; the room's facilitator reads it.
WRITTEN = ("line", "text")
#: What `AgendaItem.snapshot` holds of words that were hidden, by question.
HIDDEN = "hidden"
#: Letters of the smallest size that the wall's cloud of words holds.
CLOUD = 550
#: Rows of a result that one screen of the wall holds.
ROWS_ON_WALL = 5


@dataclass(frozen=True, slots=True)
class Put:
    """Questions as they are put to the room."""

    item: AgendaItem
    by_seat: bool
    version_id: int
    digest: str
    questions: tuple[Question, ...]


def _put(*where: Any) -> Any:
    return (
        select(
            AgendaItem,
            LiveQuestion.by_seat,
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
    return about(put.item, guests=not counts_with_panel(put.item, person))


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
    """Return the same of the guests' answers alone, without words that fewer than five wrote.

    Anybody may come as a guest, and nobody can hide their words one by one.
    """
    counted = _counts(item, about(item, guests=True))
    told = for_anyone(put_in(item), counted["questions"])
    return {**counted, "questions": told, "people": counted["answers"]}


def _counts(item: AgendaItem, belonging: str) -> dict[str, Any]:
    put, given = put_in(item), queries.everybodys(belonging)
    told = {q.code: s.to_json() for q, s in queries.summaries(put.questions, given)}
    return {"version": put.digest, "answers": len(given), "questions": told}


def results(
    put: Put,
    snapshot: Mapping[str, Any] | None = None,
    *,
    public: bool = False,
    guests: bool = False,
) -> list[Result]:
    """Return the results kept when the item closed, question by question, or those of `snapshot`.

    Words that fewer than five wrote are for the room: what is `public` leaves them out.
    """
    snapshot = put.item.snapshot if snapshot is None else snapshot
    kept = (snapshot or {}).get("questions", {})
    if public:
        kept = for_anyone(put, kept)
    found = [
        replace(
            queries.result(question, Summary.from_json(kept[question.code])),
            hidden=len(hidden_in(put.item, question.code, guests=guests, public=public)),
        )
        for question in put.questions
        if question.code in kept
    ]
    return queries.on_one_scale(found)


def guest_results(put: Put) -> list[Result]:
    """Return the same of the guests' answers alone."""
    return results(put, put.item.guest_snapshot or {}, guests=True)


def for_anyone(put: Put, kept: dict[str, Any]) -> dict[str, Any]:
    """Return kept figures without words that fewer than five people wrote."""
    own = clouds_of(put)
    return {
        code: {**one, "rows": [row for row in one["rows"] if code not in own or row[1] == row[2]]}
        for code, one in kept.items()
    }


def clouds_of(put: Put) -> list[str]:
    """Return the codes of the questions that are answered by single words."""
    return [question.code for question in put.questions if question.kind == Words.name]


def hidden_as(code: str, *, guests: bool = False) -> str:
    """Return under what the hidden words of a question are kept, beside the panel's results.

    Those of guests as well: what is kept of guests is told as it is.
    """
    return f"guests {code}" if guests else code


def hidden_in(
    item: AgendaItem, code: str, *, guests: bool = False, public: bool = False
) -> list[str]:
    """Return the words of a result that were hidden; of what is `public` those of five or more."""
    kept = (item.snapshot or {}).get(HIDDEN, {})
    rows = kept.get(hidden_as(code, guests=guests), [])
    return [row[0] for row in rows if not public or row[1] == row[2]]


def in_clouds(put: Put) -> dict[str, tuple[list[str], list[str]]]:
    """Return the words of each cloud, by question: those that are shown, and those hidden.

    The panel's come first, then those of guests alone.
    """
    shown = [*results(put), *guest_results(put)]
    return {
        code: (
            _each(row.row.key for one in shown if one.question.code == code for row in one.rows),
            _each(w for of in (False, True) for w in hidden_in(put.item, code, guests=of)),
        )
        for code in clouds_of(put)
    }


def _each(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def in_parts(result: Result) -> list[Result]:
    """Return a result in parts that a wall can show: the largest figures first where it is long."""
    if result.columns or result.question.kind == Words.name or len(result.rows) <= ROWS_ON_WALL:
        return [result]
    rows = result.rows
    if result.unit != "places":
        rows = sorted(rows, key=lambda row: -row.bar.share)
    return [replace(result, rows=part) for part in _batches(rows)]


def _batches(rows: list[ResultRow]) -> list[list[ResultRow]]:
    starts = range(0, len(rows), ROWS_ON_WALL)
    return [rows[start : start + ROWS_ON_WALL] for start in starts]


def cloud_of(result: Result) -> list[tuple[Any, int]]:
    """Return the words of a result as a cloud that a wall can hold, by letters, each with its size
    from 1 to 4; the rarest are left out first."""
    most = max((row.row.low for row in result.rows), default=1)
    room: float = CLOUD
    found = []
    for row in result.rows:
        size = 1 if not row.row.exact else 2 + round(2 * row.row.low / most)
        room -= (len(row.row.key) + 2) * (1 + size / 2)
        if room > 0:
            found.append((row.row.key.casefold(), row.label, size))
    return [(label, size) for _key, label, size in sorted(found)]


def places_on_wall(put: Put) -> list[int]:
    """Return at which of the wall's screens each question's result starts."""
    return list(accumulate((len(in_parts(one)) for one in results(put)), initial=0))[:-1]


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
    item, by_seat, version_id, digest, snapshot = row
    return Put(item, by_seat, version_id, digest, questions_in(snapshot))
