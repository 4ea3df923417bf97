"""Writing questionnaires, freezing what is asked, keeping answers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Literal

from panel_app.core import audit, canonical, clock, crypto, upserts
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.questions import drafting, uses
from panel_app.questions.models import AnswerSet, Questionnaire, QuestionnaireVersion
from panel_app.questions.question import Answer, Question

#: The largest counter that a phone may send; it fits the column on every database.
LARGEST_COUNTER = 2_000_000_000


def create_questionnaire(*, panel: Panel, use: str, questions: Sequence[Question]) -> Questionnaire:
    """Write a questionnaire down. Raises Refused where its questions can't be asked."""
    drafting.check(questions)
    questionnaire = Questionnaire(panel_id=panel.id, use=use)
    questionnaire.versions = [_written(QuestionnaireVersion(number=1), questions)]
    db.session.add(questionnaire)
    db.session.flush()
    return questionnaire


def revise(
    *, questionnaire: Questionnaire, questions: Sequence[Question], actor: str
) -> QuestionnaireVersion:
    """Change the questions: in a new version where somebody was asked those before.

    Raises Refused where they can't be asked, Conflict where they may not change now.
    """
    locked(questionnaire)
    closed = uses.use_of(questionnaire).closed(questionnaire)
    if closed is not None:
        raise Conflict(closed)
    drafting.check(questions)
    version = locked(questionnaire.newest)
    if version.frozen_at is not None:
        version = QuestionnaireVersion(number=version.number + 1)
        questionnaire.versions.append(version)
    _written(version, questions)
    db.session.flush()
    audit.record(
        "questionnaire.revised",
        actor=actor,
        subject=f"questionnaire:{questionnaire.public_id}",
        version=version.number,
        digest=version.digest,
    )
    return version


def change_question(*, questionnaire: Questionnaire, question: Question, actor: str) -> None:
    """Change the question of the same code, or add it at the end."""
    before = {one.code: one for one in questionnaire.newest.questions}.get(question.code)
    if question.code in uses.use_of(questionnaire).fixed and before is not None:
        _check_fixed(before, question)
    questions = drafting.replaced(questionnaire.newest.questions, question)
    revise(questionnaire=questionnaire, questions=questions, actor=actor)


def move_question(
    *, questionnaire: Questionnaire, code: str, towards: Literal["earlier", "later"], actor: str
) -> None:
    """Swap a question with the one before or after it."""
    questions = drafting.moved(questionnaire.newest.questions, code, towards)
    revise(questionnaire=questionnaire, questions=questions, actor=actor)


def remove_question(*, questionnaire: Questionnaire, code: str, actor: str) -> None:
    """Take a question out. Raises Conflict for one that the feature needs."""
    if code in uses.use_of(questionnaire).fixed:
        raise Conflict(_("This question has to stay: its answer is used elsewhere."))
    questions = drafting.removed(questionnaire.newest.questions, code)
    revise(questionnaire=questionnaire, questions=questions, actor=actor)


def freeze(version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Hold a version as it is, since somebody is asked now; return it as it is."""
    if locked(version).frozen_at is None:
        version.frozen_at = clock.now()
        db.session.flush()
    return version


def code_for_another(questionnaire: Questionnaire) -> str:
    """Return a code that no question of any version has."""
    return drafting.next_code(
        question.code for version in questionnaire.versions for question in version.questions
    )


def pseudonym(about: str, who: str) -> str:
    """Return the name under which somebody's answers are kept where no seat is to be seen.

    A keyed digest: the same for the same person and purpose, so that an answer can be changed;
    without the deployment's secret nobody can tell whose it is.
    """
    key = crypto.master_key("answers")
    return hmac.new(key, f"{about} {who}".encode(), hashlib.sha256).hexdigest()


def keep_answers(
    *, version_id: int, about: str, who: str, answers: Mapping[str, Answer], counter: int
) -> None:
    """Keep somebody's answers, or replace older ones, in one statement, so that two can't race.

    Those with a lower counter than the ones kept are older, however late they arrive, and
    change nothing.
    """
    upserts.keep_newest(
        AnswerSet,
        whose={"about": about, "who": who},
        answer={"version_id": version_id, "answers": dict(answers), "counter": counter},
        fresh={},
    )


def rewrite(version: QuestionnaireVersion, questions: Sequence[Question]) -> None:
    """Write other questions in place of a version's, which nobody was asked yet."""
    _written(version, questions)
    db.session.flush()


def _written(version: QuestionnaireVersion, questions: Sequence[Question]) -> QuestionnaireVersion:
    written = [question.to_json() for question in questions]
    version.snapshot, version.digest = canonical.dumps(written), canonical.fingerprint(written)
    return version


def _check_fixed(before: Question, after: Question) -> None:
    """Refuse what would change the meaning of an answer that the feature reads."""
    same = [one.code for one in before.options] == [one.code for one in after.options]
    same = same and before.kind == after.kind and after.only_if is None
    # It may come to be needed, and be kept from more people; never the other way.
    looser = (before.required and not after.required) or (before.hidden and not after.hidden)
    if not same or looser:
        raise Conflict(
            _("Of this question only the words can change: its answer is used elsewhere.")
        )
