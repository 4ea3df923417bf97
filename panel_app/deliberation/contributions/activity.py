"""Questions from the room, and ideas, as two activities of a session that work alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from random import Random
from typing import Any

from flask import url_for
from markupsafe import Markup

from panel_app.core.text import _
from panel_app.deliberation.contributions import queries, services, words
from panel_app.deliberation.contributions.desk.forms import IdeasForm, QuestionsForm
from panel_app.deliberation.contributions.exports import contributions_result
from panel_app.deliberation.contributions.models import GuestSupport
from panel_app.deliberation.contributions.queries import Wanted
from panel_app.panels.models import Member
from panel_app.questions.made_up import sentences
from panel_app.sessions.activities import (
    Activity,
    ActivityForm,
    GuestPart,
    Portable,
    Published,
    Screen,
)
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.queries import expected
from panel_app.web import i18n
from panel_app.web.fragments import fragment

#: How likely somebody in a rehearsal writes something when it is their turn.
WRITES = 0.1


def phone(item: AgendaItem, person: Participant) -> Markup:
    """Let somebody write, and press for what others wrote; after closing, show the results."""
    template = "closed" if item.state == "closed" else "phone"
    return fragment(
        f"deliberation/contributions/{template}.html",
        most=queries.ON_PHONE,
        moderated=services.moderated(item),
        **seen_by(item, person),
    )


def seen_by(item: AgendaItem, person: Participant) -> dict[str, Any]:
    """Return what somebody sees of a part, with what they wrote and pressed."""
    seen, mine = queries.overview(item), queries.own(item, person)
    return {
        "item": item,
        "words": words.of(item),
        "seen": seen,
        "mine": mine,
        "own": {one.id for one in mine},
        "pressed": queries.mine(item, person),
        "by_number": {one.contribution.number: one.contribution.wording for one in seen.all},
    }


def screens(item: AgendaItem, results: bool) -> list[Screen]:
    """Show the one on the wall large, then the results; before them how to take part."""
    seen = queries.overview(item)
    if results:
        large = [partial(_large, seen, seen.on_wall)] if seen.on_wall else []
        return [*large, *_result_screens(seen.all)]
    return [partial(_large, seen, seen.on_wall)]


def guests_screens(item: AgendaItem) -> list[Screen]:
    """Show what guests wanted, apart from the panel."""
    return _result_screens(queries.of_guests(item))


def _large(seen: queries.Overview, one: Wanted | None) -> Markup:
    item = seen.item
    return fragment(
        "deliberation/contributions/wall.html",
        item=item,
        one=one,
        exact=item.revealed,
        words=words.of(item),
        shortlist=seen.shortlist[: queries.NEXT_ON_WALL],
        number=len(seen.all),
        **_turnout(item),
    )


def _result_screens(everything: list[Wanted]) -> list[Screen]:
    told = [one for one in everything if one.bar]
    size = queries.ROWS_ON_WALL
    batches = [told[start : start + size] for start in range(0, len(told), size)]
    shown = "deliberation/contributions/wall_results.html"
    return [partial(fragment, shown, rows=rows) for rows in batches or [[]]]


def console(item: AgendaItem) -> Markup:
    """Show what is on the wall and what comes next; exact figures once the room saw them."""
    exact = item.state == "closed" and item.shown_at is not None
    return fragment(
        "deliberation/contributions/desk/console.html",
        item=item,
        seen=queries.overview(item, exact=exact),
        exact=exact,
        back=url_for("sessions_console.console", public_id=item.session.public_id),
        **_turnout(item),
    )


def guests_snapshot(item: AgendaItem) -> dict[str, Any]:
    """Return the guests' figures that may be told, apart from the panel's."""
    return queries.snapshot(item, GuestSupport)


def of_guests(item: AgendaItem) -> Markup:
    """Show what guests wanted, once the results are shown."""
    return fragment("deliberation/contributions/minutes.html", all=queries.of_guests(item))


def published(item: AgendaItem) -> Published:
    """Return what was written and how many wanted it, as everybody was shown."""
    result = contributions_result(item)
    return Published(result["people"], result)


def minutes(item: AgendaItem) -> Markup:
    """Show anyone the results that everybody was shown."""
    seen = queries.overview(item)
    shown = {"all": seen.all, "withdrawn": seen.withdrawn} if item.revealed else {"all": []}
    return fragment("deliberation/contributions/minutes.html", **shown)


def made_up(item: AgendaItem, member: Member, random: Random) -> None:
    """Press for something as a made-up member of a rehearsal; now and then write something."""
    pressed = queries.mine(item, member)
    others = [one.contribution for one in queries.overview(item).all]
    others = [one for one in others if one.id not in pressed]
    if not queries.own(item, member) and (not others or random.random() < WRITES):
        text, key = random.choice(sentences()), f"made-up-{member.seat}"
        services.contribute(item=item, person=member, text=text, language=i18n.code(), key=key)
    elif others:
        services.support(contribution=random.choice(others), person=member, wanted=True, counter=1)


def _turnout(item: AgendaItem) -> dict[str, int]:
    return {"people": queries.people(item), "expected": expected(item.session)}


def _taken(item: AgendaItem) -> dict[str, Any]:
    return {"moderated": services.moderated(item)}


def _read(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"moderated": bool(settings.get("moderated", True))}


def _activity(kind: str, name: Any, settings: type[ActivityForm]) -> Activity:
    return Activity(
        kind=kind,
        name=name,
        settings=settings,
        phone=phone,
        screens=screens,
        console=console,
        snapshot=queries.snapshot,
        published=published,
        minutes=minutes,
        closed=services.close,
        portable=Portable(taken=_taken, read=_read),
        made_up=made_up,
        pages=frozenset({"contributions_desk"}),
        guests=GuestPart(
            phone=phone,
            people=queries.guests,
            snapshot=guests_snapshot,
            shown=of_guests,
            screens=guests_screens,
        ),
    )


QUESTIONS = _activity(
    "qa", _("Questions from the room: people ask, others press to know too"), QuestionsForm
)
IDEAS = _activity("ideas", _("Ideas from the room: people write, others say “me too”"), IdeasForm)
