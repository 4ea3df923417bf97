"""Every field of the open data is explained, and a panel's evidence can be checked by anyone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from panel_app.balloting.models import Ballot
from panel_app.cli import main
from panel_app.core import audit
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.sessions import exports as minutes
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem, Attendance, Session
from panel_app.web.exports import Dataset, datasets
from tests.conftest import new_client


def test_every_field_is_in_the_dictionary(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        closed = {
            b.kind: b for b in db.session.scalars(select(Ballot).where(Ballot.state == "closed"))
        }
        statements = db.session.scalars(
            select(AgendaItem).where(AgendaItem.kind == "statements", AgendaItem.state == "open")
        ).one()
        sessions.close_item(item=statements, actor="system")
        sessions.reveal(item=statements, actor="system")
        for about in ("panel", "ballot"):
            for data in datasets(about):
                kind = "shares" if data.name in {"lines", "shares"} else "budget"
                subject = panel if about == "panel" else closed[kind]
                rows = list(csv.reader(io.StringIO(data.csv_file(subject)[1:])))
                assert rows[0] == data.columns, data.name
                assert rows[1:], data.name
                assert not {name for row in data.rows(subject) for name in row} - {
                    *data.columns,
                    *_ONLY_JSON,
                }, data.name
                assert not _unexplained(data, json.loads(data.json_file(subject))), data.name


def test_a_field_is_explained_once_and_in_words(hillgrove: Flask) -> None:
    told = json.loads(new_client(hillgrove).get("/p/hillgrove/data/dictionary.json").text)
    places = [(row["about"], row["dataset"], row["file"], row["field"]) for row in told]
    assert len(set(places)) == len(places) > 60
    assert all(len(row["meaning"]) > 5 for row in told)


#: What rows hold for the JSON alone.
_ONLY_JSON = {"result", "guests_result"}


def _unexplained(data: Dataset, value: Any) -> set[str]:
    types = {field.name: field.type for field in (*data.fields, *data.more)}

    def paths(part: Any, path: str) -> Iterator[str]:
        if types.get(path) == "document":
            return
        for inner in part if isinstance(part, list) else []:
            yield from paths(inner, path)
        for key, inner in part.items() if isinstance(part, dict) else []:
            by_key = types.get(path) == "by key"
            below = f"{path}.{'*' if by_key else key}".lstrip(".")
            if not by_key and below not in types and key not in data.columns:
                yield below
            yield from paths(inner, below)

    return set(paths(value, ""))


def test_a_stranger_checks_the_evidence_offline(hillgrove: Flask, folder: Path) -> None:
    ok, said = _checked(folder)
    assert ok, said
    assert "the projects' votes add up" in said
    assert "the lines come to the pot" in said
    assert "holds the people of panel" in said
    with hillgrove.app_context():
        assert audit.head().hash in said
    assert _checked(folder, "--head", "0" * 64)[0] is False


@pytest.mark.parametrize("path", ["data/grants.csv", "ballots/*/papers.csv", "draw/portfolio.csv"])
def test_a_changed_file_fails_the_check(folder: Path, path: str) -> None:
    changed = sorted(folder.glob(path))[0]
    changed.write_bytes(changed.read_bytes() + b"x\n")
    ok, said = _checked(folder)
    assert not ok
    assert f"{changed.relative_to(folder).as_posix()} was changed" in said


def test_a_file_that_is_missing_or_was_added_fails_the_check(folder: Path) -> None:
    (folder / "data" / "grants.csv").rename(folder / "data" / "more.csv")
    ok, said = _checked(folder)
    assert not ok
    assert "data/grants.csv is missing" in said
    assert "data/more.csv is not part of the evidence" in said


@pytest.mark.parametrize("kind", ["projects", "lines"])
def test_votes_that_were_made_up_fail_even_with_new_sums(folder: Path, kind: str) -> None:
    [beside] = folder.glob(f"ballots/*/{kind}.csv")
    told = beside.with_name("ballot.json")
    ballot = json.loads(told.read_text())
    ballot["covered"]["papers"][0] = ballot["covered"]["papers"][-1]
    told.write_text(json.dumps(ballot))
    manifest = json.loads((folder / "manifest.json").read_text())
    path = told.relative_to(folder).as_posix()
    manifest["files"][path] = hashlib.sha256(told.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    ok, said = _checked(folder)
    assert not ok
    assert f"FAILED {path.rpartition('/')[0]}" in said


def test_the_command_checks_the_zip(hillgrove: Flask, tmp_path: Path) -> None:
    zipped = tmp_path / "evidence.zip"
    zipped.write_bytes(new_client(hillgrove).get("/p/hillgrove/evidence.zip").data)
    done = CliRunner().invoke(main, ["verify", str(zipped)])
    assert done.exit_code == 0, done.output
    zipped.write_bytes(b"no zip")
    done = CliRunner().invoke(main, ["verify", str(zipped)])
    assert done.exit_code == 1
    assert "neither a folder nor a zip" in done.output


def test_minutes_tell_what_was_shown_and_nothing_else(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        [held] = [told for told in minutes.minutes(panel) if told["parts"]]
        parts = {part["kind"]: part for part in held["parts"]}
        assert held["people"] >= 5
        assert parts["question"]["people"] >= 5
        assert parts["question"]["result"]["questions"]
        session = db.session.scalars(
            select(Session).where(Session.public_id == held["session"])
        ).one()
        for item in session.items:
            item.revealed = False
        came = db.session.scalars(select(Attendance).where(Attendance.session_id == session.id))
        for attendance in list(came)[4:]:
            db.session.delete(attendance)
        told = minutes.minutes_of(session)
        assert told["people"] is None
        assert all(part["result"] is part["people"] is None for part in told["parts"])


@pytest.fixture
def folder(hillgrove: Flask, tmp_path: Path) -> Path:
    """Return where the evidence was unpacked."""
    unpacked = tmp_path / "evidence"
    packed = new_client(hillgrove).get("/p/hillgrove/evidence.zip").data
    zipfile.ZipFile(io.BytesIO(packed)).extractall(unpacked)
    return unpacked


def _checked(folder: Path, *more: str) -> tuple[bool, str]:
    """Type the command where the zip was unpacked, with a Python that has nothing installed."""
    alone = [sys.executable, "-S", "-I", "verify.py", ".", *more]
    done = subprocess.run(alone, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr
