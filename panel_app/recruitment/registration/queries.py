"""What pages show of ways in and registrations."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from panel_app.core import crypto, ids
from panel_app.core.db import db, found, one
from panel_app.panels.models import Panel
from panel_app.questions.question import Answers
from panel_app.questions.steps import Step
from panel_app.questions.steps import steps as all_steps
from panel_app.recruitment import near_matches
from panel_app.recruitment.letters import name_of
from panel_app.recruitment.models import IN_POOL, Person
from panel_app.recruitment.queries import pool_of
from panel_app.recruitment.registration import columns, opening
from panel_app.recruitment.registration.asked import Asked, asked_in
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from sortition.households import Record, likely_pairs

#: Registered people who are compared with each other, the newest; and pairs on one page.
MOST_COMPARED, PAIRS_SHOWN = 5_000, 25
#: Parts the name of a registration from its secret, in a link that is sent to whoever lost theirs.
MARK = "."


@dataclass(frozen=True, slots=True)
class WayIn:
    """A way in, with how many came by it."""

    page: RegistrationPage
    #: Why nobody can register by it now; None: it is open.
    closed: Any | None
    sent: int
    begun: int
    withdrawn: int


def way_in(public_id: str) -> RegistrationPage:
    """Return the way in named so. Raises NotFound."""
    return one(select(RegistrationPage).where(RegistrationPage.public_id == public_id))


def way_into(panel: Panel, public_id: str) -> RegistrationPage:
    """Return a panel's way in. Raises NotFound for another panel's."""
    mine = select(RegistrationPage).where(RegistrationPage.panel_id == panel.id)
    return one(mine.where(RegistrationPage.public_id == public_id))


def ways_into(panel: Panel) -> list[WayIn]:
    """Return the ways in to a panel's pool, in the order in which they were made."""
    per_state = (
        select(Registration.page_id, Registration.state, func.count())
        .join(Registration.page)
        .where(RegistrationPage.panel_id == panel.id, Registration.test.is_(False))
        .group_by(Registration.page_id, Registration.state)
    )
    counts = {(page, state): number for page, state, number in db.session.execute(per_state)}
    mine = select(RegistrationPage).where(RegistrationPage.panel_id == panel.id)
    return [
        WayIn(
            page,
            opening.closed(page),
            *(counts.get((page.id, state), 0) for state in ("sent", "draft", "withdrawn")),
        )
        for page in db.session.scalars(mine.order_by(RegistrationPage.id))
    ]


def for_letters(panel: Panel) -> RegistrationPage | None:
    """Return the way in that the codes of letters lead to: one for codes alone, else the first.

    One that is open goes before one that isn't.
    """
    mine = select(RegistrationPage).where(RegistrationPage.panel_id == panel.id)
    ways = db.session.scalars(mine.order_by(RegistrationPage.id)).all()
    ranked = sorted(ways, key=lambda page: (opening.closed(page) is not None, not page.by_code))
    return next(iter(ranked), None)


def registration_with(token: str) -> Registration:
    """Return the registration that a link is of: the first, or the one that is sent to somebody
    who lost it. Raises NotFound."""
    public_id, mark, _rest = token.partition(MARK)
    mine = Registration.token_digest == ids.digest(token)
    if mark:
        mine = (Registration.public_id == public_id) & (Registration.person_key != b"")
    way = joinedload(Registration.page).joinedload(RegistrationPage.panel)
    shown = one(select(Registration).where(mine).options(way, joinedload(Registration.consent)))
    genuine = not mark or hmac.compare_digest(own_token(shown).encode(), token.encode())
    return found(shown if genuine else None)


def own_token(registration: Registration) -> str:
    """Return the secret of a link that follows from a registration and is kept nowhere."""
    public_id = registration.public_id
    written = hmac.digest(crypto.master_key("registration-link"), public_id.encode(), "sha256")
    return f"{public_id}{MARK}{base64.urlsafe_b64encode(written).rstrip(b'=').decode()}"


