"""Both generations of Polis files, with their traps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from panel_app.opinions.api import Conversation, analyse_given_groups, read_polis
from sortition.faults import InputFaults
from tests.opinions.made_up import COMMENTS, small_export, write_csv


def answers(conversation: Conversation) -> dict[tuple[str, str], int]:
    matrix = conversation.matrix
    return {
        (person, statement): int(matrix.values[row, column])
        for row, person in enumerate(matrix.participants)
        for column, statement in enumerate(matrix.statement_ids)
        if matrix.seen[row, column]
    }


EXPECTED = {
    ("0", "0"): 1,
    ("0", "2"): 1,
    ("1", "0"): -1,
    ("1", "2"): 1,
    ("1", "5"): -1,
    ("2", "0"): 0,
}


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("sign", [1, -1])
def test_sign_is_found_out_from_the_totals(tmp_path: Path, sign: int, log: bool) -> None:
    assert answers(read_polis(small_export(tmp_path, sign, log))) == EXPECTED


def test_log_with_the_opposite_sign_of_the_matrix_is_turned(tmp_path: Path) -> None:
    small_export(tmp_path, sign=-1)
    log = (tmp_path / "votes.csv").read_text()
    small_export(tmp_path, sign=1)
    (tmp_path / "votes.csv").write_text(log)
    assert answers(read_polis(tmp_path)) == EXPECTED


def test_log_alone_is_signed_by_the_statements_totals(tmp_path: Path) -> None:
    small_export(tmp_path, sign=-1)
    (tmp_path / "participants-votes.csv").unlink()
    assert answers(read_polis(tmp_path)) == EXPECTED


def test_unclear_sign_is_asked_for(tmp_path: Path) -> None:
    small_export(tmp_path, log=False)
    rows = [["participant", "group-id", 0, 2], [0, "", 1, -1], [1, "", -1, 1]]
    write_csv(tmp_path, "participants-votes.csv", rows)
    write_csv(
        tmp_path,
        "comments.csv",
        [[*COMMENTS, "comment-body"], *([14, "x", i, 0, 1, 1, 1, "Text"] for i in (0, 2))],
    )
    with pytest.raises(InputFaults) as faulty:
        read_polis(tmp_path)
    assert "--agree" in faulty.value.faults[0].message
    assert answers(read_polis(tmp_path, agree=-1))["0", "0"] == -1
    assert answers(read_polis(tmp_path, agree=1))["0", "0"] == 1


def test_sign_that_is_said_goes_before_what_the_totals_tell(tmp_path: Path) -> None:
    turned = {key: -value for key, value in EXPECTED.items()}
    assert answers(read_polis(small_export(tmp_path), agree=-1)) == turned


def test_last_vote_by_time_counts(tmp_path: Path) -> None:
    conversation = read_polis(small_export(tmp_path))
    assert answers(conversation)["1", "0"] == -1
    assert any("1 vote was changed" in remark for remark in conversation.remarks)


def test_votes_that_a_short_log_lacks_come_from_the_matrix(tmp_path: Path) -> None:
    small_export(tmp_path)
    header, *events = (tmp_path / "votes.csv").read_text().splitlines()
    kept = [line for line in events if line.split(",")[2] == "0"]
    (tmp_path / "votes.csv").write_text("\n".join([header, *kept]))
    conversation = read_polis(tmp_path)
    assert answers(conversation) == EXPECTED
    assert any("3 votes differ" in remark for remark in conversation.remarks)
    (tmp_path / "votes.csv").write_text(header)
    assert answers(read_polis(tmp_path)) == EXPECTED


def test_ids_of_absurd_length_are_names(tmp_path: Path) -> None:
    small_export(tmp_path)
    with (tmp_path / "votes.csv").open("a") as file:
        file.write(f"1400000009000,x,0,{'9' * 5000},1\n")
    assert len(read_polis(tmp_path).matrix.participants) == 4


def test_totals_are_counted_again(tmp_path: Path) -> None:
    conversation = read_polis(small_export(tmp_path))
    assert any("totals of 1 statement " in remark for remark in conversation.remarks)


def test_ids_may_have_gaps_and_texts_line_breaks(tmp_path: Path) -> None:
    conversation = read_polis(small_export(tmp_path))
    assert conversation.matrix.statement_ids == ("0", "2", "5")
    texts = {statement.id: statement.text for statement in conversation.statements}
    assert texts["2"] == 'The "old" hall\nmust stay'
    assert [statement.moderation for statement in conversation.statements] == [1, 1, -1]
    assert conversation.groups == {"0": 0, "1": 0, "2": 1}
    assert conversation.topic == "Trees"


def test_milliseconds_and_seconds_are_told_apart(tmp_path: Path) -> None:
    comments = small_export(tmp_path) / "comments.csv"
    for written in ("1400000000000", "1400000000"):
        comments.write_text(comments.read_text().replace("1400000000000", written))
        first, *_ = read_polis(tmp_path).statements
        assert first.created == datetime(2014, 5, 13, 16, 53, 20, tzinfo=UTC)


def test_newer_generation_with_a_column_more_and_letters_for_groups(tmp_path: Path) -> None:
    small_export(tmp_path)
    (tmp_path / "participants-votes.csv").rename(tmp_path / "participant-votes.csv")
    matrix = (tmp_path / "participant-votes.csv").read_text()
    matrix = matrix.replace("\r\n0,0,", "\r\n0,b,").replace("\r\n2,1,", "\r\n2,c,")
    matrix = matrix.replace("\r\n1,0,", "\r\n1,b,")
    (tmp_path / "participant-votes.csv").write_text(matrix)
    write_csv(
        tmp_path,
        "votes.csv",
        [
            ["timestamp", "datetime", "comment-id", "voter-id", "vote", "important"],
            [1700000000, "x", 0, 0, 1, 1],
            [1700000000, "x", 2, 0, 1, 0],
            [1700000001, "x", 0, 1, -1, 0],
        ],
    )
    conversation = read_polis(tmp_path)
    assert answers(conversation)["1", "0"] == -1
    assert conversation.groups == {"0": 0, "1": 0, "2": 1}


def test_unquoted_bodies_of_an_old_exporter_are_mended(tmp_path: Path) -> None:
    small_export(tmp_path)
    header = ",".join([*COMMENTS, "comment-body"])
    (tmp_path / "comments.csv").write_text(
        f"{header}\n1400000000,x,0,0,1,1,1,Trees, ponds, and benches\nfor all, please\n"
        "1400000001,x,2,1,2,0,1,Plain\n1400000002,x,5,1,0,1,-1,More, or less\n"
    )
    texts = [statement.text for statement in read_polis(tmp_path).statements]
    assert texts == ["Trees, ponds, and benches\nfor all, please", "Plain", "More, or less"]


def test_meta_and_seed_flags_of_the_newest_old_style(tmp_path: Path) -> None:
    small_export(tmp_path)
    columns = [c for c in COMMENTS if c != "datetime"]
    columns += ["is-meta", "is-seed", "group-informed-consensus", "comment-body"]
    # two groups: 0 of one and 1 of two people agree with statement 0, and so on
    rows = [
        [1400000000000, 0, 0, 1, 1, 1, "false", "true", (2 / 4) * (1 / 3), "Trees"],
        [1400000001000, 2, 1, 2, 0, 1, "true", "false", (3 / 4) * (1 / 2), "Hall"],
        [1400000002000, 5, 1, 0, 1, -1, "false", "false", (1 / 3) * (1 / 2), "Pond"],
    ]
    write_csv(tmp_path, "comments.csv", [columns, *rows])
    conversation = read_polis(tmp_path)
    assert [s.is_meta for s in conversation.statements] == [False, True, False]
    assert [s.is_seed for s in conversation.statements] == [True, False, False]
    analysis = analyse_given_groups(conversation.matrix, conversation.groups)
    published = {str(row[1]): row[8] for row in rows}
    assert analysis.consensus == pytest.approx(published, abs=1e-6)


def test_people_without_votes_and_statements_without_votes_are_kept(tmp_path: Path) -> None:
    small_export(tmp_path, log=False)
    matrix = (tmp_path / "participants-votes.csv").read_text() + "3,,0,0,0,0,,,\n"
    (tmp_path / "participants-votes.csv").write_text(matrix)
    with (tmp_path / "comments.csv").open("a") as file:
        file.write("1400000003000,x,9,0,0,0,-1,Never voted on\n")
    conversation = read_polis(tmp_path)
    assert conversation.matrix.participants == ("0", "1", "2", "3")
    assert conversation.matrix.statement_ids == ("0", "2", "5")
    assert len(conversation.statements) == 4


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    small_export(tmp_path)
    write_csv(
        tmp_path,
        "comments.csv",
        [
            [*COMMENTS, "comment-body"],
            ["soon", "x", 0, 0, 7, 7, 1, "Trees"],
            [1400000001000, "x", 2, 1, 2, 0, 8, "Hall"],
            [1400000001000, "x", 2, 1, 2, 0, 1, "Hall again"],
        ],
    )
    write_csv(
        tmp_path,
        "votes.csv",
        [
            ["timestamp", "datetime", "comment-id", "voter-id", "vote"],
            [1400000002000, "x", 0, 0, 3],
            [1400000002000, "x", 77, 0, 1],
            [1400000002000, "x", 0],
        ],
    )
    with pytest.raises(InputFaults) as faulty:
        read_polis(tmp_path)
    places = [(fault.source, fault.row, fault.column) for fault in faulty.value.faults]
    assert places == [
        ("comments.csv", 4, "comment-id"),
        ("comments.csv", 2, "timestamp"),
        ("comments.csv", 3, "moderated"),
        ("votes.csv", 4, None),
        ("votes.csv", 2, "vote"),
        ("comments.csv", None, "comment-id"),
        ("comments.csv", None, "comment-id"),
    ]
    messages = " ".join(fault.message for fault in faulty.value.faults)
    assert "“soon” is no timestamp" in messages
    assert "has 3 cells where the header has 5" in messages
    assert "no statement “77”" in messages


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    small_export(tmp_path)
    (tmp_path / "votes.csv").write_text(
        "timestamp,comment-id,voter-id,vote\n\n1,0,0,1\n\n1,0,0,7\n"
    )
    with pytest.raises(InputFaults) as faulty:
        read_polis(tmp_path)
    assert [fault.row for fault in faulty.value.faults] == [5]


def test_statement_that_ends_early_is_a_fault_and_no_line_of_the_one_before(
    tmp_path: Path,
) -> None:
    small_export(tmp_path)
    with (tmp_path / "comments.csv").open("a") as file:
        file.write("1400000003000,x,9,0\n")
    with pytest.raises(InputFaults, match="has 4 cells where the header has 8") as faulty:
        read_polis(tmp_path)
    assert [(fault.source, fault.row) for fault in faulty.value.faults] == [("comments.csv", 5)]


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputFaults) as faulty:
        read_polis(tmp_path)
    assert [fault.source for fault in faulty.value.faults] == ["comments.csv", "votes.csv"]
    with pytest.raises(InputFaults, match="is not a folder"):
        read_polis(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"timestamp,comment-id\n1,2\n", "no column"),
        (b"participant,group-id,0,0\n1,,1,1\n", "twice"),
    ],
)
def test_useless_files_are_faults(tmp_path: Path, content: bytes, message: str) -> None:
    small_export(tmp_path)
    (tmp_path / "participants-votes.csv").write_bytes(content)
    with pytest.raises(InputFaults, match=message):
        read_polis(tmp_path)
