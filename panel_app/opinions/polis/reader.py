"""Reading a folder exported by Polis, of either generation, into a conversation."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from panel_app.gettext_protocol import plain_ngettext
from panel_app.opinions.polis.conversation import Conversation
from panel_app.opinions.polis.csv_tables import FaultList
from panel_app.opinions.polis.rows import (
    Cells,
    CommentRows,
    MatrixRows,
    Totals,
    read_comments,
    read_importance,
    read_log,
    read_matrix,
    read_summary,
)
from panel_app.opinions.votes import VoteMatrix, id_order, matrix_of_cells
from sortition.faults import InputFaults


@dataclass(frozen=True)
class _Sources:
    """What the files say: `log` are the last votes of the log, of which some were `changed`."""

    comments: CommentRows
    matrix: MatrixRows | None
    log: Cells | None
    changed: int

    @cached_property
    def cells(self) -> Cells:
        """What counts: the last votes of the log, and what only the matrix holds."""
        return {**(self.matrix.cells if self.matrix else {}), **(self.log or {})}


def read_polis(folder: Path, *, agree: int | None = None) -> Conversation:
    """Read `comments.csv` with the votes matrix, the event log, or both.

    The log's last vote by time counts; totals are counted again, never believed. Which sign
    agrees is found out by comparing with the stated totals, unless `agree` (1 or -1) says it.
    Raises InputFaults with every fault of every file.
    """
    faults = FaultList()
    if not folder.is_dir():
        faults.say(folder.name, "is not a folder")
    faults.stop_if_any()
    summary = read_summary(folder, faults)
    important = read_importance(folder, faults)
    sources = _same_sign(_read_sources(folder, faults), agree, faults)
    faults.stop_if_any()
    return Conversation(
        matrix=_matrix(sources),
        statements=sources.comments.statements,
        groups=sources.matrix.groups if sources.matrix else {},
        important=important,
        topic=summary.get("topic", ""),
        url=summary.get("url", ""),
        description=summary.get("conversation-description", ""),
        remarks=_remarks(sources),
    )


def _read_sources(folder: Path, faults: FaultList) -> _Sources:
    """Read comments, matrix and log; raises InputFaults if they can't be used together."""
    comments = read_comments(folder, faults)
    matrix = read_matrix(folder, faults)
    log = read_log(folder, faults)
    if matrix is None and log is None and not any("votes" in fault.source for fault in faults):
        faults.say("votes.csv", "is missing, and there is no participant-votes.csv either")
    if comments is None:
        raise InputFaults(faults)
    sources = _Sources(comments, matrix, *(log or (None, 0)))
    _refuse_unknown_statements(sources, faults)
    faults.stop_if_any()
    return sources


def _refuse_unknown_statements(sources: _Sources, faults: FaultList) -> None:
    known = {statement.id for statement in sources.comments.statements}
    voted_on = set(sources.matrix.statements if sources.matrix else ())
    voted_on |= {name for _, name in sources.log or ()}
    for name in sorted(voted_on - known, key=id_order):
        text = f"has no statement “{name}”, but there are votes on it"
        faults.say("comments.csv", text, column="comment-id")


def _same_sign(sources: _Sources, agree: int | None, faults: FaultList) -> _Sources:
    """Turn both sources so that 1 means agreeing."""
    matrix, log, totals = sources.matrix, sources.log, sources.comments.totals
    if matrix is not None and any(matrix.cells.values()):
        cells = matrix.cells
        sign = (
            agree
            or sign_from_totals(cells, PERSON, matrix.totals)
            or sign_from_totals(cells, STATEMENT, totals)
            or _ask_for_sign("participant-votes.csv", faults)
        )
        matrix = replace(matrix, cells={key: value * sign for key, value in cells.items()})
    if log is not None and any(log.values()):
        sign = (
            (sign_from_cells(log, matrix.cells) if matrix else None)
            or agree
            or sign_from_totals(log, STATEMENT, totals)
            or _ask_for_sign("votes.csv", faults)
        )
        log = {key: value * sign for key, value in log.items()}
    return replace(sources, matrix=matrix, log=log)


