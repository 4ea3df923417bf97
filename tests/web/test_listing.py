"""Lists: what an address asks for is what is shown, page by page, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.staff.desk.lists import ACCOUNTS, LOG
from panel_app.web.listing import PAGE_SIZE, csv_of, shown
from tests.checked_client import CheckedClient, text_of
from tests.factories.staff import make_user

ENTRIES = 3 * PAGE_SIZE + 7


@pytest.fixture
def log(app: Flask) -> Iterator[int]:
    """Write a log of several pages; return the number of its newest entry."""
    with app.app_context(), app.test_request_context():
        for number in range(ENTRIES):
            audit.record("thing.done", actor="system", subject=f"thing:{number % 7}")
        db.session.commit()
        yield audit.head().number


def asked(**arguments: str) -> MultiDict[str, str]:
    return MultiDict(arguments)


def test_pages_neither_repeat_nor_skip(log: int) -> None:
    numbers = []
    for page in range(1, 6):
        found = shown(LOG, asked(page=str(page)))
        if found.asked.page == page:
            numbers += [entry.number for entry in found.rows]
    assert numbers == list(range(log, 0, -1))


def test_page_beyond_the_last_is_the_last(log: int) -> None:
    found = shown(LOG, asked(page="99999"))
    assert found.asked.page == found.pages
    assert found.last == found.matching


def test_order_turns_round_at_a_second_press(log: int) -> None:
    column = LOG.columns[0]
    up = shown(LOG, asked(order="number"))
    assert up.rows[0].number == 1
    assert up.sort_of(column) == "ascending"
    assert up.ordered_by(column) == {"order": "-number"}


def test_search_counts_what_it_finds(log: int) -> None:
    found = shown(LOG, asked(q="thing:3"))
    assert found.matching == len([n for n in range(ENTRIES) if n % 7 == 3])
    assert {entry.subject for entry in found.rows} == {"thing:3"}


def test_search_takes_signs_of_patterns_as_letters(log: int) -> None:
    assert shown(LOG, asked(q="%")).matching == 0
    assert shown(LOG, asked(q="thing_3")).matching == 0


def test_csv_holds_every_page_of_what_is_shown(log: int) -> None:
    answer = csv_of(LOG, asked(q="thing", order="number"))
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == ENTRIES
    assert [int(row["number"]) for row in rows] == sorted(int(row["number"]) for row in rows)
    assert set(rows[0]) == {column.key for column in LOG.columns}


def test_states_are_counted_within_the_search(app: Flask) -> None:
    with app.app_context(), app.test_request_context():
        for name in ("Ada", "Adam", "Eve"):
            make_user("observer", None).name = name
        db.session.flush()
        off = make_user("observer", None)
        off.name, off.active = "Adele", False
        db.session.commit()
        found = shown(ACCOUNTS, asked(q="ad", state="off"))
        assert [user.name for user in found.rows] == ["Adele"]
        assert found.counts == {"": 3, "active": 2, "off": 1}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arguments=st.dictionaries(
        st.sampled_from(["q", "state", "order", "page"]),
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20),
    )
)
def test_no_address_breaks_a_list(log: int, arguments: dict[str, str]) -> None:
    found = shown(LOG, MultiDict(arguments))
    assert len(found.rows) <= PAGE_SIZE


def test_a_page_asks_as_often_however_many_rows(log: int) -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    shown(LOG, asked())
    assert len(statements) == 2


def test_log_is_a_page_for_administrators(
    app: Flask, log: int, sign_in: Callable[[str], CheckedClient]
) -> None:
    email = make_user("administrator", None).email
    db.session.commit()
    desk = sign_in(email)
    words = text_of(desk.page("/desk/staff/log?q=thing%3A3"))
    assert "thing:3" in words
    assert "Download as CSV" in words
    assert "Nothing here matches." in text_of(desk.page("/desk/staff/log?q=nowhere"))
    assert desk.get("/desk/staff/log?as=csv").mimetype == "text/csv"
