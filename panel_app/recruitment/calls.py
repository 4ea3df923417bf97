"""Ringing people who were asked to take part: one at a time, each by one caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from panel_app.core import audit, clock, crypto
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.live import versions
from panel_app.panels import services
from panel_app.panels.models import Member, Panel
from panel_app.recruitment.contacts import PHONE
from panel_app.recruitment.letters import name_of
from panel_app.recruitment.models import Call, Calling, CallOutcome, Person, Pool
from panel_app.recruitment.queries import pool_of

#: After so long without an outcome somebody can be rung by another caller.
HELD = timedelta(minutes=15)
#: After so long it is forgotten who was about to ring whom.
FORGOTTEN = timedelta(hours=1)
#: How long after a call without an answer, or without a yes or no, somebody is rung again.
PAUSE = timedelta(hours=3)
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Past:
    """A call that was made, with its note opened."""

    at: datetime
    outcome: str
    back_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class ToRing:
    """One person for a caller: name, numbers and language, and the calls so far; nothing else."""

    member: Member
    name: str
    numbers: list[str]
    past: list[Past]


@dataclass(frozen=True, slots=True)
class Ringing:
    """Whose seat is rung about, by whom as the audit log names them, since when."""

    seat: int
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a panel's calls stand, in people."""

    yes: int
    no: int
    #: Without an answer yet; of these, who can be rung now.
    open: int
    due: int
    calls: int


def take_next(*, panel: Panel, actor: str) -> Member | None:
    """Give a caller the next person to ring, the one they hold already first; None for nobody.

    Two callers at once get two people. Whoever asked to be rung at a time that has come is first,
    then whoever was rung least often, the longest ago.
    """
    locked(panel)
    due = _due(panel, actor)
    if not due:
        return None
    member = due[0]
    db.session.execute(
        delete(Calling).where((Calling.member_id == member.id) | (Calling.by == actor))
    )
    db.session.add(Calling(member_id=member.id, by=actor, since=clock.now()))
    db.session.flush()
    versions.bump(topic_of(panel))
    return member


def keep_call(
    *,
    member: Member,
    outcome: CallOutcome,
    back_at: datetime | None = None,
    note: str = "",
    actor: str,
) -> None:
    """Write down how a call ended; a yes takes the seat, a no gives it up.

    A no can be taken back until the place is given (`replacements.take_back`). Raises Refused for
    another call without a time that is to come, and Conflict where the person has answered
    meanwhile or another caller rings them.
    """
    locked(member.panel)
    if locked(member).state != "invited":
        raise Conflict(_("This person has answered meanwhile."))
    holder = db.session.get(Calling, member.id)
    if holder is not None and holder.by != actor and holder.since > clock.now() - HELD:
        raise Conflict(_("Somebody else is ringing this person."))
    if outcome == "back" and (back_at is None or back_at <= clock.now()):
        raise Refused(_("Say when to ring again: a time that is to come."), field="back_at")
    person = found(_person_of(member))
    sealed = crypto.seal({"note": note}, person.person_key) if note and person.person_key else None
    db.session.add(
        Call(
            member_id=member.id,
            by=actor,
            outcome=outcome,
            back_at=back_at if outcome == "back" else None,
            note=sealed,
        )
    )
    db.session.execute(delete(Calling).where(Calling.member_id == member.id))
    if outcome == "yes":
        services.confirm_seat(member=member, language=member.language, actor=actor)
    elif outcome == "no":
        services.give_up_seat(member=member, actor=actor)
    db.session.flush()
    audit.record("call.made", actor=actor, subject=f"member:{member.public_id}", outcome=outcome)
    versions.bump(topic_of(member.panel))


def to_ring(member: Member, actor: str) -> ToRing:
    """Return what a caller sees of a person. Raises NotFound for one whom they don't hold."""
    held = select(Calling).where(Calling.member_id == member.id, Calling.by == actor)
    found(db.session.scalar(held))
    person, pool = found(_person_of(member)), pool_of(member.panel)
    details = person.details
    numbers = [str(details[column]) for column in phones(pool) if details.get(column)]
    return ToRing(member, name_of(pool, details), numbers, _past(member, person))


