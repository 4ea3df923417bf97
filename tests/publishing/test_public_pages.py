"""Anyone can read how people were chosen, what was decided and what was given."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.grants.demo.applications import REQUESTS
from panel_app.panels.models import Panel
from panel_app.recruitment.models import Lottery, Person
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.panels import make_panel

PAGES = [
    "/",
    "/p/hillgrove/",
    "/p/hillgrove/chosen",
    "/p/hillgrove/grants",
    "/p/hillgrove/programmes/hillgrove-small-grants",
]
DATA = [
    "draw",
    "composition",
    "invitations",
    "people",
    "notes",
    "contributions",
    "statements",
    "questions",
    "decisions",
    "ideas",
    "commitments",
    "spending",
    "grants",
    "rounds",
    "360giving",
    "minutes",
    "dictionary",
]


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_every_language(hillgrove: Flask, path: str, language: str) -> None:
    assert new_client(hillgrove).page(f"{path}?l={language}").get("lang") == language


def test_nobody_is_named(hillgrove: Flask) -> None:
    with hillgrove.app_context():
        people = db.session.scalars(select(Person)).all()
        names = {_last_name(person) for person in people}
        keys = {person.reference for person in people}
    anyone = new_client(hillgrove)
    files = [f"/p/hillgrove/data/{name}.{kind}" for name in DATA for kind in ("csv", "json")]
    for path in [*PAGES, *files]:
        shown = anyone.get(path).text
        # Whole words: a reference as short as H130 turns up inside a random identifier by chance.
        assert not (names | keys) & set(re.findall(r"\w+", shown)), path
        assert not [request.name for request in REQUESTS if request.name in shown], path


def _last_name(person: Person) -> str:
    """Return how somebody is called at last, whether they were in a file or registered."""
    details = person.details
    return str(details.get("last_name") or details["Name"].split()[-1])


def test_an_unpublished_panel_is_not_there(hillgrove: Flask) -> None:
    with hillgrove.app_context():
        db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one().published = False
        db.session.commit()
    anyone = new_client(hillgrove)
    for path in [*PAGES[1:], "/p/hillgrove/draw.zip", "/p/hillgrove/data/draw.json"]:
        assert anyone.get(path).status_code == 404, path
    assert "hillgrove" not in anyone.get("/").text


def test_json_and_csv_tell_the_same(hillgrove: Flask) -> None:
    anyone = new_client(hillgrove)
    rows = {name: _rows(anyone, name) for name in DATA}
    told = {name: json.loads(_text(anyone, f"{name}.json")) for name in DATA}
    assert rows["draw"] == [_as_cells(told["draw"]["draw"])]
    assert rows["composition"] == [_as_cells(row) for row in told["composition"]]
    assert rows["composition"] == [_as_cells(row) for row in told["draw"]["composition"]]
    for name in ("grants", "rounds"):
        assert rows[name] == [_as_cells(row) for row in told[name]]
    given = sum(Decimal(row["awarded_pounds"]) for row in rows["grants"])
    assert given == sum(Decimal(row["awarded_pounds"]) for row in rows["rounds"]) > 0
    funded = {row["title"] for row in rows["decisions"] if row["funded"] == "True"}
    assert funded == {title for ballot in told["decisions"] for title in ballot["winners"]} != set()


def test_data_of_a_panel_without_a_draw_is_an_empty_table(app: Flask) -> None:
    with app.app_context():
        make_panel(slug="new")
        db.session.commit()
    anyone = new_client(app)
    for name in set(DATA) - {"dictionary", "people"}:
        header = anyone.get(f"/p/new/data/{name}.csv").data.decode("utf-8-sig").splitlines()
        assert len(header) == 1, name
        assert "," in header[0]
    assert json.loads(anyone.get("/p/new/data/draw.json").text)["draw"] is None
    assert anyone.get("/p/new/chosen").status_code == 404
    assert anyone.get("/p/new/draw.zip").status_code == 404
    assert "has not been prepared yet" in text_of(anyone.page("/p/new/"))


def test_the_public_page_offers_every_set_of_data(hillgrove: Flask) -> None:
    shown = new_client(hillgrove).get("/p/hillgrove/").text
    offered = re.findall(r"/p/hillgrove/data/(\w+)\.csv", shown)
    assert sorted(offered) == sorted(DATA)


def test_unknown_data_is_not_there(hillgrove: Flask) -> None:
    assert new_client(hillgrove).get("/p/hillgrove/data/members.json").status_code == 404


def test_the_grants_register_has_each_award_and_no_name(hillgrove: Flask) -> None:
    page = new_client(hillgrove).page("/p/hillgrove/grants")
    given = [r for r in REQUESTS if r.outcome in {"fund", "part"}]
    assert len([c for c in page.iter("li") if c.get("class") == "card"]) == len(given)
    assert all(request.reason in text_of(page) for request in given)


def test_a_stranger_checks_the_draw_as_the_page_says(hillgrove: Flask, tmp_path: Path) -> None:
    anyone = new_client(hillgrove)
    page = anyone.page("/p/hillgrove/chosen")
    links = [a.get("href") or "" for a in page.iter("a") if a.get("href", "").endswith(".zip")]
    [link] = [link for link in links if link.endswith("/draw.zip")]
    assert len(links) == 3, "the panel's draw, of the seat that was given up, and of reserves"
    zipfile.ZipFile(io.BytesIO(anyone.get(link).data)).extractall(tmp_path)
    [typed] = [text_of(command) for command in page.iter("code")]
    assert typed in (tmp_path / "README.txt").read_text()
    assert _checked(typed, tmp_path) == 0
    assert _checked(typed[:-1] + ("1" if typed[-1] == "0" else "0"), tmp_path) == 1
    portfolio = tmp_path / "draw" / "portfolio.csv"
    portfolio.write_text(portfolio.read_text().replace("1", "2", 1))
    assert _checked(typed, tmp_path) == 1


def _checked(typed: str, folder: Path) -> int:
    """Type the command where the zip was unpacked, with a Python that has nothing installed."""
    python, *arguments = shlex.split(typed)
    assert python == "python3"
    alone = [sys.executable, "-S", "-I", *arguments]
    return subprocess.run(alone, cwd=folder, capture_output=True, check=False).returncode


def test_nobody_is_said_to_have_had_a_chance_they_had_not(hillgrove: Flask) -> None:
    with hillgrove.app_context():
        lottery = db.session.scalars(select(Lottery).where(Lottery.kind == "panel")).one()
        shared = {"Gender": "Women", "Age": "16 to 29"}
        lottery.uncoverable = [{"features": shared, "people": 3, "changes": []}]
        db.session.commit()
    anyone = new_client(hillgrove)
    for path in ("/p/hillgrove/", "/p/hillgrove/chosen"):
        assert "Except for 3 people whom no panel could hold" in text_of(anyone.page(path))


def _rows(anyone: CheckedClient, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(anyone, f"{name}.csv"))))


def _as_cells(row: dict[str, Any]) -> dict[str, str]:
    return {name: "" if cell is None else str(cell) for name, cell in row.items()}


def _text(anyone: CheckedClient, name: str) -> str:
    answer = anyone.get(f"/p/hillgrove/data/{name}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data.decode("utf-8-sig")
