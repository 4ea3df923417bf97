"""What is written, and that it comes back the same."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from panel_app.opinions.api import (
    Conversation,
    Statement,
    Vote,
    read_polis,
    write_polis,
)
from tests.opinions.made_up import (
    POLIS,
    conversation_of,
    needs_real_conversations,
    small_export,
)

NOON = datetime(2026, 5, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def rows(folder: Path, name: str) -> list[list[str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def assert_same(first: Conversation, second: Conversation) -> None:
    """What is written of two conversations."""
    assert first.matrix.participants == second.matrix.participants
    assert (first.matrix.values == second.matrix.values).all()
    assert (first.matrix.seen == second.matrix.seen).all()
    assert [s.text for s in first.statements] == [s.text for s in second.statements]
    assert (first.topic, first.url) == (second.topic, second.url)


def test_round_trip(tmp_path: Path) -> None:
    first = read_polis(small_export(tmp_path / "in"))
    write_polis(first, tmp_path / "out")
    assert_same(first, read_polis(tmp_path / "out"))


def test_what_is_said_of_statements_survives_a_round_trip(tmp_path: Path) -> None:
    start, second = NOON.replace(microsecond=0), timedelta(seconds=1)
    statements = [
        Statement("1", "More trees", is_seed=True, created=start),
        Statement("4", "I rent", is_meta=True, created=start),
        Statement("9", "Rude", moderation=-1, created=start),
    ]
    events = [
        *(Vote(str(n), "1", 1, start + n * second) for n in range(1, 9)),
        Vote("2", "4", 0, start + 20 * second),
        Vote("3", "9", -1, start + 21 * second),
    ]
    summary = {"topic": "A, “park”", "url": "https://x", "description": "d"}
    first = conversation_of(statements=statements, events=events, groups={}, **summary)
    write_polis(first, tmp_path)
    second_time = read_polis(tmp_path)
    assert_same(first, second_time)
    assert second_time.statements == first.statements
    assert second_time.matrix.statements == first.matrix.statements
    assert second_time.description == "d"
    again = tmp_path / "again"
    write_polis(second_time, again)
    for path in again.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_what_matters_survives_a_round_trip_and_is_missing_where_it_was_not_asked(
    tmp_path: Path,
) -> None:
    plain = read_polis(small_export(tmp_path / "in"))
    assert plain.important is None
    people, names = plain.matrix.participants, plain.matrix.statement_ids
    said = frozenset(
        (person, names[0]) for row, person in enumerate(people) if plain.matrix.seen[row, 0]
    )
    write_polis(replace(plain, important=said), tmp_path / "out")
    assert read_polis(tmp_path / "out").important == said
    header, *comments = rows(tmp_path / "out", "comments.csv")
    times = {row[header.index("comment-id")]: row[header.index("importance")] for row in comments}
    assert times[names[0]] == str(len(said))
    write_polis(plain, tmp_path / "plain")
    assert not (tmp_path / "plain" / "participant-importance.csv").exists()


def test_statement_without_author_is_not_that_of_person_nought(tmp_path: Path) -> None:
    conversation = conversation_of(
        topic="", statements=[Statement("1", "Seed")], events=[Vote("0", "1", 1)], groups={}
    )
    write_polis(conversation, tmp_path)
    assert rows(tmp_path, "participant-votes.csv")[1][2] == "0"
    assert read_polis(tmp_path).statements[0].author == ""


@needs_real_conversations
@pytest.mark.parametrize("name", ["london.youth.policing", "scoop-hivemind.ubi"])
def test_round_trip_of_a_real_conversation(tmp_path: Path, name: str) -> None:
    first = read_polis(POLIS / name)
    write_polis(first, tmp_path)
    second = read_polis(tmp_path)
    assert_same(first, second)
    assert not any("totals" in remark for remark in second.remarks)


def test_the_files_are_those_of_the_server(tmp_path: Path) -> None:
    conversation = read_polis(small_export(tmp_path / "in"))
    assert write_polis(conversation, tmp_path / "out") == (
        "summary.csv",
        "comments.csv",
        "participant-votes.csv",
        "comment-groups.csv",
    )
    assert rows(tmp_path / "out", "comments.csv")[1][:2] == [
        "1400000000",
        "Tue May 13 2014 16:53:20 GMT+0000 (Coordinated Universal Time)",
    ]
    assert "views" not in dict(row[:2] for row in rows(tmp_path / "out", "summary.csv"))


def test_totals_are_those_of_the_votes(tmp_path: Path) -> None:
    write_polis(read_polis(small_export(tmp_path / "in")), tmp_path / "out")
    header, *comments = rows(tmp_path / "out", "comments.csv")
    agrees, disagrees = header.index("agrees"), header.index("disagrees")
    assert [row[agrees] for row in comments] == ["1", "2", "0"]
    assert [row[disagrees] for row in comments] == ["1", "0", "1"]
    groups = rows(tmp_path / "out", "comment-groups.csv")
    assert groups[0] == [
        "comment-id",
        "comment",
        "total-votes",
        "total-agrees",
        "total-disagrees",
        "total-passes",
    ]
    assert groups[1][2:] == ["3", "1", "1", "1"]


def test_neither_groups_nor_authors_nor_the_order_of_votes_leave_the_house(tmp_path: Path) -> None:
    statements = [Statement("1", "More trees", author="ada")]
    events = [Vote("7", "1", -1, NOON), Vote("8", "1", 1, NOON)]
    written = conversation_of(
        topic="Park", statements=statements, events=events, groups={"7": 4, "8": 4}
    )
    names = write_polis(written, tmp_path)
    assert "votes.csv" not in names
    assert not any("ada" in path.read_text() for path in tmp_path.iterdir())
    assert [row[1] for row in rows(tmp_path, "participant-votes.csv")] == ["group-id", "", ""]


def test_themes_are_exported_as_one_layer(tmp_path: Path) -> None:
    statements = [Statement("1", "More trees"), Statement("2", "Ponds")]
    written = conversation_of(
        topic="Park", statements=statements, events=[Vote("0", "1", 1)], groups={}
    )
    names = write_polis(written, tmp_path, themes={"1": "t4"})
    assert "comment-clusters.csv" in names
    assert rows(tmp_path, "comment-clusters.csv")[1:] == [
        ["1", "1", "1", "t4", "", "", "More trees"],
        ["2", "1", "1", "", "", "", "Ponds"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1 tree", "@here", "'=1", "\tx", "fine"])
def test_no_cell_is_a_formula_and_texts_still_come_back(tmp_path: Path, text: str) -> None:
    conversation = conversation_of(
        topic=text, statements=[Statement("1", text)], events=[Vote("0", "1", 1)], groups={}
    )
    write_polis(conversation, tmp_path)
    for name in ("comments.csv", "comment-groups.csv", "summary.csv"):
        for row in rows(tmp_path, name):
            assert not any(c.startswith(("=", "+", "@", "\t", "-")) and c != "-1" for c in row)
    again = read_polis(tmp_path)
    assert (again.topic, again.statements[0].text) == (text, text)
