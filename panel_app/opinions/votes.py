"""Statements, votes, and the matrix of who said what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Int8s = NDArray[np.int8]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]
Floats = NDArray[np.floating[Any]]

AGREE, PASS, DISAGREE = 1, 0, -1

MOST_PARTICIPANTS = 100_000
MOST_STATEMENTS = 10_000

#: Up to this many cells sums are kept in double precision; beyond it single precision
#: halves the time and still holds every count exactly.
DOUBLE_PRECISION_CELLS = 2_000_000
BLOCK_ROWS = 1_024
#: Longer rows of digits are names, not numbers.
LONGEST_NUMBER = 18


class TooLarge(ValueError):
    """More participants or statements than the engine takes."""


@dataclass(frozen=True)
class Statement:
    """A short sentence to agree, disagree or pass on."""

    id: str
    text: str = ""
    moderation: int = 1  # -1 rejected, 0 waiting, 1 accepted
    is_seed: bool = False  # put in by the facilitator before anybody voted
    is_meta: bool = False  # about the person, not the topic
    author: str = ""
    created: datetime | None = None

    @property
    def is_set_aside(self) -> bool:
        """Whether the groups are found without it."""
        return self.moderation < 0 or self.is_meta


@dataclass(frozen=True)
class Vote:
    """One event of the log; of several by one person on a statement the last counts."""

    participant: str
    statement: str
    value: int  # 1 agree, 0 pass, -1 disagree
    at: datetime | None = None


@dataclass(frozen=True, eq=False)
class VoteMatrix:
    """Participants by statements. `values` is 1, 0 or -1, and 0 where `seen` is false."""

    participants: tuple[str, ...]
    statements: tuple[Statement, ...]
    values: Int8s
    seen: Bools

    @property
    def statement_ids(self) -> tuple[str, ...]:
        return tuple(statement.id for statement in self.statements)

    @property
    def votes(self) -> int:
        return int(self.seen.sum())

    @property
    def set_aside(self) -> Bools:
        """One boolean a statement: rejected, or about the person."""
        return np.array([statement.is_set_aside for statement in self.statements], dtype=bool)

    def votes_by_person(self) -> Ints:
        """How many statements each participant voted on, rejected ones included."""
        votes: Ints = np.count_nonzero(self.seen, axis=1)
        return votes

    def people(self, rows: Ints) -> Self:
        """The same statements with only these rows of people."""
        return type(self)(
            tuple(self.participants[row] for row in rows),
            self.statements,
            self.values[rows],
            self.seen[rows],
        )

    def blocks(self) -> Iterator[tuple[slice, Floats, Floats]]:
        """Yield (rows, values, seen) as floats, a cache-sized block of people at a time."""
        dtype = np.float64 if self.values.size <= DOUBLE_PRECISION_CELLS else np.float32
        for start in range(0, len(self.participants), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            yield rows, self.values[rows].astype(dtype), self.seen[rows].astype(dtype)


def id_order(identifier: str) -> tuple[int, int, str]:
    """Sort key that puts numbered ids in number order, before all others."""
    if identifier.isascii() and identifier.isdigit() and len(identifier) <= LONGEST_NUMBER:
        return (0, int(identifier), identifier)
    return (1, 0, identifier)


def matrix_of(votes: Iterable[Vote], statements: Iterable[Statement]) -> VoteMatrix:
    """Build the matrix from an event log: the last vote of a person on a statement counts.

    Votes without a time count in the order given; with one, in the order of time, ties in
    the order given. Rows and columns are sorted by id, so that the order of the input
    changes nothing. Raises KeyError for a vote on a statement that isn't listed.
    """
    last = last_votes(votes)
    return matrix_of_answers(last, {person for person, _ in last}, statements)


def last_votes(votes: Iterable[Vote]) -> dict[tuple[str, str], int]:
    """What everybody answered in the end, by participant and statement."""
    in_time = sorted(votes, key=lambda vote: vote.at.timestamp() if vote.at else float("-inf"))
    return {(vote.participant, vote.statement): vote.value for vote in in_time}


def matrix_of_answers(
    answers: Mapping[tuple[str, str], int], people: Iterable[str], statements: Iterable[Statement]
) -> VoteMatrix:
    """Build the matrix from answers by participant and statement, of whom and which are listed."""
    participants = sorted(people, key=id_order)
    columns = sorted(statements, key=lambda statement: id_order(statement.id))
    row_of = {participant: row for row, participant in enumerate(participants)}
    column_of = {statement.id: column for column, statement in enumerate(columns)}
    rows = np.array([row_of[person] for person, _ in answers], np.intp)
    places = np.array([column_of[name] for _, name in answers], np.intp)
    values = np.array([*answers.values()], np.int8)
    return matrix_of_cells(participants, columns, rows, places, values)


def matrix_of_cells(
    participants: Sequence[str],
    statements: Sequence[Statement],
    rows: Ints,
    columns: Ints,
    values: Int8s,
) -> VoteMatrix:
    """Build the matrix from parallel arrays of row, column and value, one entry a vote."""
    if len(participants) > MOST_PARTICIPANTS or len(statements) > MOST_STATEMENTS:
        raise TooLarge(
            f"{len(participants)} participants and {len(statements)} statements; "
            f"the most are {MOST_PARTICIPANTS} and {MOST_STATEMENTS}"
        )
    shape = (len(participants), len(statements))
    matrix_values, seen = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=bool)
    matrix_values[rows, columns] = values
    seen[rows, columns] = True
    return VoteMatrix(tuple(participants), tuple(statements), matrix_values, seen)
