"""A roll: everybody on a list has a seat, one each, however often the list is loaded."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import func, insert, select, update

from panel_app.core import audit, crypto
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.finality import Act
from panel_app.core.text import _
from panel_app.panels import devices, seats
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.panels.services import must_have_seats
from panel_app.recruitment import pool_files
from panel_app.recruitment.languages import language_of
from panel_app.recruitment.models import Person, Pool
from panel_app.recruitment.services import add_pool, person_row
from sortition.faults import Fault
from sortition.folding import fold
from sortition.not_this_one import Choices
from sortition.pool import Person as ReadPerson
from sortition.pool import Pool as ReadPool
from sortition.targets import Targets

#: A list asks for no features.
NO_TARGETS = Targets(())
TAKEN_OFF, PUT_BACK = "roll.taken_off", "roll.put_back"
#: Rows that one statement writes.
BITE = 500
#: A name and an address without marks.
Key: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Loaded:
    """What loading a list did."""

    added: int = 0
    #: People of the file who were on the roll before.
    known: int = 0
    #: People on the roll whom the file doesn't have; they stay.
    absent: int = 0
    #: Rows left out because somebody of the same name and address is on the roll, by id.
    alike: list[str] = field(default_factory=list)
    notices: Sequence[Fault] = ()


def load_roll(
    *,
    panel: Panel,
    source: bytes | str,
    leave_out: Choices | None = None,
    apart: bool = False,
    actor: str,
) -> Loaded:
    """Give everybody on a CSV list a seat, unless they have one; return what was done.

    Who is known is found by id, or by name and address where the file has no ids; their details
    are taken anew. Somebody with another id but the name and address of another (case, spaces,
    accents and marks aside) gets no seat unless `apart` says that these are different people.
    Nobody is taken off. Raises FaultyFile with every fault, or Conflict where people are drawn.
    """
    read = pool_files.read_people_file(source, NO_TARGETS, leave_out or {})
    _hold(panel)
    reading = _Reading(panel, _pool(panel, read), read)
    done = reading.sort(apart)
    _seat(panel, reading.new)
    if reading.changed:
        db.session.execute(update(Person), reading.changed)
    _count(panel)
    audit.record(
        "roll.loaded",
        actor=actor,
        subject=f"panel:{panel.public_id}",
        added=done.added,
        known=done.known,
        alike=len(done.alike),
    )
    return done


def take_off(*, member: Member, actor: str) -> None:
    """Take somebody off the roll: their letter and their phone stop working.

    Raises Conflict where people are drawn.
    """
    _hold(member.panel)
    if locked(member).state == "left":
        return
    _leave(member)
    audit.record(TAKEN_OFF, actor=actor, subject=f"member:{member.public_id}")


def put_back(*, member: Member, actor: str) -> None:
    """Put somebody back on the roll who was taken off, or who said no; their letter works again.

    Raises Conflict where they were erased meanwhile, or people are drawn.
    """
    _hold(member.panel)
    if locked(member).state in {"invited", "confirmed"}:
        return
    known = select(Person.id).where(Person.member_id == member.id, Person.person_key != b"")
    if db.session.scalar(known) is None:
        raise Conflict(_("Nothing is known of this person any more."))
    _return(member)
    audit.record(PUT_BACK, actor=actor, subject=f"member:{member.public_id}")


def keep(act: Act) -> str | None:
    """Take off, or put back, whoever an older copy of the database has otherwise."""
    member = db.session.scalar(select(Member).where(Member.public_id == act.public_id))
    if member is None:
        return f"Member {act.public_id} of a roll ({act.action} {act.at}) is not in this copy."
    off = member.state not in {"invited", "confirmed"}
    if act.action == TAKEN_OFF and not off:
        _leave(member)
    elif act.action == PUT_BACK and off:
        _return(member)
    return None


def _hold(panel: Panel) -> None:
    """Hold the panel against other writers. Raises Conflict where it has no roll."""
    must_have_seats(locked(panel))
    if panel.kind != "roll":
        raise Conflict(_("This panel is drawn by lottery: it has no list of everybody."))


def _leave(member: Member) -> None:
    member.state = "left"
    devices.give_up(member)
    _count(member.panel)


def _return(member: Member) -> None:
    member.state, member.confirmed_at = "invited", None
    _count(member.panel)


class _Reading:
    """Who of a file is new, known, or alike to somebody."""

    def __init__(self, panel: Panel, pool: Pool, read: ReadPool) -> None:
        self.panel, self.pool, self.read = panel, pool, read
        self.new: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []
        kept = db.session.scalars(select(Person).where(Person.panel_id == panel.id)).all()
        self.by_id = {fold(person.reference): person for person in kept}
        self.by_key: dict[Key | None, Person] = {
            key: person
            for person in kept
            if person.person_key and (key := self._key(person.details)) is not None
        }
        self._numbers = (str(n) for n in range(len(kept) + 1, 10**9))

    def sort(self, apart: bool) -> Loaded:
        """Go through the file; return what becomes of its rows."""
        done = Loaded(notices=self.read.notices)
        seen: set[int] = set()
        keys: set[Key | None] = set(self.by_key)
        for one in self.read.people:
            key = self._key(one.kept)
            person = self.by_id.get(fold(one.id)) if self.read.id_column else self.by_key.get(key)
            if person is not None and person.id not in seen:
                seen.add(person.id)
                self._take_details(person, one)
            elif person is not None or (key in keys and not (apart and self.read.id_column)):
                done.alike.append(one.id)
            else:
                self._add(one)
            if key is not None:
                keys.add(key)
        done.added, done.known = len(self.new), len(seen)
        done.absent = sum(person.id not in seen for person in self.by_id.values())
        return done

    def _add(self, one: ReadPerson) -> None:
        row = person_row(self.panel, self.read, one)
        if self.read.id_column is None:
            row["reference"] = next(n for n in self._numbers if n not in self.by_id)
        self.new.append(row)

    def _take_details(self, person: Person, one: ReadPerson) -> None:
        details = person.details
        if person.person_key and {**details, **one.kept} != details:
            sealed = crypto.seal({**details, **one.kept}, person.person_key)
            self.changed.append({"id": person.id, "sealed": sealed})

    def _key(self, details: Mapping[str, Any]) -> Key | None:
        """Return what tells two people apart: their name and address without marks."""
        named = [*self.pool.name_columns, *(self.pool.address_columns or ())]
        columns = named or self.pool.columns
        key = tuple(_bare(str(details.get(column, ""))) for column in columns)
        return key if any(key) else None


def _pool(panel: Panel, read: ReadPool) -> Pool:
    """Return the panel's pool with the file's columns added to those of earlier files."""
    pool = db.session.scalar(select(Pool).where(Pool.panel_id == panel.id))
    if pool is None:
        pool = add_pool(panel, read)
    columns = list(read.people[0].kept)
    if read.id_column is None and not set(columns) & set(pool.name_columns or columns):
        raise Refused(
            _(
                "The list before named people in the column %(columns)s. Call it the same in this"
                " one, so that nobody gets two seats.",
                columns=", ".join(pool.name_columns),
            ),
            field="text",
        )
    pool.columns = [*pool.columns, *(c for c in columns if c not in pool.columns)]
    pool.name_columns = pool.name_columns or pool_files.guess_names(columns)
    pool.address_columns = pool.address_columns or pool_files.guess_addresses(columns)
    return pool


def _seat(panel: Panel, rows: list[dict[str, Any]]) -> None:
    """Give new people seats, in an order that tells nothing about them."""
    secrets.SystemRandom().shuffle(rows)
    for bite in _bites(rows):
        spoken = [language_of(_opened(row), panel.languages) for row in bite]
        members = seats.new_members(panel=panel, languages=spoken)
        for row, member in zip(bite, members, strict=True):
            row["member_id"] = member.id
        db.session.execute(insert(Person), bite)


def _opened(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(crypto.unseal(row["sealed"], row["person_key"]))


def _bites(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (rows[at : at + BITE] for at in range(0, len(rows), BITE))


def _count(panel: Panel) -> None:
    """Make the panel as large as its roll."""
    db.session.flush()
    holding = select(func.count()).where(Member.panel_id == panel.id, HOLDS_A_SEAT)
    panel.size = db.session.scalar(holding) or 0
    db.session.flush()


def _bare(text: str) -> str:
    """Return a text without case, accents, spaces and marks."""
    letters = unicodedata.normalize("NFKD", fold(text))
    return "".join(
        letter
        for letter in letters
        if not unicodedata.combining(letter) and unicodedata.category(letter)[0] not in "ZPC"
    )
