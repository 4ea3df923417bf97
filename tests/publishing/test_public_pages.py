"""Anyone can read how people were chosen, what was decided and what was given."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.demo.applications import REQUESTS
from panel_app.panels.models import Panel
from panel_app.recruitment.models import Person
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client

PAGES = ["/", "/p/hillgrove/", "/p/hillgrove/chosen", "/p/hillgrove/grants"]
DATA = ["draw", "composition", "decisions", "grants"]


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_every_language(hillgrove: Flask, path: str, language: str) -> None:
    assert new_client(hillgrove).page(f"{path}?l={language}").get("lang") == language


def test_nobody_is_named(hillgrove: Flask) -> None:
    with hillgrove.app_context():
        people = db.session.scalars(select(Person)).all()
        names = {person.details["last_name"] for person in people}
        keys = {person.reference for person in people}
    anyone = new_client(hillgrove)
    files = [f"/p/hillgrove/data/{name}.{kind}" for name in DATA for kind in ("csv", "json")]
    for path in [*PAGES, *files]:
        shown = anyone.get(path).text
        # Whole words: a reference as short as H130 turns up inside a random identifier by chance.
        assert not (names | keys) & set(re.findall(r"\w+", shown)), path
        assert not [request.name for request in REQUESTS if request.name in shown], path


def test_an_unpublished_panel_is_not_there(hillgrove: Flask) -> None:
    with hillgrove.app_context():
        db.session.scalars(select(Panel)).one().published = False
        db.session.commit()
    anyone = new_client(hillgrove)
    for path in [*PAGES[1:], "/p/hillgrove/draw.zip", "/p/hillgrove/data/draw.json"]:
        assert anyone.get(path).status_code == 404, path
    assert "hillgrove" not in anyone.get("/").text


@pytest.mark.parametrize("name", DATA)
def test_json_and_csv_tell_the_same(hillgrove: Flask, name: str) -> None:
    anyone = new_client(hillgrove)
    rows = list(csv.DictReader(io.StringIO(_text(anyone, f"{name}.csv"))))
    whole = json.loads(_text(anyone, f"{name}.json"))
    assert rows
    if isinstance(whole, list) and name != "decisions":
        assert len(rows) == len(whole)


def test_unknown_data_is_not_there(hillgrove: Flask) -> None:
    assert new_client(hillgrove).get("/p/hillgrove/data/members.json").status_code == 404


def test_the_grants_register_has_each_award_and_no_name(hillgrove: Flask) -> None:
    page = new_client(hillgrove).page("/p/hillgrove/grants")
    given = [r for r in REQUESTS if r.outcome in {"fund", "part"}]
    assert len([c for c in page.iter("li") if c.get("class") == "card"]) == len(given)
    assert all(request.reason in text_of(page) for request in given)


def test_the_bundle_verifies_with_nothing_but_python(hillgrove: Flask, tmp_path: Path) -> None:
    packed = new_client(hillgrove).get("/p/hillgrove/draw.zip").data
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)
    checked = subprocess.run(
        [sys.executable, "-S", "-I", str(tmp_path / "verify.py"), str(tmp_path / "draw")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _text(anyone: CheckedClient, name: str) -> str:
    answer = anyone.get(f"/p/hillgrove/data/{name}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data.decode("utf-8-sig")
