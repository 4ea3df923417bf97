"""Files of people for organisers: as other lottery tools read them, and for a mailing house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from flask import current_app, url_for
from sqlalchemy import ColumnElement, and_, select

from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import HOLDS_A_SEAT, Panel
from panel_app.recruitment import letters, queries
from panel_app.recruitment.models import IN_POOL, Lottery, Person, Reserve
from panel_app.web.i18n import said

Which = Literal["selected", "remaining", "sitting"]


def people_rows(lottery: Lottery, which: Which) -> Iterator[dict[str, str]]:
    """Return people in the columns of the file that they came in, an `id` before these.

    `selected` were drawn by this lottery, `remaining` of the pool by none, `sitting` hold a seat
    now whichever drew them: what sortition-algorithms and OpenDLP call selected, remaining and
    already selected. Whoever was erased is in none, and whoever withdrew remains in no pool.
    """
    query = select(Person).where(Person.panel_id == lottery.panel_id, Person.person_key != b"")
    if which == "sitting":
        query = query.join(Person.member)
    for person in db.session.scalars(query.where(_are(lottery, which)).order_by(Person.id)):
        yield {"id": person.reference, **person.features, **person.details}


def people_columns(panel: Panel) -> list[str]:
    """Return the columns of `people_rows`: the id, the features, the rest of the file."""
    pool = queries.pool_of(panel)
    named = ["id", *queries.feature_names(panel), *(pool.columns if pool else [])]
    return list(dict.fromkeys(named))


def merge_rows(panel: Panel) -> Iterator[dict[str, Any]]:
    """Return what a mailing house needs for each letter, by seat: `merge_columns`."""
    pool = queries.pool_of(panel)
    public_url: str = current_app.config["PUBLIC_URL"]
    for member, person in letters.drawn_people(panel, HOLDS_A_SEAT):
        details = person.details
        yield {
            "seat": member.seat,
            "name": letters.name_of(pool, details),
            **{column: details.get(column, "") for column in (pool.on_letters if pool else [])},
            "letter_language": member.language,
            "panel": said(panel.name),
            "address_to_type": f"{public_url}{url_for('panels.type_code')}",
            "code": seats.code_of(member),
            "qr_code_holds": f"{public_url}/j/{seats.token_of(member)}",
        }


def merge_columns(panel: Panel) -> list[str]:
    """Return the columns of `merge_rows`: the address in those that the organiser chose."""
    pool = queries.pool_of(panel)
    address = pool.on_letters if pool else []
    ends = ["letter_language", "panel", "address_to_type", "code", "qr_code_holds"]
    return list(dict.fromkeys(["seat", "name", *address, *ends]))


def _are(lottery: Lottery, which: Which) -> ColumnElement[bool]:
    if which == "selected" and lottery.kind == "reserves":
        mine = select(Reserve.person_id).where(Reserve.lottery_id == lottery.id)
        return Person.id.in_(mine)
    if which == "selected":
        return Person.lottery_id == lottery.id
    return and_(Person.member_id.is_(None), IN_POOL) if which == "remaining" else HOLDS_A_SEAT
