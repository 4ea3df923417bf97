"""What a registration holds about a person, and how that goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select

from panel_app.core.db import db
from panel_app.core.holdings import Found, Held, Holder, NobodyIn, Place, Sought, Who, sealed_ids
from panel_app.core.text import _
from panel_app.outbox import services
from panel_app.recruitment.models import Person
from panel_app.recruitment.registration import lost
from panel_app.recruitment.registration.asked import asked_in, plain
from panel_app.recruitment.registration.models import Registration
from panel_app.web.i18n import moment


def find(sought: Sought) -> Iterator[Found]:
    """Find those who began by anything they typed; whoever sent it is found in the pool."""
    begun = sealed_ids(Registration, sought), Registration.state == "draft"
    for row in db.session.scalars(select(Registration).where(*begun).order_by(Registration.id)):
        answers = row.answers
        if sought.within(answers.values()):
            yield Found(f"registration:{row.public_id}", answers.get("name") or row.public_id)


def called(public_id: str) -> Iterator[str]:
    """Name the registration with this identifier."""
    if db.session.scalar(select(Registration.id).where(Registration.public_id == public_id)):
        yield f"registration:{public_id}"


def linked(who: Who) -> Iterator[str]:
    """Name the person of the pool that a registration made, and the other way round."""
    joined = select(Registration.public_id, Person.public_id).join(Registration.person)
    either = or_(
        Registration.public_id.in_(who.ids("registration")),
        Person.public_id.in_(who.ids("person")),
    )
    for registration, person in db.session.execute(joined.where(either)):
        yield from (f"registration:{registration}", f"person:{person}")


def tell(who: Who) -> Iterator[Held]:
    """Tell what they answered, and when they consented to which text."""
    for row in _of(who):
        sent = [(_("Sent"), moment(row.sent_at))] if row.sent_at else []
        yield Held(
            _("Registration"),
            [
                (_("Begun"), moment(row.created_at)),
                *sent,
                (_("Consent to text number"), row.consent.number),
                *_answers(row),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Delete the registration; that somebody registered stays counted with its way in."""
    for row in _of(who):
        forget(row)
    db.session.flush()


def forget(registration: Registration) -> None:
    """Empty a registration, so that it counts and tells nothing more; its link stops working."""
    registration.state = "withdrawn"
    registration.person_key, registration.sealed = b"", b""
    registration.token_digest = registration.code_digest = registration.contact_index = None
    services.forget(lost.ref(registration))


def _of(who: Who) -> list[Registration]:
    mine = Registration.public_id.in_(who.ids("registration"))
    return list(db.session.scalars(select(Registration).where(mine)))


def _answers(row: Registration) -> Iterator[tuple[Any, Any]]:
    """Return what was asked and answered; nothing once it is erased."""
    if row.person_key:
        kept = row.answers
        for question in asked_in(row).put(kept):
            yield str(question.wording), plain(question, kept)


HOLDER = Holder(
    name="registrations",
    places=[
        Place(
            what="What people answered when they registered, or began to",
            columns=["registration.sealed", "registration.person_key"],
            seen_by="organisers; what was only begun, nobody but they themselves",
            goes="emptied; what was only begun, and people who withdrew, by itself after 30 days",
        ),
        Place(
            what="Hashes of their link, their contact and their invitation’s code",
            columns=[
                "registration.token_digest",
                "registration.contact_index",
                "registration.code_digest",
            ],
            seen_by="nobody",
            goes="emptied",
        ),
        Place(
            what="In which language, by which way in and when they registered",
            columns=[
                "registration.language",
                "registration.page_id",
                "registration.origin",
                "registration.state",
                "registration.sent_at",
                "registration.person_id",
            ],
            seen_by="organisers",
            goes="stays, without anything that names them, so that the counts stay true",
        ),
    ],
    find=find,
    called=called,
    linked=linked,
    tell=tell,
    erase=erase,
    sealed=Registration,
)
NOBODY = NobodyIn(
    {
        "consent_text": "what people are asked to consent to",
        "registration_page": "a way in, and its rules",
        "registration.test": "whether the page was being tried out",
        "registration.version_id": "which questions were put",
        "registration.consent_id": "which text was shown",
        "registration.entered_by": "which member of staff typed it in",
    }
)
