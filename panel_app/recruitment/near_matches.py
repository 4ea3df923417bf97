"""People of the pool who may share a home, or be one person: looked for by a job, decided by hand.

What an organiser confirms as one home is one in every lottery; nothing is merged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ForeignKey, Row, String, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from panel_app.core import audit, crypto
from panel_app.core.db import Base, Dated, Public, db, locked, one, one_of, reading
from panel_app.panels.models import Panel
from panel_app.recruitment.contacts import CONTACT, EMAIL, PHONE
from panel_app.recruitment.models import IN_POOL, Person, Pool
from sortition.households import Pair, Record, likely_pairs

MatchKind = Literal["home", "person"]
#: Nobody has looked; they are one home (or one person: either way one seat at most); they are two.
Verdict = Literal["open", "one", "two"]
#: Pairs that are kept for somebody to look at, the likeliest first, and rows a statement writes.
MOST_PAIRS, BITE = 5_000, 1_000
_ORDER = ("contact", "spelling", "name", "part", "initial", "surname")


class NearMatch(Public, Dated, Base):
    """Two people of a pool, why they may be one home or one person, and what was decided."""

    __tablename__ = "near_match"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", "kind"),
        one_of("kind", MatchKind),
        one_of("verdict", Verdict),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    #: A reason of `sortition.households`.
    reason: Mapped[str] = mapped_column(String(10))
    verdict: Mapped[str] = mapped_column(String(4), default="open")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two people, opened for an organiser."""

    reference: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Match:
    """A pair to look at."""

    row: NearMatch
    first: Side
    second: Side


def find_matches(panel_id: int) -> None:
    """Look through a pool for people who may be one home or one person; for the job process.

    What was decided stays; what nobody has looked at is found anew.
    """
    with reading():
        records = _records(panel_id)
        db.session.rollback()
    found = likely_pairs(records)
    rows = [*_rows(panel_id, "person", found.people), *_rows(panel_id, "home", found.homes)]
    panel = locked(db.session.get_one(Panel, panel_id))
    known = _decided(panel_id)
    rows = [r for r in rows if (r["first_id"], r["second_id"], r["kind"]) not in known]
    rows.sort(key=lambda row: _ORDER.index(row["reason"]))
    still = set(db.session.scalars(select(Person.id).where(Person.panel_id == panel_id)))
    kept = [r for r in rows if {r["first_id"], r["second_id"]} <= still][:MOST_PAIRS]
    opened = NearMatch.panel_id == panel_id, NearMatch.verdict == "open"
    db.session.execute(delete(NearMatch).where(*opened))
    for at in range(0, len(kept), BITE):
        db.session.execute(insert(NearMatch), kept[at : at + BITE])
    subject = f"panel:{panel.public_id}"
    audit.record("matches.found", actor="system", subject=subject, pairs=len(kept))
    db.session.commit()


def decide(*, match: NearMatch, verdict: Verdict, actor: str) -> None:
    """Say whether two are one. Raises Conflict once a lottery was computed from the pool."""
    from panel_app.recruitment.services import hold_inputs

    hold_inputs(db.session.get_one(Panel, match.panel_id))
    if locked(match).verdict == verdict:
        return
    match.verdict = verdict
    db.session.flush()
    subject = f"match:{match.public_id}"
    audit.record("match.decided", actor=actor, subject=subject, kind=match.kind, verdict=verdict)


def tell_apart(*, first: Person, second: Person, actor: str) -> bool:
    """Say that two who look like one person are two; the caller holds the panel.

    Returns False where that was said before. Raises Conflict where they were said to be one, and
    a lottery was computed from the pool since.
    """
    low, high = sorted((first.id, second.id))
    pair = NearMatch.first_id == low, NearMatch.second_id == high, NearMatch.kind == "person"
    match = db.session.scalar(select(NearMatch).where(*pair))
    if match is not None and match.verdict == "two":
        return False
    if match is not None and match.verdict == "one":
        decide(match=match, verdict="two", actor=actor)
        return True
    if match is None:
        match = NearMatch(panel_id=first.panel_id, first_id=low, second_id=high, kind="person")
        match.reason = "name"
        db.session.add(match)
    match.verdict = "two"
    db.session.flush()
    return True


def forget(person: Person) -> None:
    """Forget with whom somebody may share a home."""
    either = (NearMatch.first_id == person.id) | (NearMatch.second_id == person.id)
    db.session.execute(delete(NearMatch).where(either))


