"""Tables as an activity of a session: whose table is where, and what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from flask import url_for
from markupsafe import Markup

from panel_app.core import ids, jobs
from panel_app.core.text import _, gettext
from panel_app.core.translated import Translated
from panel_app.deliberation.tables import notes, planning, queries, services, sorting
from panel_app.deliberation.tables.desk.forms import MOST_ROUNDS, MOST_SEATS, TablesForm
from panel_app.deliberation.tables.exports import notes_result
from panel_app.deliberation.tables.models import TableNote, TablePlan
from panel_app.deliberation.tables.queries import Round, Table
from panel_app.panels.models import Member
from panel_app.questions.made_up import sentences
from panel_app.recruitment.desk.faults import fault_words
from panel_app.sessions.activities import (
    Activity,
    GuestPart,
    Portable,
    Published,
    Screen,
    without_words,
    written,
)
from panel_app.sessions.models import AgendaItem, Guest, Participant, seat_words
from panel_app.web import i18n
from panel_app.web.fragments import fragment

#: So many notes a table writes by itself in a rehearsal.
FEW_NOTES = 3
#: What one screen of the wall holds: notes with their letters, and tables with seats in a line.
NOTES_ON_WALL, LETTERS_ON_WALL, TABLES_ON_WALL, SEATS_A_LINE = 3, 320, 6, 10


def phone(item: AgendaItem, member: Participant) -> Markup:
    """Say where a member or a guest sits, and let whoever writes for the table write."""
    plan = queries.plan_of(item)
    seat = queries.seat_of(plan, member) if plan.current_round else None
    on = plan.running and item.state == "open"
    return fragment(
        "deliberation/tables/phone.html",
        item=item,
        plan=plan,
        seat=seat,
        is_guest=isinstance(member, Guest),
        on=on,
        place=queries.place_of(item, seat.number) if seat else None,
        prompt=queries.prompt_of(item, plan.current_round),
        table=queries.table_in(plan, plan.current_round, seat.number) if seat else None,
        notes=queries.notes_at(plan, plan.current_round, seat.number) if seat else [],
        written=queries.written(plan),
        key=ids.public_id(),
    )


def made_up(item: AgendaItem, member: Member, random: Random) -> None:
    """Write a note, for a made-up member of a rehearsal, at a table that has few."""
    plan = queries.plan_of(item)
    seat = queries.seat_of(plan, member) if plan.running else None
    if seat is None or len(queries.notes_at(plan, plan.current_round, seat.number)) >= FEW_NOTES:
        return
    notes.write_notes(
        plan=plan,
        number=seat.number,
        text=random.choice(sentences()),
        language=i18n.code(),
        key=ids.public_id(),
        author=member,
    )


def screens(item: AgendaItem, results: bool) -> list[Screen]:
    """Show who sits where, by seat; as results what each table wrote in the last round.

    Both take as many screens as can be read from the last row.
    """
    plan = queries.plan_of(item)
    if results and plan.current_round:
        written = [one for one in queries.written(plan) if one.round == plan.current_round]
        told: list[Screen] = [
            partial(_written_on_wall, item, one.number, some)
            for one in written
            for some in _by_length(one.notes)
        ]
        if told:
            return told
    on = queries.round_now(plan)
    tables = on.tables if on and plan.running and item.state == "open" else []
    wide = any(len(table.seats) > SEATS_A_LINE for table in tables)
    most = TABLES_ON_WALL - (2 if wide else 0)
    starts = range(0, len(tables) or 1, most)
    return [partial(_round_on_wall, item, on, tables[at : at + most]) for at in starts]


def _by_length(notes: Sequence[TableNote]) -> list[list[TableNote]]:
    """Return notes by as many as one screen holds; a long one has a screen of its own."""
    screens: list[list[TableNote]] = []
    for note in notes:
        last = screens[-1] if screens else []
        letters = sum(len(str(one.wording)) for one in (*last, note))
        if last and len(last) < NOTES_ON_WALL and letters <= LETTERS_ON_WALL:
            last.append(note)
        else:
            screens.append([note])
    return screens


def _round_on_wall(item: AgendaItem, on: Round | None, tables: Sequence[Table]) -> Markup:
    return fragment(
        "deliberation/tables/wall.html", item=item, round=on, tables=tables, on=bool(tables)
    )


def _written_on_wall(item: AgendaItem, number: int, notes: Sequence[TableNote]) -> Markup:
    place = queries.place_of(item, number)
    return fragment(
        "deliberation/tables/wall_written.html", number=number, place=place, notes=notes
    )


def console(item: AgendaItem) -> Markup:
    """Show the plan's figures, the round, who came late, and which table asks for help."""
    return fragment("deliberation/tables/desk/console.html", item=item, **on_desk(item))


