"""Made-up conversations, and where the real ones are."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from panel_app.opinions.api import Conversation, Statement, Vote, VoteMatrix, matrix_of

POLIS = Path(__file__).parents[2] / ".." / "shared" / "data" / "polis"

needs_real_conversations = pytest.mark.skipif(
    not POLIS.is_dir(), reason="the real conversations (../shared/data/polis) are not here"
)


def conversation_of(
    *,
    statements: Sequence[Statement],
    events: Sequence[Vote],
    groups: Mapping[str, int],
    **summary: str,
) -> Conversation:
    """Statements, votes and groups put together as a reader of files does."""
    matrix = matrix_of(events, statements)
    return Conversation(matrix, tuple(statements), groups=groups, **summary)


def camps(
    people: int = 90,
    statements: int = 20,
    sizes: Sequence[int] | None = None,
    noise: float = 0.1,
    density: float = 0.8,
    seed: int = 0,
) -> VoteMatrix:
    """People in camps that answer alike, each answer turned round with odds `noise`."""
    rng = np.random.default_rng(seed)
    sizes = sizes or [people // 3] * 3
    camp = np.repeat(np.arange(len(sizes)), sizes)
    taste = rng.choice([-1, 1], size=(len(sizes), statements))
    values = taste[camp] * np.where(rng.random((len(camp), statements)) < noise, -1, 1)
    seen = rng.random(values.shape) < density
    return matrix_from(np.where(seen, values, 9))


def matrix_from(
    rows: Sequence[Sequence[int]] | np.ndarray, **statement: dict[int, int]
) -> VoteMatrix:
    """A matrix from rows of 1, 0 and -1; 9 stands for unseen."""
    array = np.array(rows, dtype=np.int8).reshape(len(rows), -1)
    seen = array != 9
    moderation = statement.get("moderation", {})
    return VoteMatrix(
        tuple(str(person) for person in range(array.shape[0])),
        tuple(
            Statement(str(column), f"Statement {column}", moderation.get(column, 1))
            for column in range(array.shape[1])
        ),
        np.where(seen, array, 0).astype(np.int8),
        seen,
    )


def write_csv(folder: Path, name: str, rows: Sequence[Sequence[object]]) -> None:
    """Write one CSV file of a made-up export."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def publish_groups(folder: Path, groups: Mapping[str, int]) -> None:
    """Name everybody's group in a written export, as Polis does."""
    with (folder / "participant-votes.csv").open(encoding="utf-8", newline="") as file:
        header, *people = csv.reader(file)
    grouped = [[person, groups.get(person, ""), *rest] for person, _, *rest in people]
    write_csv(folder, "participant-votes.csv", [header, *grouped])


COMMENTS = ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated"]


def small_export(folder: Path, sign: int = 1, log: bool = True) -> Path:
    """Three people on statements 0, 2 and 5 (a gap), person 1 changing an answer."""
    write_csv(
        folder,
        "comments.csv",
        [
            [*COMMENTS, "comment-body"],
            [1400000000000, "x", 0, 0, 7, 7, 1, "More trees, please"],
            [1400000001000, "x", 2, 1, 2, 0, 1, 'The "old" hall\nmust stay'],
            [1400000002000, "x", 5, 1, 0, 1, -1, "=SUM(A1)"],
        ],
    )
    write_csv(
        folder,
        "participants-votes.csv",
        [
            ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", 0, 2, 5],
            [0, 0, 1, 2, 2, 0, sign, sign, ""],
            [1, 0, 2, 3, 1, 2, -sign, sign, -sign],
            [2, 1, 0, 1, 0, 0, 0, "", ""],
        ],
    )
    write_csv(folder, "summary.csv", [["topic", "Trees"], ["url", "u"], ["views", 12]])
    if log:
        write_csv(
            folder,
            "votes.csv",
            [
                ["timestamp", "datetime", "comment-id", "voter-id", "vote"],
                [1400000003000, "x", 0, 1, -sign],
                [1400000002000, "x", 0, 1, sign],
                [1400000002000, "x", 0, 0, sign],
                [1400000002001, "x", 2, 0, sign],
                [1400000002002, "x", 2, 1, sign],
                [1400000002003, "x", 5, 1, -sign],
                [1400000002004, "x", 0, 2, 0],
            ],
        )
    return folder
