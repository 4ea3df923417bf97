"""Letters to the people drawn: whom they are for, in which language, with which code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import force_locale
from sqlalchemy import ColumnElement, func, select

from panel_app.core.db import db, found, one
from panel_app.core.text import gettext
from panel_app.panels import seats
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.panels.next_steps import Meeting, next_meeting
from panel_app.recruitment.models import Person, Pool
from panel_app.recruitment.queries import pool_of, pool_size
from panel_app.web import i18n, qr
from sortition.folding import fold

#: Seats on a page of letters; a larger panel prints several pages.
LETTERS_A_PAGE = 20
#: Letters of a panel whose whole run is printed as one page; a longer one takes seconds to lay out.
LONGEST_RUN = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """One person's letter, written in their language."""

    member: Member
    #: Rendered by our own template, so safe to show as it is.
    html: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person drawn, on the organisers' list."""

    member: Member
    name: str


def recipient(pool: Pool | None, member: Member, person: Person) -> Recipient:
    """Return a person drawn with their name opened, for organisers only."""
    return Recipient(member, name_of(pool, person.details))


def letters(panel: Panel, after: int = 0, *, whole_run: bool = False) -> list[Letter]:
    """Return a page of letters, of the seats after a number, to those who are invited or in.

    A page is a range of seats: whoever declines while others print shifts nobody's letter. The
    `whole_run` is all of them, up to LONGEST_RUN.
    """
    number = LONGEST_RUN if whole_run else LETTERS_A_PAGE
    seats_shown = Member.seat.between(after + 1, after + number)
    told = _Told(pool_of(panel), pool_size(panel), next_meeting(panel))
    return [_letter(told, *row) for row in drawn_people(panel, seats_shown, HOLDS_A_SEAT)]


def letter_of(panel: Panel, member: Member) -> Letter:
    """Return one member's letter. Raises NotFound where the member gave the seat up."""
    row = found(next(iter(drawn_people(panel, Member.id == member.id, HOLDS_A_SEAT)), None))
    return _letter(_Told(pool_of(panel), pool_size(panel), next_meeting(panel)), *row)


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What somebody at the door of a hall needs to let a person of a roll in."""

    name: str
    address: list[str]
    seat: int
    code: str


def door_list(panel: Panel) -> list[AtTheDoor]:
    """Return everybody who holds a seat, with their codes, by name."""
    pool = pool_of(panel)
    rows = drawn_people(panel, HOLDS_A_SEAT)
    return sorted((_at_the_door(pool, *row) for row in rows), key=lambda one: fold(one.name))


def _at_the_door(pool: Pool | None, member: Member, person: Person) -> AtTheDoor:
    details = person.details
    address = _cells(details, pool.on_letters if pool else [])
    return AtTheDoor(name_of(pool, details), address, member.seat, seats.code_of(member))


def seats_of(panel: Panel) -> int:
    """Return the highest seat that a letter was or can be written for, 0 before the draw."""
    highest = select(func.max(Member.seat)).where(Member.panel_id == panel.id)
    return db.session.scalar(highest) or 0


def member_called(panel: Panel, public_id: str) -> Member:
    """Return the panel's member named so. Raises NotFound for any other panel's."""
    mine = select(Member).where(Member.panel_id == panel.id)
    return one(mine.where(Member.public_id == public_id))


def drawn_people(panel: Panel, *which: ColumnElement[bool]) -> Sequence[tuple[Member, Person]]:
    """Return those with a seat who meet all conditions, and who they are, by seat."""
    query = select(Member, Person).join(Person, Person.member_id == Member.id)
    rows = db.session.execute(
        query.where(Member.panel_id == panel.id, *which).order_by(Member.seat)
    )
    return [(row.Member, row.Person) for row in rows]


def named(panel: Panel, words: str, most: int) -> list[tuple[Member, str]]:
    """Return those who hold a seat and whose seat or name was typed, by seat; `most` at most."""
    wanted = " ".join(words.split()).casefold()
    if not wanted:
        return []
    pool = pool_of(panel)
    people = ((m, name_of(pool, p.details)) for m, p in drawn_people(panel, HOLDS_A_SEAT))
    meant = [
        (member, name)
        for member, name in people
        if wanted == str(member.seat) or (not wanted.isdecimal() and wanted in name.casefold())
    ]
    return meant[:most]


@dataclass(frozen=True, slots=True)
class _Told:
    """What every letter of a panel says: asked for once."""

    pool: Pool | None
    pool_size: int
    meeting: Meeting | None


def _letter(told: _Told, member: Member, person: Person) -> Letter:
    details, pool = person.details, told.pool
    language = i18n.called(member.language)
    public_url: str = current_app.config["PUBLIC_URL"]
    with force_locale(language.code):
        label = gettext("QR code of seat %(seat)s", seat=member.seat)
        written = render_template(
            "recruitment/_letter.html",
            member=member,
            language=language,
            name=name_of(pool, details),
            address=_cells(details, pool.on_letters if pool else []),
            picture=qr.svg(f"{public_url}/j/{seats.token_of(member)}", label, mask=qr.QUICK),
            join_address=f"{public_url}{url_for('panels.type_code')}",
            code=seats.code_of(member),
            pool_size=told.pool_size,
            meeting=told.meeting,
            others=_in_other_languages(language),
        )
    return Letter(member, written)


def _in_other_languages(own: i18n.Language) -> list[tuple[i18n.Language, str]]:
    """Return the one line that readers of other languages need, in each of those on offer."""
    lines = []
    for language in i18n.offered():
        with force_locale(language.code):
            lines.append((language, gettext("Scan the code, then choose your language.")))
    return [line for line in lines if line[0] != own]


def name_of(pool: Pool | None, details: Mapping[str, Any]) -> str:
    """Return a person's name as their letter has it; empty where no column names them."""
    return " ".join(_cells(details, pool.name_columns if pool else []))


def names_of(panel: Panel, most: int) -> list[str]:
    """Return the names of people of a panel's pool, `most` at most, who have a seat first."""
    pool = pool_of(panel)
    known = select(Person).where(Person.panel_id == panel.id, Person.person_key != b"")
    known = known.order_by(Person.member_id.is_(None), Person.id).limit(most)
    return [name for one in db.session.scalars(known) if (name := name_of(pool, one.details))]


def _cells(details: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [str(details[column]) for column in columns if details.get(column)]
