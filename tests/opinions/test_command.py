"""`panel-app opinions`: JSON, sentences, and faults."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from panel_app.opinions.api import write_polis
from panel_app.opinions.command import opinions
from panel_app.opinions.votes import Vote
from tests.opinions.made_up import camps, conversation_of, publish_groups, small_export

KEYS = """participants statements votes clustered k sizes silhouette beyond_chance stability
    shown reason groups gic majority representative seconds""".split()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    matrix = camps(sizes=[40, 30, 20])
    events = [
        Vote(person, statement.id, int(matrix.values[row, column]))
        for row, person in enumerate(matrix.participants)
        for column, statement in enumerate(matrix.statements)
        if matrix.seen[row, column]
    ]
    groups = {person: int(int(person) >= 40) for person in matrix.participants}
    conversation = conversation_of(
        topic="Park", statements=matrix.statements, events=events, groups=groups
    )
    write_polis(conversation, tmp_path)
    publish_groups(tmp_path, groups)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(opinions, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_json_has_all_findings(folder: Path) -> None:
    code, out, _ = run(str(folder), "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == KEYS
    assert (found["participants"], found["statements"], found["clustered"]) == (90, 20, 90)
    assert (found["k"], found["sizes"]) == (3, [40, 30, 20])
    assert found["shown"] is True
    assert found["reason"] is None
    assert found["stability"] == pytest.approx(1.0)
    assert set(found["groups"]) == {str(person) for person in range(90)}
    assert set(found["gic"]) == {str(column) for column in range(20)}
    assert set(found["representative"]) == {"0", "1", "2"}
    assert found["seconds"] > 0


def test_same_seed_gives_the_same_json(folder: Path) -> None:
    first, second = (json.loads(run(str(folder), "--json", "--seed", "5")[1]) for _ in range(2))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_number_of_groups_is_pinned(folder: Path) -> None:
    assert json.loads(run(str(folder), "--json", "--k", "2")[1])["k"] == 2


def test_published_groups_are_described_and_not_shown(folder: Path) -> None:
    found = json.loads(run(str(folder), "--json", "--groups", "published")[1])
    assert found["sizes"] == [40, 50]
    assert (found["shown"], found["stability"]) == (False, None)
    assert found["reason"].startswith("Groups are not shown")


def test_sentences_are_the_default(folder: Path) -> None:
    code, out, _ = run(str(folder))
    assert code == 0
    assert "Groups are shown: 90 people were placed" in out
    assert "What divides" in out
    assert "Group A is 40 people out of 90." in out


def test_bad_files_exit_with_two_and_every_fault(tmp_path: Path) -> None:
    small_export(tmp_path)
    (tmp_path / "comments.csv").write_text("timestamp,comment-id\n")
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1,0,0,yes\n2,0,0,9\n")
    code, out, err = run(str(tmp_path), "--json")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "comments.csv, row 1: has no column “author-id”",
        "comments.csv, row 1: has no column “moderated”",
        "comments.csv, row 1: has no column “comment-body”",
        "votes.csv, row 2, column vote: “yes” is none of -1, 0 and 1",
        "votes.csv, row 3, column vote: “9” is none of -1, 0 and 1",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere",),
        (".", "--seed", "-1"),
        (".", "--k", "1"),
        (".", "--k", "2", "--groups", "published"),
        (".", "--what"),
    ],
)
def test_misuse_exits_with_two(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_published_groups_that_are_not_there_exit_with_two(tmp_path: Path) -> None:
    small_export(tmp_path)
    (tmp_path / "participants-votes.csv").unlink()
    code, _, err = run(str(tmp_path), "--groups", "published")
    assert code == 2
    assert "No groups were published" in err


@pytest.mark.parametrize("module", ["opinions", "opinions.command"])
def test_import_loads_nothing_heavy(module: str) -> None:
    code = (
        f"import sys, panel_app.{module}; "
        "print(sorted({'numpy','scipy','sklearn','flask','sqlalchemy'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == "[]"
