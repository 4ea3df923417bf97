"""Reading the grants that a programme gave before, from the spreadsheet that had them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import select

from panel_app.core import audit, clock, money
from panel_app.core.db import db, locked
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.grants import rules
from panel_app.grants.models import Programme
from panel_app.grants.past_models import PastAward
from panel_app.recruitment import list_files
from sortition.folding import fold

NEEDED = ("reference", "date", "amount", "kind")
#: The columns of a list, in the order in which the page names them.
COLUMNS = (*NEEDED, "title", "mission", "place", "organisation", "organisation_id")
KINDS = ("individual", "group", "organisation")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
#: A list of organisations and a number in it, as org-id.guide writes them.
ORGANISATION_ID = re.compile(r"[A-Z]{2,3}(?:-[A-Z0-9]+)?-[A-Za-z0-9]+")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def read(*, programme: Programme, source: bytes | str, actor: str) -> int:
    """Keep the grants of a list; one whose reference is known is put right. Return how many moved.

    All of it stands or nothing; a list read twice changes nothing. What a resident's row says of
    them is not kept. Raises FaultyFile with every fault.
    """
    rows, seen = list_files.rows_of(source, NEEDED), set[str]()
    told: list[dict[str, Any]] = []
    list_files.each(rows, lambda row: told.append(_told(programme, row, seen)))
    locked(programme)
    there = {
        award.reference: award
        for award in db.session.scalars(
            select(PastAward).where(PastAward.programme_id == programme.id)
        )
    }
    changed = sum(_keep(programme, there.get(facts["reference"]), facts) for facts in told)
    db.session.flush()
    if changed:
        audit.record(
            "past_awards.read",
            actor=actor,
            subject=f"programme:{programme.public_id}",
            grants=changed,
        )
    return changed


def _keep(programme: Programme, known: PastAward | None, facts: dict[str, Any]) -> bool:
    if known is None:
        db.session.add(PastAward(programme=programme, **facts))
        return True
    moved = {name: value for name, value in facts.items() if getattr(known, name) != value}
    for name, value in moved.items():
        setattr(known, name, value)
    return bool(moved)


def _told(programme: Programme, row: dict[str, str], seen: set[str]) -> dict[str, Any]:
    """Return what a row says. Raises Refused with what is wrong with it."""
    kind = _kind(row["kind"])
    alone = kind == "individual"
    return {
        "reference": _reference(row["reference"], seen),
        "awarded_on": _day(row["date"]),
        "amount": _amount(row["amount"]),
        "kind": kind,
        "mission": _mission(programme, row.get("mission", "")),
        "place": _text(row, "place", 60),
        "title": None if alone else _title(row),
        "organisation": _text(row, "organisation", 120) if kind == "organisation" else None,
        "organisation_id": _organisation_id(row) if kind == "organisation" else None,
    }


def _reference(typed: str, seen: set[str]) -> str:
    if not _REFERENCE.fullmatch(typed):
        raise Refused(_("reference: use letters, digits, dashes and underscores, at most 60."))
    if typed in seen:
        raise Refused(_("reference: this one stands in the list more than once."))
    seen.add(typed)
    return typed


def _day(typed: str) -> date:
    british = _DATE.fullmatch(typed)
    try:
        day, month, year = british.groups() if british else ("", "", "")
        found = date(int(year), int(month), int(day)) if british else date.fromisoformat(typed)
    except ValueError as fault:
        raise Refused(_("date: write it like 2024-03-31 or 31/03/2024.")) from fault
    if found > clock.now().date():
        raise Refused(_("date: this day has not come yet."))
    return found


def _amount(typed: str) -> int:
    try:
        pence = money.pence(typed)
    except Refused as fault:
        raise Refused(_("amount: %(fault)s", fault=fault.message)) from fault
    if pence <= 0:
        raise Refused(_("amount: type an amount above nothing."))
    return pence


def _kind(typed: str) -> str:
    if typed.casefold() not in KINDS:
        raise Refused(_("kind: write individual, group or organisation."))
    return typed.casefold()


def _mission(programme: Programme, typed: str) -> str | None:
    """Return the code of a mission that is named by its code or its title."""
    if not typed:
        return None
    for mission in programme.missions:
        if fold(typed) in {fold(mission.code), *map(fold, mission.title.texts().values())}:
            return mission.code
    raise Refused(_("mission: this programme has none called “%(name)s”.", name=typed))


def _title(row: dict[str, str]) -> str:
    title = _text(row, "title", 140)
    if title is None:
        raise Refused(_("title: say what it was for."))
    return title


def _text(row: dict[str, str], column: str, longest: int) -> str | None:
    text = one_line(row.get(column, ""))
    if len(text) > longest:
        raise Refused(_("%(column)s: at most %(max)d characters.", column=column, max=longest))
    if rules.ways_to_reach(text):
        raise Refused(
            _("%(column)s: take addresses and telephone numbers out of it.", column=column)
        )
    return text or None


def _organisation_id(row: dict[str, str]) -> str | None:
    number = one_line(row.get("organisation_id", ""))
    if number and (len(number) > 60 or not ORGANISATION_ID.fullmatch(number)):
        raise Refused(_("organisation_id: write it like GB-CHC-1000001."))
    return number or None