def standing(panel: Panel) -> Standing:
    """Return how the calls stand."""
    query = select(Member.state, func.count()).where(Member.panel_id == panel.id)
    states = dict(db.session.execute(query.group_by(Member.state)).all())
    made = select(func.count(Call.id)).join(Member, Call.member_id == Member.id)
    return Standing(
        yes=states.get("confirmed", 0),
        no=states.get("declined", 0) + states.get("left", 0),
        open=states.get("invited", 0),
        due=len(_due(panel, "")),
        calls=db.session.scalar(made.where(Member.panel_id == panel.id)) or 0,
    )


def topic_of(panel: Panel) -> str:
    """Return what the page of the calls follows."""
    return f"calls:{panel.public_id}"


def ringing(panel: Panel) -> list[Ringing]:
    """Return who rings whom just now, by seat."""
    query = select(Member.seat, Calling.by, Calling.since).join(
        Member, Calling.member_id == Member.id
    )
    mine = query.where(Member.panel_id == panel.id, Calling.since > clock.now() - HELD)
    return [Ringing(*row) for row in db.session.execute(mine.order_by(Member.seat))]


def phones(pool: Pool | None) -> list[str]:
    """Return the columns that look like a phone number."""
    if pool is None:
        return []
    said = (pool.plan or {}).get("phone")
    return list(said or [column for column in pool.columns if PHONE.search(column)])


def told(person: Person) -> list[tuple[Any, Any]]:
    """Return the calls to a person, for whoever asks what is kept of them."""
    if person.member_id is None:
        return []
    member = db.session.get_one(Member, person.member_id)
    return [
        (_("Rung on %(when)s", when=past.at.isoformat()), f"{past.outcome} {past.note}".strip())
        for past in _past(member, person)
    ]


def forget(person: Person) -> None:
    """Delete the calls to a person."""
    for table in (Call, Calling):
        db.session.execute(delete(table).where(table.member_id == person.member_id))


def let_go() -> None:
    """Forget who was about to ring whom and never said how it ended; every hour, commits."""
    db.session.execute(delete(Calling).where(Calling.since <= clock.now() - FORGOTTEN))
    db.session.commit()


def _due(panel: Panel, actor: str) -> list[Member]:
    """Return who can be rung now, the first to ring first."""
    now = clock.now()
    others = select(Calling.member_id).where(Calling.since > now - HELD, Calling.by != actor)
    waiting = select(Member).where(
        Member.panel_id == panel.id, Member.state == "invited", Member.id.not_in(others)
    )
    calls: dict[int, list[Call]] = {}
    made = select(Call).join(Member, Call.member_id == Member.id)
    for call in db.session.scalars(made.where(Member.panel_id == panel.id).order_by(Call.id)):
        calls.setdefault(call.member_id, []).append(call)
    mine = set(db.session.scalars(select(Calling.member_id).where(Calling.by == actor)))

    def order(member: Member) -> tuple[bool, bool, int, datetime, int]:
        past = calls.get(member.id, [])
        wanted = bool(past) and past[-1].outcome == "back"
        last = past[-1].created_at if past else member.created_at
        return member.id not in mine, not wanted, len(past), last, member.seat

    free = [one for one in db.session.scalars(waiting) if _may_ring(calls.get(one.id, []), now)]
    return sorted(free, key=order)


def _may_ring(past: list[Call], now: datetime) -> bool:
    if not past:
        return True
    last = past[-1]
    return (last.back_at or last.created_at + PAUSE) <= now


def _person_of(member: Member) -> Person | None:
    return db.session.scalar(select(Person).where(Person.member_id == member.id))


def _past(member: Member, person: Person) -> list[Past]:
    query = select(Call).where(Call.member_id == member.id).order_by(Call.id)
    return [
        Past(
            call.created_at,
            call.outcome,
            call.back_at,
            str(crypto.unseal(call.note, person.person_key)["note"]) if call.note else "",
        )
        for call in db.session.scalars(query)
    ]
