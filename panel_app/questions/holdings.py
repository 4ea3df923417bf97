"""What people answered to questions, and how that goes."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import and_, or_, select

from panel_app.core.db import db
from panel_app.core.holdings import Held, Holder, NobodyIn, Place, Who
from panel_app.core.text import _
from panel_app.questions import pairing, photos
from panel_app.questions.models import AnswerSet, Pairing, Photo
from panel_app.questions.services import pseudonym
from panel_app.web.i18n import moment


def tell(who: Who) -> Iterator[Held]:
    """Tell every answer, also those under a pseudonym, which only the deployment's secret finds."""
    for given in _answers(who):
        wordings = {question.code: str(question.wording) for question in given.version.questions}
        rows = [(wordings.get(code, code), _written(it)) for code, it in given.answers.items()]
        yield Held(_("Answers to questions"), rows)
    yield from _paired(who)
    for photo in db.session.scalars(select(Photo).where(Photo.about.in_(who.refs))):
        name = _("A photo") if photo.media == "image/jpeg" else _("A document")
        yield Held(name, [(_("Sent"), moment(photo.created_at))])


def erase(who: Who, actor: str) -> None:
    """Delete the answers and photos; figures that were told stay."""
    for ref in who.refs:
        photos.forget(ref)
    for member in who.ids("member"):
        pairing.forget(member)
    for given in _answers(who):
        db.session.delete(given)
    db.session.flush()


def _answers(who: Who) -> list[AnswerSet]:
    about = db.session.scalars(select(AnswerSet.about).distinct()).all()
    theirs = [
        and_(AnswerSet.about == each, AnswerSet.who.in_((member, pseudonym(each, member))))
        for member in who.ids("member")
        for each in about
    ]
    return list(db.session.scalars(select(AnswerSet).where(or_(*theirs)))) if theirs else []


def _paired(who: Who) -> Iterator[Held]:
    for one in db.session.scalars(select(Pairing).order_by(Pairing.id)):
        for member in who.ids("member"):
            given = [pairing.given_by(one, wave, member) for wave in pairing.WAVES]
            rows = [(code, _written(it)) for kept in given if kept for code, it in kept.items()]
            if rows:
                yield Held(_("Answers to questions"), rows)


def _written(answer: object) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)


HOLDER = Holder(
    name="answers",
    places=[
        Place(
            what="Answers to questions in the room",
            columns=["answer_set"],
            seen_by="nobody singly; figures of five or more after reveal; facilitators read what is"
            " written, without whose it is, from five on",
            goes="deleted; figures that were told stay",
        ),
        Place(
            what="Answers to the same questions before and after, under a name that only a key"
            " tells which dies when the second time closes",
            columns=["paired_answer"],
            seen_by="nobody singly; figures of five or more",
            goes="deleted while the key tells whose they are; then nobody can find them",
        ),
        Place(
            what="Photos and documents in an application's answers, or that staff add to a"
            " session's record, sealed in the data folder; photos without place or camera",
            columns=["photo"],
            seen_by="as the answer or the record that it belongs to",
            goes="the key at once, the sealed file in the night",
        ),
    ],
    tell=tell,
    erase=erase,
)
NOBODY = NobodyIn(
    {
        "pairing": "that answers are taken twice, and until when",
        "questionnaire": "which questions are asked for what",
        "questionnaire_version": "the questions' wording, by staff",
    }
)
