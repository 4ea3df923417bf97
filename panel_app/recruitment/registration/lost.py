"""Another link of their own for whoever registered and lost theirs.

It follows from the registration and is kept nowhere; the first goes on working, so that nobody
locks somebody out by asking in their place.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db, one
from panel_app.core.text import _
from panel_app.outbox import lost_links, reach, services
from panel_app.outbox.models import Message
from panel_app.outbox.templates import Template
from panel_app.recruitment.registration import queries
from panel_app.recruitment.registration.models import Registration, RegistrationPage

#: One registration's link is sent again at most this often.
PAUSE = timedelta(minutes=30)


def ask(*, page: RegistrationPage, contact: str) -> None:
    """Have new links sent to a contact, if somebody registered for this panel with it, by
    whichever way in."""
    lost_links.ask(send, place=("registration", page.panel_id), found_by=index(contact))


def send(panel_id: int, contact_index: str) -> None:
    """Put new links in the outbox for the newest who registered and gave this contact; commit."""
    query = (
        select(Registration)
        .join(Registration.page)
        .where(
            RegistrationPage.panel_id == panel_id,
            Registration.contact_index == contact_index,
            Registration.state == "sent",
        )
        .order_by(Registration.id.desc())
        .limit(lost_links.MOST)
    )
    for registration in list(db.session.scalars(query)):
        if not _just_sent(registration):
            _post(registration)
    db.session.commit()


def index(contact: str) -> str | None:
    """Return the keyed hash by which a registration is found from its contact."""
    return lost_links.index(contact, "registrant")


def remember_contact(registration: Registration, contact: str) -> None:
    """Let a registration be found by a contact; what waits for an earlier one is taken back."""
    found_by = index(contact)
    if registration.contact_index != found_by:
        registration.contact_index = found_by
        services.take_back(ref(registration))


def ref(registration: Registration) -> str:
    """Return how messages name the registration that they are about."""
    return f"registration:{registration.public_id}"


def _just_sent(registration: Registration) -> bool:
    mine = Message.subject_ref == ref(registration), Message.created_at > clock.now() - PAUSE
    return db.session.scalar(select(Message.id).where(*mine).limit(1)) is not None


def _again(message: Message) -> Message:
    number = message.subject_ref.removeprefix("registration:")
    mine = Registration.public_id == number, Registration.state == "sent"
    return _post(one(select(Registration).where(*mine)))


LINK = Template(
    purpose="registration.link",
    name=_("A registrant’s own link"),
    subject=_("Your registration for “((panel))”"),
    body=_(
        "Here is your link. See what you answered, change it, or take your name back:\n\n"
        "((link))\n\n"
        "Anyone with this link can see your answers, so keep it to yourself.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): here is the link to your registration. Keep it to yourself: ((link))"
    ),
    places=frozenset({"organisation", "sender", "panel", "link"}),
    needed=frozenset({"link"}),
    secret=True,
    renew=_again,
)


def _post(registration: Registration) -> Message:
    answers, panel = registration.answers, registration.page.panel
    contact = str(answers.get("contact", ""))
    link = queries.address("registration.show", token=queries.own_token(registration))
    name = panel.name.in_language(registration.language).text
    return services.post(
        template=LINK,
        panel_id=panel.id,
        to=contact or str(answers.get("name", "")),
        channel=reach.channel(contact),
        language=registration.language,
        values={"sender": panel.sender, "panel": name, "link": link},
        subject_ref=ref(registration),
    )
