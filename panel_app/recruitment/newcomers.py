"""What people are given once they are drawn: a seat, or a place on the list of reserves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.recruitment.languages import language_of
from panel_app.recruitment.models import Lottery, Person, Reserve
from panel_app.recruitment.queries import chosen_language
from panel_app.recruitment.registration.carried import carry_help


def take_in(lottery: Lottery, selected: Sequence[str]) -> None:
    """Give the people drawn (Person.public_id) seats, or their places as reserves in this order.

    Seats are given in an order that tells nothing about them.
    """
    query = select(Person).where(
        Person.panel_id == lottery.panel_id, Person.public_id.in_(selected)
    )
    people = {person.public_id: person for person in db.session.scalars(query)}
    if lottery.kind == "reserves":
        order = [people[public_id] for public_id in selected if public_id in people]
        db.session.add_all(
            Reserve(lottery_id=lottery.id, person_id=person.id, position=position)
            for position, person in enumerate(order, 1)
        )
    else:
        shuffled = list(people.values())
        secrets.SystemRandom().shuffle(shuffled)
        for person in shuffled:
            give_seat(person, lottery)
    db.session.flush()


def give_seat(person: Person, lottery: Lottery) -> Member:
    """Give somebody the panel's next seat, with a letter of their own in their language."""
    said, chosen = {**person.details, **person.features}, chosen_language(lottery.panel)
    spoken = language_of(said, lottery.panel.languages, chosen)
    member = seats.new_member(panel=lottery.panel, language=spoken)
    person.member_id, person.lottery_id = member.id, lottery.id
    if person.withdrawn_at is not None:
        # They withdrew after the lottery was committed: the seat goes to a replacement.
        member.state = "declined"
    else:
        carry_help(person, member)
    return member
