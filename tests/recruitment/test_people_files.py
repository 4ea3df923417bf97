"""Files of people: the command line goes on where the app drew, and letters can be merged."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels import seats, services
from panel_app.panels.models import Panel
from sortition.cli.main import main as sortition
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import TARGETS, make_draw, people_csv
from tests.factories.staff import make_user


def drawn(app: Flask, sign_in: Any) -> tuple[CheckedClient, str]:
    """Return an organiser's browser and the address of the draw of a panel of 6 among 24."""
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        lottery = make_draw(panel)
        services.give_up_seat(member=panel.members[0])
        email = make_user("organiser").email
        draw = f"/desk/hillgrove/draw/{lottery.public_id}"
        db.session.commit()
    return sign_in(email), draw


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_files_part_the_pool_and_keep_every_column(app: Flask, sign_in: Any) -> None:
    desk, draw = drawn(app, sign_in)
    assert f"{draw}/remaining.csv" in desk.get(draw).text
    files = {
        which: rows_of(desk.get(f"{draw}/{which}.csv").text)
        for which in ("selected", "remaining", "sitting")
    }
    assert {which: len(rows) for which, rows in files.items()} == {
        "selected": 6,
        "remaining": 18,
        "sitting": 5,
    }
    whole = sorted(files["selected"] + files["remaining"], key=lambda row: int(row["id"][1:]))
    brought = list(csv.DictReader(io.StringIO(people_csv())))
    assert [{key: row[key] for key in brought[0]} for row in whole] == brought


def test_command_line_replaces_from_what_the_app_drew(
    app: Flask, sign_in: Any, tmp_path: Path
) -> None:
    desk, draw = drawn(app, sign_in)
    (tmp_path / "targets.csv").write_text(TARGETS)
    for which in ("remaining", "sitting"):
        (tmp_path / f"{which}.csv").write_text(desk.get(f"{draw}/{which}.csv").text)
    arguments = ["--targets", "targets.csv", "--people", "remaining.csv"]
    arguments += ["--already-selected", "sitting.csv", "--size", "6", "--out", "out"]
    named = [str(tmp_path / a) if "." in a or a == "out" else a for a in arguments]
    assert sortition(["replace", *named]) == 0


def test_merge_file_holds_each_letters_code(app: Flask, sign_in: Any) -> None:
    desk, _draw = drawn(app, sign_in)
    rows = rows_of(desk.get("/desk/hillgrove/letters/merge.csv").text)
    assert [row["seat"] for row in rows] == ["2", "3", "4", "5", "6"]
    with app.test_request_context():
        member = db.session.scalars(select(Panel)).one().members[1]
        assert rows[0]["code"] == seats.code_of(member)
        assert rows[0]["qr_code_holds"].endswith(f"/j/{seats.token_of(member)}")
    assert {"name", "street", "letter_language"} <= set(rows[0])


def test_files_are_for_organisers_and_ask_for_the_password(app: Flask, sign_in: Any) -> None:
    desk, draw = drawn(app, sign_in)
    with app.test_request_context():
        looks_on = make_user("observer").email
        db.session.commit()
    observer = sign_in(looks_on)
    for path in (f"{draw}/selected.csv", "/desk/hillgrove/letters/merge.csv"):
        assert observer.get(path).status_code == 403
        with desk.session_transaction() as kept:
            kept["fs_paa"] = 0.0
        assert desk.get(path).status_code in {302, 303}
    assert "Files of these people" not in text_of(observer.page(draw))
