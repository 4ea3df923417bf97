"""Registering: begun, answered page by page, sent, changed, withdrawn; and typed in by staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from panel_app.core import audit, clock, crypto, ids
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.panels import services as panels
from panel_app.panels.models import Member
from panel_app.questions import services as questionnaires
from panel_app.questions.question import Answer, Answers
from panel_app.recruitment.lotteries import in_use
from panel_app.recruitment.models import Person
from panel_app.recruitment.registration import asked, columns, lost, opening
from panel_app.recruitment.registration.asked import Asked, asked_in
from panel_app.recruitment.registration.models import (
    Registration,
    RegistrationOrigin,
    RegistrationPage,
)
from panel_app.recruitment.services import household

#: Who did what a registrant does, in the log.
SELF = "registrant"
#: How long what was only begun is kept, and whoever withdrew.
KEPT_DAYS = 30
#: What begins the references of those who registered.
REFERENCE = "R-"


@dataclass(frozen=True, slots=True)
class Invited:
    """The letter that somebody registers with: its code's hash, and the home it went to."""

    code_digest: str
    address: str
    postcode: str = ""


def begin(
    *, page: RegistrationPage, language: str, invited: Invited | None = None
) -> tuple[Registration, str]:
    """Begin a registration; return it with the token of its own link.

    Raises Conflict where this way in is closed, or needs the code of a letter.
    """
    closed = opening.closed(page)
    if closed is not None:
        raise Conflict(closed)
    if page.by_code and invited is None:
        raise Conflict(_("Registering here needs the code of a letter."))
    _check_code(invited.code_digest if invited else None)
    token = ids.token()
    registration = _begun(page, language, _known(invited))
    registration.token_digest = ids.digest(token)
    registration.code_digest = invited.code_digest if invited else None
    db.session.add(registration)
    db.session.flush()
    return registration, token


def save_answer(*, registration: Registration, question: str, answers: Answers) -> dict[str, Any]:
    """Keep what was typed on a question's page; return its faults by code.

    Before it is sent all is kept, complete or not; after that only what is sound, and the pool
    changes with it. Raises Conflict once a draw is under way, or it was withdrawn.
    """
    locked(registration.page.panel)
    if locked(registration).state == "withdrawn":
        raise Conflict(_("This registration was taken back."))
    sent = registration.state == "sent"
    if sent and in_use(registration.page.panel) is not None:
        raise Conflict(_("The draw is under way: what you answered can’t be changed any more."))
    form = asked_in(registration)
    page = found(form.pages(registration.answers).get(question))
    after = {**registration.answers, **{one.code: answers.get(one.code, "") for one in page}}
    wrong = form.faults(after)
    here = {one.code: wrong[one.code] for one in page if one.code in wrong}
    if not (sent and here):
        registration.sealed = crypto.seal(after, registration.person_key)
        if sent and not wrong:
            _rewrite(registration, form)
    db.session.flush()
    return here


def send(*, registration: Registration) -> Registration | None:
    """Put whoever registered into the pool, once; sent again it changes nothing.

    What was begun while the page was tried out is thrown away: None. Raises Refused where an
    answer is missing or wrong (`field` names its question), Conflict where this way in has closed,
    or somebody registered with the same code.
    """
    locked(registration.page.panel)
    if locked(registration).state == "sent":
        return registration
    if registration.state == "withdrawn":
        raise Conflict(_("This registration was taken back."))
    closed = opening.closed(registration.page)
    if closed is not None:
        raise Conflict(closed)
    if clock.now() - registration.created_at < opening.WHOLE:
        raise Refused(_("That was very quick. Look at your answers, then press once more."))
    return _send(registration, actor=SELF, consented_at=clock.now())


def enter(
    *,
    page: RegistrationPage,
    origin: RegistrationOrigin,
    answers: Mapping[str, Answer],
    language: str,
    consented_at: datetime,
    actor: str,
) -> Registration | None:
    """Register somebody who rang, or wrote on paper; `actor` heard or read their consent.

    None where the page is tried out. Raises Refused with the question that is wrong, and Conflict
    once a draw is under way; staff may enter what came before the page closed.
    """
    locked(page.panel)
    if in_use(page.panel) is not None:
        raise Conflict(_("The draw is under way, so registration has ended."))
    registration = _begun(page, language, dict(answers))
    registration.origin, registration.entered_by = origin, actor
    db.session.add(registration)
    db.session.flush()
    return _send(registration, actor=actor, consented_at=consented_at)


