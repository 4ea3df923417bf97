"""Setting up a programme, asking for a grant, deciding on it and committing the money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import func, select

from panel_app.casework import decisions, schemes
from panel_app.casework import services as casework
from panel_app.casework.models import Decision, Scheme
from panel_app.core import audit, clock, crypto, errors, ids
from panel_app.core.db import db, found, locked
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.grants import letters, links, nameless, pot, questionnaire, rules, ties
from panel_app.grants.models import Application, Award, Mission, Programme, Round
from panel_app.grants.outcomes import GUIDE
from panel_app.grants.queries import next_round
from panel_app.panels.models import Panel
from panel_app.questions import photos
from panel_app.questions import services as questionnaires
from panel_app.questions.kinds import kind_called
from panel_app.questions.kinds.numbers import pence
from panel_app.questions.question import Answer, Answers, Question
from panel_app.web.i18n import money_text, offered

CASE_KIND = "grant"


def create_programme(
    *,
    panel: Panel,
    slug: str,
    name: Translated,
    summary: Translated,
    largest_grant: int,
    missions: Mapping[str, Translated],
    criteria: list[Translated],
    quorum: int,
    appeal_days: int = 14,
    actor: str,
) -> Programme:
    """Set up a programme that `panel` decides on; `largest_grant` in pence, missions by code.

    Raises Refused for a slug that is taken or not of letters, digits and dashes, for a largest
    grant that is not positive, and where the scheme is faulty.
    """
    _check_slug(slug)
    if largest_grant <= 0:
        raise errors.Refused(_("Type an amount above nothing."), field="largest_grant")
    scheme: Scheme = schemes.create_scheme(
        panel=panel,
        kind=CASE_KIND,
        quorum=quorum,
        criteria=schemes.evenly(criteria, _guide()),
    )
    programme = Programme(
        panel_id=panel.id,
        scheme_id=scheme.id,
        slug=slug,
        name=name,
        summary=summary,
        largest_grant=largest_grant,
        missions=[Mission(code, title) for code, title in missions.items()],
        appeal_days=appeal_days,
    )
    return _set_up(programme, actor)


def _set_up(programme: Programme, actor: str) -> Programme:
    db.session.add(programme)
    db.session.flush()
    questionnaire.make_questionnaire(programme)
    audit.record(
        "programme.created",
        actor=actor,
        subject=f"programme:{programme.public_id}",
        largest=programme.largest_grant,
    )
    return programme


def reword_programme(
    *,
    programme: Programme,
    name: Translated,
    summary: Translated,
    missions: list[Translated],
    criteria: list[Translated],
    appeal_days: int | None = None,
    actor: str,
) -> None:
    """Change what a programme says; what was chosen and scored keeps its meaning.

    Raises Refused for another number of missions or criteria.
    """
    locked(programme)
    scheme = schemes.current(programme.scheme)
    for field, new, old in (
        ("missions_en", missions, programme.missions),
        ("criteria_en", criteria, scheme.criteria),
    ):
        if len(new) != len(old):
            raise errors.Refused(_("Keep as many lines, in the same order."), field=field)
    programme.name, programme.summary = name, summary
    programme.appeal_days = appeal_days or programme.appeal_days
    programme.missions = [
        Mission(old.code, title) for old, title in zip(programme.missions, missions, strict=True)
    ]
    schemes.reword_scheme(scheme=scheme, questions=criteria)
    audit.record("programme.reworded", actor=actor, subject=f"programme:{programme.public_id}")


def set_open(*, programme: Programme, open_now: bool, actor: str) -> None:
    """Take new applications to a programme, or no more; drafts can still be sent."""
    programme.open = open_now
    action = "programme.opened" if open_now else "programme.closed"
    audit.record(action, actor=actor, subject=f"programme:{programme.public_id}")


def start_application(
    *, programme: Programme, language: str, fits: bool = True
) -> tuple[Application, str]:
    """Start a draft and return it with the token of the applicant's own link.

    `fits` is whether the applicant says that it fits the programme's rules; a doubt is shown to
    the panel. Raises Conflict where the programme takes no applications.
    """
    if not programme.open:
        raise errors.Conflict(_("This programme takes no applications at the moment."))
    token = ids.token()
    key = crypto.new_person_key()
    asked = programme.questionnaire or questionnaire.make_questionnaire(programme)
    application = Application(
        programme=programme,
        language=language,
        token_digest=ids.digest(token),
        person_key=key,
        sealed=crypto.seal({"fits": fits}, key),
        version=questionnaires.freeze(asked.newest),
    )
    db.session.add(application)
    db.session.flush()
    return application, token


def save_answer(
    *, application: Application, question: str, answers: Answers, link: str | None = None
) -> dict[str, Any]:
    """Keep what was typed on a question's page, complete or not; return its faults by code.

    A new contact gets `link` in the outbox; what waits there for an earlier one goes. Raises
    Conflict once it was sent, NotFound for a question that has no page.
    """
    if locked(application).state != "draft":
        raise errors.Conflict(_("This was sent already, so it can’t be changed any more."))
    before = application.answers
    page = found(questionnaire.pages_of(application).get(question))
    own = photos.only_own(about=letters.ref(application), questions=page, answers=answers)
    after = {**before, **{one.code: own.get(one.code, "") for one in page}}
    photos.keep_named(about=letters.ref(application), answers=after)
    application.sealed = crypto.seal(after, application.person_key)
    _keep_plain(application)
    wrong = questionnaire.faults(application)
    if "contact" in after and "contact" not in wrong:
        application.contact_index = links.contact_index(str(after["contact"]))
        _send_link(application, before.get("contact"), after["contact"], link)
    else:
        application.contact_index = None
    db.session.flush()
    return {one.code: wrong[one.code] for one in page if one.code in wrong}


def submit_application(*, application: Application, language: str | None = None) -> Application:
    """Send a draft to the panel in the first round that is still open; again changes nothing.

    Gives the public number. Raises Refused where an answer is missing (`field` names the
    question) or the title names the person who asks, Conflict where no round is open.
    """
    locked(application)
    if application.state in {"submitted", "decided"}:
        return application
    if application.state != "draft":
        raise errors.Conflict(_("You took this back, so it can’t be sent."))
    answers = application.answers
    _check_complete(application, answers)
    _keep_plain(application)
    programme = locked(application.programme)
    coming = next_round(programme)
    if coming is None:
        raise errors.Conflict(
            _("No round is open at the moment. Your answers are kept: come back with your link.")
        )
    application.language = language or application.language
    application.reference = _next_reference(programme)
    application.case = casework.open_case(
        scheme=schemes.current(programme.scheme),
        kind=CASE_KIND,
        title=str(answers["title"]),
        language=application.language,
    )
    application.round, application.submitted_at = coming, clock.now()
    application.state = "submitted"
    application.ties = ties.found(application)
    db.session.flush()
    _record_submission(application, coming)
    casework.tell(application.case)
    return application


def look_up_contact(*, application: Application, actor: str) -> list[tuple[Question, Answer]]:
    """Return what the panel doesn't see: who asks, how to reach them; and record who looked."""
    audit.record("contact.seen", actor=actor, subject=f"application:{application.public_id}")
    return [(one, answer) for one, answer in questionnaire.answered(application) if one.hidden]