def _ask_for_sign(file: str, faults: FaultList) -> int:
    """Note that the sign must be said; for the time being 1 agrees."""
    text = "doesn't tell whether 1 or -1 means agreeing; say which with --agree 1 or --agree=-1"
    faults.say(file, text)
    return 1


def _matrix(sources: _Sources) -> VoteMatrix:
    """Everybody and every statement of the matrix, and of the log where they go beyond it."""
    cells, matrix, statements = sources.cells, sources.matrix, sources.comments.statements
    people = {person for person, _ in cells} | set(matrix.participants if matrix else ())
    participants = sorted(people, key=id_order)
    if matrix is not None:
        wanted = set(matrix.statements) | {name for _, name in cells}
        statements = tuple(statement for statement in statements if statement.id in wanted)
    statements = tuple(sorted(statements, key=lambda statement: id_order(statement.id)))
    row_of = {person: row for row, person in enumerate(participants)}
    column_of = {statement.id: column for column, statement in enumerate(statements)}
    rows = np.fromiter((row_of[person] for person, _ in cells), np.intp, len(cells))
    columns = np.fromiter((column_of[name] for _, name in cells), np.intp, len(cells))
    values = np.fromiter(cells.values(), np.int8, len(cells))
    return matrix_of_cells(participants, statements, rows, columns, values)


_WRONG_TOTALS = (
    "The totals of %(num)s statement in comments.csv were wrong and were counted again.",
    "The totals of %(num)s statements in comments.csv were wrong and were counted again.",
)
_CHANGED = (
    "%(num)s vote was changed afterwards; the last one counts.",
    "%(num)s votes were changed afterwards; the last one counts.",
)
_DIFFERING = (
    "%(num)s vote differs between votes.csv and the matrix; votes.csv goes first.",
    "%(num)s votes differ between votes.csv and the matrix; votes.csv goes first.",
)


def _remarks(sources: _Sources) -> tuple[str, ...]:
    """Say what was wrong in the files and was put right."""
    found = (
        (_WRONG_TOTALS, _wrong_totals(sources)),
        (_CHANGED, sources.changed),
        (_DIFFERING, _differing(sources)),
    )
    return tuple(plain_ngettext(*message, number) for message, number in found if number)


def _wrong_totals(sources: _Sources) -> int:
    counts = Counter((name, value) for (_, name), value in sources.cells.items())
    stated = sources.comments.totals.items()
    return sum((counts[name, 1], counts[name, -1]) != totals for name, totals in stated)


def _differing(sources: _Sources) -> int:
    if sources.matrix is None or sources.log is None:
        return 0
    stated, logged = sources.matrix.cells, sources.log
    return sum(1 for key in set(stated) | set(logged) if stated.get(key) != logged.get(key))


#: A share of evidence against a sign that wrong totals may explain.
MOST_AGAINST = 0.25

PERSON, STATEMENT = 0, 1


def sign_from_totals(cells: Cells, by: int, totals: Totals) -> int | None:
    """1 if 1 means agreeing, -1 if -1 does, None if the totals (by PERSON or STATEMENT) can't tell.

    Stated totals are often wrong, so only which of the two is larger counts, and by how much.
    """
    counts = Counter((key[by], value) for key, value in cells.items())
    against_straight = against_flipped = 0
    for name, (agrees, disagrees) in totals.items():
        counted, stated = counts[name, 1] - counts[name, -1], agrees - disagrees
        weight = min(abs(counted), abs(stated))
        if counted * stated < 0:
            against_straight += weight
        else:
            against_flipped += weight
    return _decide(against_straight, against_flipped)


def sign_from_cells(log: Cells, matrix: Cells) -> int | None:
    """1 if the log's last votes equal the matrix, -1 if they are opposite, None if unclear."""
    same = sum(1 for key, value in log.items() if value and matrix.get(key) == value)
    opposite = sum(1 for key, value in log.items() if value and matrix.get(key) == -value)
    return _decide(opposite, same)


def _decide(against_straight: int, against_flipped: int) -> int | None:
    if against_straight <= MOST_AGAINST * against_flipped and against_flipped:
        return 1
    if against_flipped <= MOST_AGAINST * against_straight and against_straight:
        return -1
    return None