def registration_of(panel: Panel, public_id: str) -> Registration:
    """Return one of a panel's registrations. Raises NotFound for another panel's."""
    mine = select(Registration).join(Registration.page)
    return one(
        mine.where(RegistrationPage.panel_id == panel.id, Registration.public_id == public_id)
    )


def address(endpoint: str, **parts: str) -> str:
    """Return the whole address of a page, for a link or a QR code; needs no request."""
    path = current_app.url_map.bind("").build(endpoint, parts)
    return str(current_app.config["PUBLIC_URL"]) + path


def steps(registration: Registration) -> list[Step]:
    """Return every page of a registration with its answers and what is missing."""
    form, kept = asked_in(registration), registration.answers
    return all_steps(form.pages(kept), kept, form.faults(kept))


def first_open(form: Asked, answers: Answers) -> str | None:
    """Return the first page without sound answers; None where all are answered."""
    wrong = form.faults(answers)
    pages = form.pages(answers).items()
    return next((code for code, page in pages if any(q.code in wrong for q in page)), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One registration on the organisers' list."""

    registration: Registration
    name: str


def entries(rows: list[Registration]) -> Iterator[Entry]:
    """Return registrations with their names opened, for organisers only."""
    for row in rows:
        yield Entry(row, str(row.answers.get("name", "")) if row.person_key else "")


@dataclass(frozen=True, slots=True)
class Lookalike:
    """One of two people who look like one."""

    person: Person
    name: str
    #: What is known of them, by the pool's columns.
    cells: dict[str, str]
    #: None for somebody of a file.
    registration_id: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of the pool who look like one person, and why."""

    first: Lookalike
    second: Lookalike
    #: A `sortition.households.PersonReason`.
    reason: str

    @property
    def labels(self) -> list[str]:
        """Return what is known of either."""
        return list(dict.fromkeys([*self.first.cells, *self.second.cells]))


def duplicates(panel: Panel) -> list[Pair]:
    """Return pairs that may be one person, one of them registered, and nobody has decided on."""
    people = _compared(panel)
    shown = {str(person.id): person for person in people}
    decided = near_matches.decided_people(panel)
    pool = pool_of(panel)
    named = (pool.name_columns if pool else [], (pool and pool.address_columns) or [])
    found = []
    for pair in likely_pairs([_record(person, *named) for person in people]).people:
        one, other = sorted((shown[pair.one], shown[pair.other]), key=lambda person: person.id)
        if (one.id, other.id) in decided or {one.origin, other.origin} == {"file"}:
            continue
        found.append(Pair(_lookalike(one, pool), _lookalike(other, pool), pair.reason))
        if len(found) == PAIRS_SHOWN:
            break
    return found


def _compared(panel: Panel) -> list[Person]:
    """Return who registered, and people of a file in their homes."""
    mine = Person.panel_id == panel.id, IN_POOL, Person.person_key != b""
    registered = select(Person.id).where(*mine, Person.origin != "file")
    newest = registered.order_by(Person.id.desc()).limit(MOST_COMPARED)
    homes = select(Person.household).where(
        *mine, Person.origin != "file", Person.household.is_not(None)
    )
    query = select(Person).where(*mine, or_(Person.id.in_(newest), Person.household.in_(homes)))
    return list(db.session.scalars(query.order_by(Person.id).limit(2 * MOST_COMPARED)))


def _record(person: Person, names: list[str], addresses: list[str]) -> Record:
    details = person.details
    return Record(
        str(person.id),
        tuple(str(details[column]) for column in addresses if details.get(column)),
        " ".join(str(details[column]) for column in names if details.get(column)),
        tuple(str(cell) for cell in (details.get(columns.CONTACT),) if cell),
    )


def _lookalike(person: Person, pool: Any) -> Lookalike:
    details = person.details
    cells = {**person.features, **{key: str(cell) for key, cell in details.items() if cell}}
    mine = Registration.person_id == person.id, Registration.state == "sent"
    registered = db.session.scalar(select(Registration.public_id).where(*mine))
    return Lookalike(person, name_of(pool, details), cells, registered)