def withdraw_application(*, application: Application) -> None:
    """Take an application back: a draft is erased with its messages, a sent one is marked.

    Raises Conflict once it is decided.
    """
    locked(application)
    if application.state == "draft":
        letters.forget(application)
        photos.forget(letters.ref(application))
        db.session.delete(application)
        db.session.flush()
        return
    if application.state == "withdrawn":
        return
    case = found(application.case)
    casework.withdraw_case(case=case)
    application.state = "withdrawn"
    audit.record(
        "application.withdrawn", actor="applicant", subject=f"application:{application.public_id}"
    )
    casework.tell(case)


def decide_application(
    *,
    application: Application,
    outcome: str,
    amount: int | None = None,
    reason: str,
    reason_language: str = "en",
    terms: decisions.Terms = decisions.Terms(),  # noqa: B008 - frozen
    actor: str,
) -> Decision:
    """Record the panel's decision and commit its money: decision, award, message and audit entry
    stand or fall together.

    How much follows from the votes; `part` gives what is left where the pot has less. `amount`, in
    pence, is what whoever records it was shown, if anything. Raises Conflict where it is decided or
    withdrawn already, the votes or the pot now say something else; Refused for a faulty reason.
    """
    locked(application)
    if application.state != "submitted" or not application.case or not application.round:
        raise errors.Conflict(_("This is decided already, or it was taken back."))
    for public in (reason, terms.condition):
        nameless.check_reason(application, public)
    decision = decisions.decide(
        case=application.case,
        outcome=outcome,
        most=application.round.left,
        reason=reason,
        reason_language=reason_language,
        terms=terms,
    )
    if decision.amount is not None:
        _award(application, decision, decision.amount)
    _check_shown(decision, amount)
    if not decision.defers:
        application.state = "decided"
    db.session.flush()
    letters.send_decision(application, decision)
    _record_decision(application, decision, actor)
    casework.tell(application.case)
    return decision


