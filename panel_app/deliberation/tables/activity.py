"""Tables as an activity of a session: whose table is where, and what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from panel_app.core import ids, jobs
from panel_app.core.text import _, gettext
from panel_app.core.translated import Translated
from panel_app.deliberation.tables import planning, queries, services, sorting
from panel_app.deliberation.tables.desk.forms import MOST_ROUNDS, MOST_SEATS, TablesForm
from panel_app.deliberation.tables.exports import notes_result
from panel_app.deliberation.tables.models import TablePlan
from panel_app.panels.models import Member
from panel_app.recruitment.desk.faults import fault_words
from panel_app.sessions.activities import Activity, Portable, Published, written
from panel_app.sessions.models import AgendaItem
from panel_app.web.fragments import fragment


def phone(item: AgendaItem, member: Member) -> Markup:
    """Say where a member sits, and let whoever writes for the table write."""
    plan = queries.plan_of(item)
    seat = queries.seat_of(plan, member) if plan.current_round else None
    on = plan.running and item.state == "open"
    return fragment(
        "deliberation/tables/phone.html",
        item=item,
        plan=plan,
        seat=seat,
        on=on,
        place=queries.place_of(item, seat.number) if seat else None,
        prompt=queries.prompt_of(item, plan.current_round),
        table=queries.table_in(plan, plan.current_round, seat.number) if seat else None,
        notes=queries.notes_at(plan, plan.current_round, seat.number) if seat else [],
        written=queries.written(plan),
        key=ids.public_id(),
    )


def wall(item: AgendaItem) -> Markup:
    """Show who sits where, by seat; once revealed, what tables wrote."""
    plan = queries.plan_of(item)
    return fragment(
        "deliberation/tables/wall.html",
        item=item,
        plan=plan,
        round=queries.round_now(plan),
        on=plan.running and item.state == "open",
        written=[one for one in queries.written(plan) if one.round == plan.current_round],
    )


def console(item: AgendaItem) -> Markup:
    """Show the plan's figures, the round, who came late, and which table asks for help."""
    return fragment("deliberation/tables/desk/console.html", item=item, **on_desk(item))


def on_desk(item: AgendaItem) -> dict[str, Any]:
    """Return what console and plan page show of an item's tables."""
    plan = queries.plan_of(item)
    return {
        "plan": plan,
        "round": queries.round_now(plan),
        "last": plan.current_round >= item.settings["rounds"],
        "late": queries.unseated(plan) if plan.state == "ready" else [],
        "faults": _faults(plan),
        "whom": {whom: planning.count(item, whom) for whom in ("here", "confirmed")},
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
    wall=wall,
    console=console,
    snapshot=snapshot,
    published=published,
    minutes=minutes,
    ends=_ends,
    asks_itself=True,
    opens_again="always",
    added=services.set_up,
    closed=services.stop_round,
    removed=services.clear,
    more=_more,
    portable=Portable(taken=_taken, read=_read),
)
