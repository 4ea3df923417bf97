"""Nothing is held without a rule, and the map of personal data says what is so."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from panel_app.core.db import Base
from panel_app.core.feature import offered
from panel_app.core.holdings import Holder, NobodyIn
from panel_app.records import personal_data_map

DOCUMENT = Path(__file__).parents[2] / "docs" / "personal-data.md"
AGAIN = "UPDATE_MAP=1 python -m pytest tests/records/test_map.py"
#: Random or counted, and when a row was made: each goes or stays with its row.
MECHANICAL = {"id", "public_id", "created_at"}


def columns() -> set[str]:
    return {f"{table.name}.{column.name}" for table in tables() for column in table.columns}


def tables() -> list[object]:
    """Return our tables; those that tests make up are not ours."""
    mappers = Base.registry.mappers
    ours = {m.local_table for m in mappers if m.class_.__module__.startswith("panel_app.")}
    return sorted(ours, key=str)


def test_every_column_has_a_holder_or_a_reason(app: Flask) -> None:
    with app.app_context():
        held = {c for h in offered(Holder) for place in h.places for c in place.columns}
        free = {c for each in offered(NobodyIn) for c in each.reasons}
    covered = held | free
    # A table is named whole, or column by column: then a new column needs a word of its own.
    single = {c.partition(".")[0] for c in covered if "." in c}
    assert not single & covered
    without = [
        c
        for c in columns()
        if c.partition(".")[2] not in MECHANICAL and not {c, c.partition(".")[0]} & covered
    ]
    assert not without, f"say in a feature's holdings.py who these tell of: {sorted(without)}"


def test_what_is_named_exists(app: Flask) -> None:
    with app.app_context():
        held = {c for h in offered(Holder) for place in h.places for c in place.columns}
        free = {c for each in offered(NobodyIn) for c in each.reasons}
    known = columns() | {c.partition(".")[0] for c in columns()}
    assert (held | free) <= known


def test_sealed_tables_are_searched_or_named_by_another(app: Flask) -> None:
    with app.app_context():
        searched = {h.sealed.__tablename__ for h in offered(Holder) if h.sealed is not None}
    sealed = {c.partition(".")[0] for c in columns() if c.endswith(".sealed")}
    assert sealed - {"message", "staged_person"} == searched


def test_document_is_made_from_the_features(app: Flask) -> None:
    with app.app_context():
        made = personal_data_map.written_into(DOCUMENT)
    if os.environ.get("UPDATE_MAP"):
        DOCUMENT.write_text(made)
    assert DOCUMENT.read_text() == made, f"if this is meant: {AGAIN}"