def on_desk(item: AgendaItem) -> dict[str, Any]:
    """Return what console and plan page show of an item's tables."""
    plan = queries.plan_of(item)
    late = queries.unseated(plan) if plan.state == "ready" else []
    return {
        "plan": plan,
        "round": queries.round_now(plan),
        "last": plan.current_round >= item.settings["rounds"],
        "late": late,
        "late_seats": [seat_words(person.seat) for person in late],
        "faults": _faults(plan),
        "whom": {whom: planning.count(item, whom) for whom in ("here", "confirmed", "all")},
    }


def _faults(plan: TablePlan) -> list[str]:
    """Say why people could not be seated."""
    from sortition.faults import Fault

    return fault_words(Fault(one["code"], "seating", details=one["details"]) for one in plan.faults)


def snapshot(item: AgendaItem) -> dict[str, Any]:
    """Return how the rounds went; what was written is read where it stands, so it can be erased."""
    jobs.queue_after_commit(sorting.propose, item.public_id)
    plan = queries.plan_of(item)
    return {
        "people": queries.people(plan),
        "rounds": plan.current_round,
        "tables": len(plan.tables),
        "figures": dict(plan.figures),
    }


def guests(item: AgendaItem) -> int:
    """Return how many guests had a table."""
    return queries.guests(queries.plan_of(item))


def published(item: AgendaItem) -> Published:
    """Return what tables wrote, once it was shown."""
    result = notes_result(item)
    return Published(result["people"], result)


def minutes(item: AgendaItem) -> Markup:
    """Show anyone what tables wrote, once it was shown."""
    written = queries.written(queries.plan_of(item))
    return fragment("deliberation/tables/_written.html", item=item, written=written)


def _ends(item: AgendaItem) -> datetime | None:
    return queries.plan_of(item).round_ends_at


def _more(item: AgendaItem) -> tuple[str, Any]:
    return url_for("tables_desk.plan", public_id=item.public_id), gettext("Tables")


def _taken(item: AgendaItem) -> dict[str, Any]:
    """Return the settings without what names the seats and features of one panel."""
    texts = {name: list(item.settings.get(name, [])) for name in ("prompts", "places")}
    size, rounds = item.settings["size"], item.settings["rounds"]
    return {"size": size, "rounds": rounds, "features": [], **texts}


def _read(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return sound settings. Raises ValueError."""
    size, rounds = int(settings["size"]), int(settings["rounds"])
    if not (2 <= size <= MOST_SEATS and 1 <= rounds <= MOST_ROUNDS):
        raise ValueError("size")
    texts = {
        name: written(Translated.of(**one) for one in settings.get(name, []))
        for name in ("prompts", "places")
    }
    return {"size": size, "rounds": rounds, "features": [], **texts}


TABLES = Activity(
    kind="tables",
    name=_("Tables: who sits where over rounds, and what tables write"),
    settings=TablesForm,
    phone=phone,
    screens=screens,
    console=console,
    snapshot=snapshot,
    published=published,
    minutes=minutes,
    ends=_ends,
    rounds=True,
    asks_itself=True,
    opens_again="always",
    added=services.set_up,
    closed=services.stop_round,
    removed=services.clear,
    more=_more,
    guests=GuestPart(
        phone=phone,
        people=guests,
        snapshot=lambda item: {"people": guests(item)},
        shown=without_words,
        screens=lambda item: [],
    ),
    portable=Portable(taken=_taken, read=_read),
    made_up=made_up,
    pages=frozenset({"tables_desk"}),
)
