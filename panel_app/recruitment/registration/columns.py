"""What a registration adds to a pool: columns of its own beside those of a file."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment.models import Pool
from panel_app.recruitment.registration.models import RegistrationPage

NAME, CONTACT, ADDRESS, POSTCODE = "Name", "Contact", "Address", "Postcode"
LANGUAGE, HEARD = "Language", "How they heard"
COLUMNS = (NAME, CONTACT, ADDRESS, POSTCODE, LANGUAGE, HEARD)
NAMES, ADDRESSES = (NAME,), (ADDRESS, POSTCODE)


def prepare(panel: Panel) -> Pool | None:
    """Make room in the panel's pool for who registers; None where there is no way in."""
    pool = db.session.scalar(select(Pool).where(Pool.panel_id == panel.id))
    if pool is None and has_way_in(panel):
        pool = Pool(panel_id=panel.id, columns=[], name_columns=[], address_columns=[])
        db.session.add(pool)
    if pool is not None:
        add_to(panel, pool)
        db.session.flush()
    return pool


def add_to(panel: Panel, pool: Pool) -> None:
    """Name the columns of a registration in a pool that people can register for."""
    if not has_way_in(panel):
        return
    pool.columns = _with(pool.columns, COLUMNS)
    pool.name_columns = _with(pool.name_columns, NAMES)
    if pool.address_columns is not None:
        pool.address_columns = _with(pool.address_columns, ADDRESSES)
    if pool.letter_columns is not None:
        pool.letter_columns = _with(pool.letter_columns, ADDRESSES)


def homes(panel: Panel, columns: Sequence[str] | None) -> list[str] | None:
    """Return what makes a home in a pool whose file has these columns for it."""
    if columns is None:
        return None
    return _with(list(columns), ADDRESSES) if has_way_in(panel) else list(columns)


def has_way_in(panel: Panel) -> bool:
    """Whether people can, or could, register for a panel."""
    mine = select(RegistrationPage.id).where(RegistrationPage.panel_id == panel.id)
    return db.session.scalar(mine.limit(1)) is not None


def _with(columns: list[str], more: tuple[str, ...]) -> list[str]:
    return [*columns, *(column for column in more if column not in columns)]
