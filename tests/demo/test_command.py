"""`panel-app demo` loads once, and says where everything is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from panel_app.config import VARIABLES
from panel_app.demo.command import demo


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what the command sets in its own process's environment."""
    for name in VARIABLES.values():
        monkeypatch.setenv(name, os.environ.get(name, ""))


def test_the_second_time_nothing_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    first = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert first.exit_code == 0, first.output
    assert "Loading" in first.output
    second = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert "Loading" not in second.output
    links = [line for line in first.output.splitlines() if "/j/" in line]
    assert len(links) == 4
    assert links == [line for line in second.output.splitlines() if "/j/" in line]


def test_a_half_loaded_borough_is_loaded_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "loaded").write_text("loading")
    (folder / "panel.db").write_text("not a database")
    answer = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert answer.exit_code == 0, answer.output
    assert "Loading" in answer.output


@pytest.mark.parametrize("options", [[], ["--fresh"]])
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "panel.db").write_text("a council's own")
    answer = CliRunner().invoke(demo, ["--folder", str(tmp_path), "--load-only", *options])
    assert answer.exit_code == 1
    assert "left alone" in answer.output
    assert (tmp_path / "panel.db").read_text() == "a council's own"


def test_settings_from_outside_stay_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANEL_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("PANEL_LANGUAGES", "en")
    folder = tmp_path / "demo"
    answer = CliRunner().invoke(demo, ["--folder", str(folder), "--load-only"])
    assert answer.exit_code == 0, answer.output
    assert not (tmp_path / "keys").exists()
    assert os.environ["PANEL_LANGUAGES"] == ""