def _guide() -> list[Translated]:
    """Return the usual words for each score, in every language on offer."""
    texts = {}
    for language in offered():
        with force_locale(language.code):
            texts[language.code] = [str(words) for words in GUIDE]
    return [
        Translated.of(**{code: words[level] for code, words in texts.items()})
        for level in range(len(GUIDE))
    ]


def _check_slug(slug: str) -> None:
    if not rules.is_slug(slug):
        raise errors.Refused(_("Use lower-case letters, digits and dashes."), field="slug")
    if db.session.scalar(select(Programme.id).where(Programme.slug == slug)):
        raise errors.Refused(_("There is a programme with this address already."), field="slug")


def _check_shown(decision: Decision, shown: int | None) -> None:
    """Refuse to record another amount than whoever records it was shown."""
    if shown is not None and shown != decision.amount:
        raise errors.Conflict(
            _(
                "What the pot has left changed meanwhile: now it is %(amount)s. Nothing was"
                " recorded: look again.",
                amount=money_text(decision.amount or 0),
            ),
            field="outcome",
        )


def _award(application: Application, decision: Decision, amount: int) -> None:
    """Commit the round's money and note whose it is."""
    round_ = found(application.round)
    pot.commit(round_=round_, amount=amount)
    award = Award(round=round_, application=application, decision=decision, amount=amount)
    db.session.add(award)


def _record_decision(application: Application, decision: Decision, actor: str) -> None:
    audit.record(
        "application.decided",
        actor=actor,
        subject=f"application:{application.public_id}",
        reference=application.reference,
        outcome=decision.outcome,
        basis=decision.basis,
        reason=decision.reason_code,
        conditions=len(decision.conditions) + bool(decision.condition),
        amount=decision.amount,
        eligible=decision.eligible,
        voted=decision.voted,
        quorum=decision.quorum,
        votes=decision.votes,
    )


def _next_reference(programme: Programme) -> int:
    """Return the next public number; the caller holds the programme's row."""
    highest = select(func.max(Application.reference)).where(
        Application.programme_id == programme.id
    )
    return (db.session.scalar(highest) or 0) + 1


def _record_submission(application: Application, round_: Round) -> None:
    audit.record(
        "application.submitted",
        actor="applicant",
        subject=f"application:{application.public_id}",
        reference=application.reference,
        round=round_.number,
        asks=application.asks,
    )


def _keep_plain(application: Application) -> None:
    """Keep beside the sealed answers what lists and registers need."""
    wrong, asked = questionnaire.faults(application), questionnaire.answered(application)
    sound = {one.code: str(answer) for one, answer in asked if one.code not in wrong}
    missions = application.programme.missions
    application.applicant_kind = sound.get("kind")
    application.mission = missions[0].code if len(missions) == 1 else sound.get("mission")
    application.asks = pence(sound["amount"]) if "amount" in sound else None


def _send_link(application: Application, before: Any, contact: Any, link: str | None) -> None:
    """Have the applicant's link sent where they can be reached now, and no more where not."""
    if link is None or contact == before:
        return
    letters.take_back(application)
    if contact:
        letters.send_link(application, link)


def _check_complete(application: Application, answers: Mapping[str, Any]) -> None:
    wrong = questionnaire.faults(application)
    for code, page in questionnaire.pages_of(application).items():
        for one in page:
            if one.code in wrong:
                raise errors.Refused(wrong[one.code], field=code)
    nameless.check_title(application, str(answers["title"]))
    for question, answer in questionnaire.answered(application):
        if questionnaire.own_and_public(question) and kind_called(question.kind).own_words:
            nameless.check_public(application, question, str(answer))