def match_called(panel: Panel, public_id: str) -> NearMatch:
    """Return the panel's pair named so. Raises NotFound for any other panel's."""
    mine = select(NearMatch).where(NearMatch.panel_id == panel.id)
    return one(mine.where(NearMatch.public_id == public_id))


def homes_of(panel: Panel) -> dict[int, str]:
    """Return the home of each person whom a confirmed pair joins to others, by Person.id."""
    pairs = _confirmed(panel)
    if not pairs:
        return {}
    ids = {person for pair in pairs for person in pair}
    in_home = select(Person.household).where(Person.id.in_(ids), Person.household.is_not(None))
    mine = Person.panel_id == panel.id
    query = select(Person.id, Person.household).where(
        mine, Person.id.in_(ids) | Person.household.in_(in_home)
    )
    home = {row.id: row.household or f"person {row.id}" for row in db.session.execute(query)}
    first = {each: each for each in home.values()}

    def root(each: str) -> str:
        while first[each] != each:
            each = first[each]
        return each

    for a, b in pairs:
        low, high = sorted((root(home[a]), root(home[b])))
        first[high] = low
    return {person: root(each) for person, each in home.items()}


def beside(panel: Panel, sitting: Iterable[int]) -> set[int]:
    """Return who is of one home with somebody of `sitting`, by a confirmed pair."""
    homes = homes_of(panel)
    taken = {homes[person] for person in sitting if person in homes}
    return {person for person, home in homes.items() if home in taken}


def opened(pool: Pool | None, rows: Sequence[Row[NearMatch, Person, Person]]) -> list[Match]:
    """Return the pairs of a page with names and addresses opened."""
    return [Match(row[0], _side(pool, row[1]), _side(pool, row[2])) for row in rows]


def pairs_of(panel: Panel) -> Any:
    """Return the query of a panel's pairs with both people."""
    first, second = aliased(Person), aliased(Person)
    query = select(NearMatch, first, second).join(first, NearMatch.first_id == first.id)
    return query.join(second, NearMatch.second_id == second.id).where(
        NearMatch.panel_id == panel.id
    )


def decided_people(panel: Panel) -> set[tuple[int, int]]:
    """Return the pairs of whom somebody said whether they are one person, the lower id first."""
    return {(first, second) for first, second, kind in _decided(panel.id) if kind == "person"}


def _decided(panel_id: int) -> set[tuple[int, int, str]]:
    """Return what was decided."""
    query = select(NearMatch.first_id, NearMatch.second_id, NearMatch.kind).where(
        NearMatch.panel_id == panel_id, NearMatch.verdict != "open"
    )
    return {(row[0], row[1], row[2]) for row in db.session.execute(query)}


def _confirmed(panel: Panel) -> list[tuple[int, int]]:
    query = select(NearMatch.first_id, NearMatch.second_id).where(
        NearMatch.panel_id == panel.id, NearMatch.verdict == "one"
    )
    return [(row.first_id, row.second_id) for row in db.session.execute(query)]


def _records(panel_id: int) -> list[Record]:
    pool = db.session.scalars(select(Pool).where(Pool.panel_id == panel_id)).one_or_none()
    query = select(Person.id, Person.sealed, Person.person_key).where(
        Person.panel_id == panel_id, IN_POOL, Person.person_key != b""
    )
    rows = db.session.execute(query.order_by(Person.id))
    return [_record(row, pool) for row in rows]


def _record(row: Any, pool: Pool | None) -> Record:
    details: Mapping[str, Any] = crypto.unseal(row.sealed, row.person_key)
    contacts = [
        str(cell)
        for column, cell in details.items()
        if cell and any(kind.search(column) for kind in (CONTACT, EMAIL, PHONE))
    ]
    names = _cells(details, pool.name_columns if pool else [])
    address = _cells(details, (pool and (pool.address_columns or pool.on_letters)) or [])
    return Record(str(row.id), tuple(address), " ".join(names), tuple(contacts))


def _rows(panel_id: int, kind: MatchKind, pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    rows = []
    for pair in pairs:
        first, second = sorted((int(pair.one), int(pair.other)))
        names = {"panel_id": panel_id, "first_id": first, "second_id": second}
        rows.append({**names, "kind": kind, "reason": pair.reason, "verdict": "open"})
    return rows


def _side(pool: Pool | None, person: Person) -> Side:
    details = person.details
    names = _cells(details, pool.name_columns if pool else [])
    address = _cells(details, pool.on_letters if pool else [])
    return Side(person.reference, " ".join(names), ", ".join(address))


def _cells(details: Mapping[str, Any], columns: Iterable[str]) -> list[str]:
    return [str(details[column]) for column in columns if details.get(column)]
