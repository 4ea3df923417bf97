"""`panel-app demo` loads once, and says where everything is."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import text

from panel_app.app import create_app
from panel_app.cli import main
from panel_app.config import VARIABLES
from panel_app.core import check
from panel_app.core.db import db
from panel_app.demo.command import demo


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what the command sets in its own process's environment."""
    put_back(monkeypatch)


def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES.values():
        monkeypatch.setenv(name, os.environ.get(name, ""))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder that the command loaded, and what it said: it takes its time."""
    folder = tmp_path_factory.mktemp("once") / "demo"
    with pytest.MonkeyPatch.context() as monkeypatch:
        put_back(monkeypatch)
        first = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert first.exit_code == 0, first.output
    return folder, first.output


def test_the_second_time_nothing_is_loaded(once: tuple[Path, str]) -> None:
    folder, first = once
    assert "Loading" in first
    second = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert "Loading" not in second.output
    links = [line for line in first.splitlines() if "/j/" in line]
    assert len(links) == 4
    assert links == [line for line in second.output.splitlines() if "/j/" in line]


def test_a_half_loaded_borough_is_loaded_again_and_settings_from_outside_stay_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANEL_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("PANEL_LANGUAGES", "en")
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "loaded").write_text("loading")
    (folder / "panel.db").write_text("not a database")
    answer = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert answer.exit_code == 0, answer.output
    assert "Loading" in answer.output
    assert not (tmp_path / "keys").exists()
    assert os.environ["PANEL_LANGUAGES"] == ""


@pytest.mark.parametrize("options", [[], ["--fresh"]])
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "panel.db").write_text("a council's own")
    answer = CliRunner().invoke(demo, ["--folder", str(tmp_path), "--load-only", *options])
    assert answer.exit_code == 1
    assert "left alone" in answer.output
    assert (tmp_path / "panel.db").read_text() == "a council's own"


def test_taken_port_is_said_at_once_with_what_to_type(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = CliRunner().invoke(demo, ["--folder", str(folder), "--port", str(port)])
        served = CliRunner().invoke(main, ["serve", "--port", str(port)])
    assert answer.exit_code == served.exit_code == 1
    assert f"Port {port} is taken by another program. Type: panel-app demo --port" in answer.output
    assert f"Type: panel-app serve --host 127.0.0.1 --port {port + 1}"[:-2] in served.output
    assert not folder.exists()


def test_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "demo"
    answer = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert answer.exit_code == 1
    assert f"{folder} can’t be written" in answer.output


def test_loaded_demo_is_brought_up_to_this_release(tmp_path: Path, once: tuple[Path, str]) -> None:
    """One that the release before loaded is upgraded; one of an unknown release is loaded anew."""
    arguments = ["--folder", str(copytree(once[0], tmp_path / "demo")), "--load-only"]
    assert CliRunner().invoke(demo, arguments).exit_code == 0
    older = CliRunner().invoke(main, ["db", "upgrade"])
    assert older.exit_code == 0, older.output
    with from_here():
        downgrade(revision="-1")
    again = CliRunner().invoke(demo, arguments)
    assert again.exit_code == 0, again.output
    assert "Loading" not in again.output
    with from_here() as app:
        assert [f for f in check.check(app) if "schema" in f.what] == []
        db.session.execute(text("UPDATE alembic_version SET version_num = 'from-elsewhere'"))
        db.session.commit()
    anew = CliRunner().invoke(demo, arguments)
    assert anew.exit_code == 0, anew.output
    assert "Loading" in anew.output


@contextmanager
def from_here() -> Iterator[Flask]:
    """Give an application on the demo that the command left in the environment."""
    app = create_app()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
