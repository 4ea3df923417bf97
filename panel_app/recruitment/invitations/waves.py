"""Waves of letters: planned with a reason, published by fingerprint, drawn with dice by a job."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from panel_app.core import audit, clock, ids, jobs
from panel_app.core.db import db, locked, reading
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.live import versions
from panel_app.panels.models import Panel
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.invitations import addresses, codes
from panel_app.recruitment.invitations.models import (
    UNDER_WAY,
    Address,
    AddressList,
    Invitation,
    Wave,
)
from panel_app.recruitment.invitations.queries import homes_left
from panel_app.recruitment.invitations.services import today
from sortition.faults import InputFaults
from sortition.invitations import AreaPlan, Entry, plan_areas

RANDOMNESS = "three ten-sided dice, rolled where people can see them"
#: Letters that one wave may have, and characters of why it was given up.
MOST_LETTERS, LONGEST_REASON = 50_000, 400
#: After which a job without a sign of life is begun again.
SILENCE = timedelta(minutes=3)


def plan_wave(
    *,
    panel: Panel,
    letters: int,
    rates: Mapping[str, float],
    closes_on: date,
    actor: str,
) -> Wave:
    """Plan a wave of letters to homes that were not written to; a plan before it is replaced.

    `rates` are registrations to expect of a letter, for every area, above 0 and at most 1. Raises
    Refused with everything that is wrong, and Conflict once a wave was published and not drawn.
    """
    locked(panel)
    kept = addresses.list_of(panel)
    if kept is None or kept.state != "ready":
        raise Conflict(_("Load a list of addresses first."))
    running = under_way(panel)
    if running is not None and running.state != "planned":
        raise Conflict(_("A round of letters is published already. Roll its dice, or give it up."))
    if closes_on <= today():
        raise Refused(_("Choose a day that is still to come."), field="closes_on")
    homes = homes_left(panel)
    plan = _planned(homes, letters, rates)
    wave = running or Wave(panel_id=panel.id, number=_next_number(panel))
    wave.letters, wave.homes, wave.closes_on = letters, sum(homes.values()), closes_on
    wave.plan = [_row(area) for area in plan]
    db.session.add(wave)
    note("wave.planned", wave, actor=actor, letters=letters, homes=wave.homes)
    return wave


def leave_wave(*, wave: Wave, actor: str) -> None:
    """Throw a plan away that nobody has seen. Raises Conflict for any other."""
    if locked(wave).state != "planned":
        raise Conflict(_("There is no plan to leave any more."))
    note("wave.left", wave, actor=actor)
    db.session.delete(wave)
    db.session.flush()


def fix_wave(*, wave: Wave, actor: str) -> None:
    """Have a plan written down and published; commit, then queue `seal`.

    Doing it twice changes nothing. Raises Conflict where the list is being changed.
    """
    locked(wave.panel)
    if locked(wave).state != "planned":
        return
    kept = addresses.list_of(wave.panel)
    left = homes_left(wave.panel)
    if kept is None or kept.state != "ready" or left != {r["area"]: r["homes"] for r in wave.plan}:
        raise Conflict(_("The list was changed meanwhile. Plan the letters again."))
    wave.state, wave.beat_at = "sealing", clock.now()
    note("wave.fixed", wave, actor=actor)


def seal(public_id: str) -> None:
    """Write a wave's list and plan down under invented names, and publish it; for the job process.

    The database is free meanwhile: homes can't change while a wave is under way.
    """
    from sortition.bundle import seal_wave

    with reading():
        wave = db.session.scalars(select(Wave).where(Wave.public_id == public_id)).first()
        if wave is None or wave.state != "sealing":
            db.session.rollback()
            return
        entries, salt = _entries(wave.panel), _salt(wave.panel_id)
        plan, number = [_area(row) for row in wave.plan], wave.number
        db.session.rollback()
    files, hashed = seal_wave(entries, plan, number=number, salt=salt, randomness=RANDOMNESS)
    wave = locked(db.session.scalars(select(Wave).where(Wave.public_id == public_id)).one())
    if wave.state == "sealing":
        wave.state, wave.committed_at = "ready", clock.now()
        wave.bundle, wave.commitment = files, hashed
        note("wave.committed", wave, actor="system", commitment=wave.commitment)
    db.session.commit()


def roll(*, wave: Wave, dice: str, actor: str) -> None:
    """Take what the dice show; commit, then queue `draw`. The same dice again change nothing.

    Raises Refused where they are no three digits, and Conflict where other dice were rolled.
    """
    if locked(wave).state in {"drawing", "drawn"} and wave.dice == dice:
        return
    if wave.state != "ready":
        raise Conflict(_("There is no published round of letters to draw from."))
    if len(dice) != 3 or not (dice.isascii() and dice.isdigit()):
        raise Refused(_("Type the three digits that the dice show, 0 to 9 each."))
    wave.state, wave.dice, wave.beat_at = "drawing", dice, clock.now()
    note("wave.rolled", wave, actor=actor, dice=dice)


def draw(public_id: str) -> None:
    """Draw the homes that the dice name, and make each an invitation; for the job process."""
    from sortition.bundle import address_name, draw_wave

    with reading():
        wave = db.session.scalars(select(Wave).where(Wave.public_id == public_id)).first()
        if wave is None or wave.state != "drawing":
            db.session.rollback()
            return
        files, dice, salt = dict(wave.bundle or {}), wave.dice or "", _salt(wave.panel_id)
        numbers = {address_name(salt, row.public_id): row for row in _rows(wave.panel)}
        wave_id, panel_id = wave.id, wave.panel_id
        db.session.rollback()
    names, drawn = draw_wave(files, dice)
    invited = [numbers[name] for name in names]
    secrets.SystemRandom().shuffle(invited)
    rows = [_invitation(wave_id, panel_id, at, row) for at, row in enumerate(invited, 1)]
    wave = locked(db.session.get_one(Wave, wave_id))
    if wave.state == "drawing":
        db.session.execute(insert(Invitation), rows)
        wave.state, wave.drawn_at = "drawn", clock.now()
        wave.bundle = {**files, **drawn}
        note("wave.drawn", wave, actor="system", letters=len(rows), dice=dice)
    db.session.commit()


def give_up_wave(*, wave: Wave, reason: str, actor: str) -> None:
    """Give up a published wave before the dice; its fingerprint and the reason stay public.

    Raises Refused without a reason, and Conflict where it isn't published or was drawn.
    """
    why = cleaned(reason)
    if not why or len(why) > LONGEST_REASON:
        raise Refused(_("Say why, in a few words that everybody may read."), field="reason")
    if locked(wave).state != "ready":
        raise Conflict(_("Only a published round of letters without dice can be given up."))
    wave.state, wave.reason = "given_up", why
    note("wave.given_up", wave, actor=actor, words=why)


def tidy() -> None:
    """Begin again what the queue forgot or a job left unfinished; every minute."""
    silent = Wave.beat_at < clock.now() - SILENCE
    for state, task in (("sealing", seal), ("drawing", draw)):
        query = select(Wave.public_id).where(Wave.state == state, silent)
        left = db.session.scalars(query).all()
        db.session.commit()
        for public_id in left:
            jobs.queue(task, public_id)


def under_way(panel: Panel) -> Wave | None:
    """Return the wave that is planned or published, and not yet drawn."""
    query = select(Wave).where(Wave.panel_id == panel.id, Wave.state.in_(UNDER_WAY))
    return db.session.scalars(query).one_or_none()


def note(action: str, wave: Wave, *, actor: str, **figures: Any) -> None:
    """Record what happened to a wave, and tell the pages that follow it."""
    db.session.flush()
    audit.record(action, actor=actor, subject=f"wave:{wave.public_id}", **figures)
    versions.bump(addresses.topic_of(wave.panel_id))


def _planned(homes: Mapping[str, int], letters: int, rates: Mapping[str, float]) -> Any:
    if not 1 <= letters <= min(MOST_LETTERS, sum(homes.values())):
        raise Refused(
            _(
                "%(homes)s homes are on the list that were not written to. Type a number of"
                " letters from 1 to that, at most %(most)s.",
                homes=sum(homes.values()),
                most=MOST_LETTERS,
            ),
            field="letters",
        )
    try:
        return plan_areas(homes, letters, rates)
    except InputFaults as refusal:
        raise Refused(" ".join(fault_words(refusal.faults))) from None


def _next_number(panel: Panel) -> int:
    highest = select(func.max(Wave.number)).where(Wave.panel_id == panel.id)
    return (db.session.scalar(highest) or 0) + 1


def _row(area: AreaPlan) -> dict[str, Any]:
    return {
        "area": area.area,
        "homes": area.listed,
        "letters": area.invited,
        "rate": area.response_rate,
    }


def _area(row: Mapping[str, Any]) -> AreaPlan:
    return AreaPlan(row["area"], row["homes"], row["letters"], row["rate"])


def _rows(panel: Panel) -> Sequence[Any]:
    """Return the addresses of homes that were not written to."""
    taken = select(Invitation.home).where(Invitation.panel_id == panel.id)
    query = select(Address.id, Address.public_id, Address.area, Address.home)
    mine = query.where(Address.panel_id == panel.id, Address.home.not_in(taken))
    return db.session.execute(mine.where(Address.address_key != b"")).all()


def _entries(panel: Panel) -> list[Entry]:
    return [Entry(row.public_id, row.area, row.home) for row in _rows(panel)]


def _salt(panel_id: int) -> str:
    return db.session.scalars(
        select(AddressList.salt).where(AddressList.panel_id == panel_id)
    ).one()


def _invitation(wave_id: int, panel_id: int, number: int, row: Any) -> dict[str, Any]:
    public_id = ids.public_id()
    return {
        "public_id": public_id,
        "panel_id": panel_id,
        "wave_id": wave_id,
        "address_id": row.id,
        "number": number,
        "area": row.area,
        "home": row.home,
        "code_digest": codes.digest(codes.code_of(public_id, 1)),
    }
