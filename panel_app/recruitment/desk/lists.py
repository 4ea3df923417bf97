"""The lists of recruitment: the people of the pool, and the letters of those drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, or_, select

from panel_app.core.text import _
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.recruitment import letters, lottery_rows, queries
from panel_app.recruitment.letters import Recipient
from panel_app.recruitment.models import IN_POOL, Person
from panel_app.recruitment.support import Asked, asking, opened
from panel_app.web.listing import Column, Listing, State, contains, holds

#: What a person drawn has answered, in a word.
ANSWERS: dict[str, Any] = {
    "invited": _("none yet"),
    "confirmed": _("yes"),
    "declined": _("no"),
    "left": _("gave up the seat"),
}


def pool(panel: Panel) -> Listing[Person]:
    """Return the list of a panel's pool: references and features, never names."""
    return Listing(
        name=f"{panel.slug}-pool",
        label=_("People in the pool"),
        query=select(Person).where(Person.panel_id == panel.id),
        order=[Person.id],
        search=_by_id_or_value,
        search_label=_("Search by id, or by a value such as an age group"),
        states=[
            State("file", _("From files"), Person.origin == "file"),
            State("registered", _("Registered"), Person.origin != "file"),
            State("silent", _("Answers missing"), lottery_rows.SILENT),
            State("drawn", _("Drawn"), Person.member_id.is_not(None)),
            State("remaining", _("Not drawn"), and_(Person.member_id.is_(None), IN_POOL)),
            State("withdrawn", _("Withdrawn"), ~IN_POOL),
        ],
        columns=[
            Column(
                key="id",
                label=_("Id"),
                plain=lambda person: person.reference,
                cell=_linked,
                order=Person.reference,
            ),
            *(_feature(name) for name in queries.feature_names(panel)),
        ],
        empty=_("Nobody is in the pool yet. Import a file of the people who said yes."),
    )


def _by_id_or_value(words: str) -> ColumnElement[bool]:
    """Find people by their id, or by a value as it stands among their features."""
    written = json.dumps(words)[1:-1]
    kept = cast(Person.features, String)
    return or_(holds(Person.reference, words), holds(kept, written))


def _linked(person: Person) -> Markup:
    address = url_for("pool_desk.person", person_id=person.public_id)
    return Markup('<a href="{}">{}</a>').format(address, person.reference)


def _feature(name: str) -> Column[Person]:
    return Column(key=name, label=name, plain=lambda person: person.features.get(name, ""))


def gone(panel: Panel) -> Listing[Recipient]:
    """Return the list of those drawn who declined, or left."""
    away = Member.state.in_(("declined", "left"))
    return Listing(
        name=f"{panel.slug}-gone",
        label=_("Who gave a seat up"),
        query=_drawn(panel).where(away),
        order=[Member.seat],
        prepare=lambda rows: _opened(panel, rows),
        columns=[*_who(), Column(key="again", label=_("Ask again"))],
        empty=_("Nobody declined or left."),
    )


def roll(panel: Panel) -> Listing[Recipient]:
    """Return the list of everybody on a roll, those taken off it too."""
    return Listing(
        name=f"{panel.slug}-roll",
        label=_("Roll"),
        query=_drawn(panel),
        order=[Member.seat],
        search=contains(Person.reference),
        search_label=_("Search by id"),
        prepare=lambda rows: _opened(panel, rows),
        states=[
            State("on", _("On the roll"), HOLDS_A_SEAT),
            State("off", _("Not on it any more"), Member.state.in_(("declined", "left"))),
        ],
        columns=[*_who(), Column(key="change", label=_("Change"))],
    )


def support(panel: Panel) -> Listing[Asked]:
    """Return the list of what members asked for; only what the page shows is opened."""
    return Listing(
        name=f"{panel.slug}-support",
        label=_("Help to take part"),
        query=asking(panel),
        order=[Member.seat],
        prepare=opened,
        columns=[],
        empty=_("Nobody has asked for anything. Members are asked once a meeting is planned."),
    )


def _drawn(panel: Panel) -> Select[Member, Person]:
    people = select(Member, Person).join(Person, Person.member_id == Member.id)
    return people.where(Member.panel_id == panel.id)


def _opened(panel: Panel, rows: Sequence[Row[Member, Person]]) -> Iterable[Recipient]:
    kept = queries.pool_of(panel)
    return [letters.recipient(kept, row.Member, row.Person) for row in rows]


def _who() -> list[Column[Recipient]]:
    """Return the columns that say who has which seat and what they answered."""
    return [
        Column(key="seat", label=_("Seat"), plain=lambda one: one.member.seat, order=Member.seat),
        Column(key="name", label=_("Name"), cell=lambda one: one.name),
        Column(
            key="answer",
            label=_("Answer"),
            plain=lambda one: str(ANSWERS[one.member.state]),
        ),
    ]


def drawn(panel: Panel) -> Listing[Recipient]:
    """Return the list of the people drawn; only the names on the page shown are opened."""
    return Listing(
        name=f"{panel.slug}-letters",
        label=_("Letters"),
        query=_drawn(panel),
        order=[Member.seat],
        prepare=lambda rows: _opened(panel, rows),
        states=[
            State("waiting", _("No answer yet"), Member.state == "invited"),
            State("yes", _("Said yes"), Member.state == "confirmed"),
            State("no", _("Not coming"), Member.state.in_(("declined", "left"))),
        ],
        columns=[
            *_who(),
            Column(
                key="language",
                label=_("Language"),
                plain=lambda one: one.member.language,
                order=Member.language,
            ),
            Column(key="letter", label=_("Letter")),
        ],
        empty=_("There are letters after the draw."),
    )