def withdraw(*, registration: Registration, actor: str = SELF) -> None:
    """Take a registration back: a draft is deleted, a person is in no lottery from now on.

    A seat that they hold is given up. What they answered is erased after `KEPT_DAYS`.
    """
    locked(registration.page.panel)
    state = locked(registration).state
    if state == "draft":
        db.session.delete(registration)
    elif state == "sent":
        registration.state = "withdrawn"
        if registration.person is not None:
            _leave(registration.person, actor)
    db.session.flush()


def put_back(*, registration: Registration, actor: str) -> None:
    """Put somebody back into the pool who withdrew. Raises Conflict once a draw is under way,
    their details are gone, the targets have changed, or their code was used again."""
    locked(registration.page.panel)
    if locked(registration).state != "withdrawn":
        return
    person = registration.person
    if person is None or not registration.person_key or in_use(registration.page.panel):
        raise Conflict(_("They can’t be put back any more."))
    if asked_in(registration).faults(registration.answers):
        raise Conflict(_("Their answers don’t fit the questions any more."))
    _check_code(registration.code_digest)
    registration.state, person.withdrawn_at = "sent", None
    _rewrite(registration, asked_in(registration))
    db.session.flush()
    audit.record("registration.put_back", actor=actor, subject=_subject(registration))


def _begun(page: RegistrationPage, language: str, answers: dict[str, Answer]) -> Registration:
    key = crypto.new_person_key()
    consent = found(asked.consent_of(page.panel))
    version = questionnaires.freeze(asked.make_questionnaire(page.panel).newest)
    return Registration(
        page=page,
        language=language,
        test=page.testing,
        person_key=key,
        sealed=crypto.seal(answers, key),
        version=version,
        consent=consent,
        created_at=clock.now(),
    )


def _known(invited: Invited | None) -> dict[str, Answer]:
    return {"address": invited.address, "postcode": invited.postcode} if invited else {}


def _send(registration: Registration, *, actor: str, consented_at: datetime) -> Registration | None:
    form = asked_in(registration)
    wrong = form.faults(registration.answers)
    for code, fault in wrong.items():
        raise Refused(fault, field=code)
    if registration.test:
        db.session.delete(registration)
        db.session.flush()
        return None
    _check_code(registration.code_digest)
    registration.person = _person(registration, form, actor, consented_at)
    registration.state, registration.sent_at = "sent", clock.now()
    try:
        db.session.flush()
    except IntegrityError:
        # Another connection was faster: the index keeps one registration a code.
        raise _used() from None
    how = {"origin": registration.origin, "page": registration.page.public_id}
    audit.record("registration.sent", actor=actor, subject=_subject(registration), **how)
    return registration


def _person(registration: Registration, form: Asked, actor: str, consented_at: datetime) -> Person:
    person = Person(
        panel_id=registration.page.panel_id,
        reference=REFERENCE + ids.code(8),
        person_key=crypto.new_person_key(),
        origin=registration.origin,
        way_in_id=registration.page_id,
        consent_id=registration.consent_id,
        consented_at=consented_at,
        consent_by="self" if actor == SELF else actor,
    )
    _write(person, registration, form)
    return person


def _write(person: Person, registration: Registration, form: Asked) -> None:
    """Put what was answered into a person's row, as an imported file's people have it."""
    panel, answers = registration.page.panel, registration.answers
    details = form.details(answers, registration.language)
    pool = found(columns.prepare(panel))
    pool.columns = [*pool.columns, *(name for name in details if name not in pool.columns)]
    lost.remember_contact(registration, str(answers.get("contact", "")))
    person.features = form.features_of(answers)
    person.sealed = crypto.seal(details, person.person_key)
    person.household = household(panel, details, pool.address_columns or columns.ADDRESSES)


def _rewrite(registration: Registration, form: Asked) -> None:
    if registration.person is not None and registration.person.person_key:
        _write(registration.person, registration, form)
        audit.record("registration.changed", actor=SELF, subject=_subject(registration))


def _leave(person: Person, actor: str) -> None:
    person.withdrawn_at = clock.now()
    member = db.session.get(Member, person.member_id) if person.member_id else None
    if member is not None:
        panels.give_up_seat(member=member, actor=None if actor == SELF else actor)
    audit.record("person.withdrawn", actor=actor, subject=f"person:{person.public_id}")


def _check_code(code_digest: str | None) -> None:
    mine = Registration.code_digest == code_digest, Registration.state == "sent"
    if code_digest and db.session.scalar(select(Registration.id).where(*mine)) is not None:
        raise _used()


def _used() -> Conflict:
    return Conflict(
        _("Somebody has registered with this code already. Each letter is for one person.")
    )


def _subject(registration: Registration) -> str:
    return f"registration:{registration.public_id}"
