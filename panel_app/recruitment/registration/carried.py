"""What somebody asked for when they registered, carried over to the seat that they are given."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels.models import Member
from panel_app.recruitment import support
from panel_app.recruitment.models import Person
from panel_app.recruitment.registration.models import Registration


def carry_help(person: Person, member: Member) -> None:
    """Let the organisers see with a member's name what would help them come."""
    if person.origin == "file" or not person.person_key:
        return
    mine = Registration.person_id == person.id, Registration.state == "sent"
    registration = db.session.scalar(select(Registration).where(*mine))
    answers = registration.answers if registration else {}
    kinds, words = set(answers.get("help") or ()), str(answers.get("words") or "")
    if not words:
        kinds.discard("other")
    if kinds or words:
        support.ask(member=member, kinds=kinds, words=words)
