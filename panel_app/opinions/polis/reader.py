"""Reading a folder exported by Polis, of either generation, into a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from panel_app.opinions.gettext_protocol import (
    Gettext,
    Ngettext,
    plain_gettext,
    plain_ngettext,
)
from panel_app.opinions.polis.conversation import Conversation
from panel_app.opinions.polis.csv_tables import FaultList, FaultyFiles
from panel_app.opinions.polis.rows import (
    CommentRows,
    MatrixRows,
    read_comments,
    read_log,
    read_matrix,
    read_summary,
)
from panel_app.opinions.polis.signs import (
    by_first,
    by_second,
    flip,
    has_opinions,
    sign_from_cells,
    sign_from_totals,
    total_evidence,
)
from panel_app.opinions.votes import (
    Statement,
    Vote,
    VoteMatrix,
    id_order,
    matrix_of_cells,
)

Cells = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class _Sources:
    comments: CommentRows
    matrix: MatrixRows | None
    log: tuple[Vote, ...] | None

    @cached_property
    def logged(self) -> Cells:
        """The last votes of the log."""
        return last_votes(self.log or ())

    @cached_property
    def cells(self) -> Cells:
        """What counts: the last votes of the log, and what only the matrix holds."""
        return {**(self.matrix.cells if self.matrix else {}), **self.logged}


def read_polis(
    folder: Path,
    *,
    agree: int | None = None,
    gettext: Gettext = plain_gettext,
    ngettext: Ngettext = plain_ngettext,
) -> Conversation:
    """Read `comments.csv` with the votes matrix, the event log, or both.

    The log's last vote by time counts; totals are counted again, never believed. Which sign
    agrees is found out by comparing with the stated totals, unless `agree` (1 or -1) says it.
    Raises FaultyFiles with every fault of every file.
    """
    faults = FaultList(gettext)
    if not folder.is_dir():
        faults.add(folder.name, gettext("is not a folder"))
    faults.stop_if_any()
    summary = read_summary(folder, faults)
    sources = _read_sources(folder, faults)
    sources = _same_sign(sources, agree, faults)
    faults.stop_if_any()
    matrix = _matrix(sources)
    return Conversation(
        matrix=matrix,
        statements=sources.comments.statements,
        events=sources.log or (),
        groups=sources.matrix.groups if sources.matrix else {},
        topic=summary.values.get("topic", ""),
        url=summary.values.get("url", ""),
        description=summary.values.get("conversation-description", ""),
        views=summary.views,
        remarks=_remarks(sources, ngettext),
    )


def _read_sources(folder: Path, faults: FaultList) -> _Sources:
    """Read comments, matrix and log; raises FaultyFiles if they can't be used together."""
    comments = read_comments(folder, faults)
    matrix = read_matrix(folder, faults)
    log = read_log(folder, faults)
    if matrix is None and log is None and not any("votes" in f.file for f in faults.found):
        message = faults.gettext("is missing, and there is no participant-votes.csv either")
        faults.add("votes.csv", message)
    if comments is None:
        raise FaultyFiles(faults.found)
    sources = _Sources(comments, matrix, log)
    _refuse_unknown_statements(sources, faults)
    faults.stop_if_any()
    return sources


def last_votes(log: Iterable[Vote]) -> dict[tuple[str, str], int]:
    """What each person last answered, by (participant, statement); the log in time order."""
    return {(vote.participant, vote.statement): vote.value for vote in log}


def _refuse_unknown_statements(sources: _Sources, faults: FaultList) -> None:
    known = {statement.id for statement in sources.comments.statements}
    in_matrix = set(sources.matrix.statements if sources.matrix else ())
    in_log = {vote.statement for vote in sources.log or ()}
    for name in sorted((in_matrix | in_log) - known, key=id_order):
        message = faults.gettext(
            "has no statement “%(statement)s”, but there are votes on it", statement=name
        )
        faults.add("comments.csv", message, column="comment-id")


def _same_sign(sources: _Sources, agree: int | None, faults: FaultList) -> _Sources:
    """Turn both sources so that 1 means agreeing."""
    matrix, log = sources.matrix, sources.log
    if matrix is not None and has_opinions(matrix.cells.values()):
        sign = agree or _matrix_sign(matrix, sources.comments)
        if sign is None:
            _ask_for_sign("participant-votes.csv", faults)
        else:
            matrix = replace(matrix, cells=flip(matrix.cells, sign))
    if log is not None and has_opinions(vote.value for vote in log):
        sign = _log_sign(log, matrix, sources.comments, agree)
        if sign is None:
            _ask_for_sign("votes.csv", faults)
        elif sign < 0:
            log = tuple(replace(vote, value=-vote.value) for vote in log)
    return _Sources(sources.comments, matrix, log)


def _matrix_sign(matrix: MatrixRows, comments: CommentRows) -> int | None:
    stated = sign_from_totals(total_evidence(by_first(matrix.cells), matrix.totals))
    return stated or sign_from_totals(total_evidence(by_second(matrix.cells), comments.totals))


def _log_sign(
    log: Sequence[Vote], matrix: MatrixRows | None, comments: CommentRows, agree: int | None
) -> int | None:
    cells = last_votes(log)
    compared = sign_from_cells(cells, matrix.cells) if matrix is not None else None
    if compared is not None:
        return compared
    return agree or sign_from_totals(total_evidence(by_second(cells), comments.totals))


def _ask_for_sign(file: str, faults: FaultList) -> None:
    message = faults.gettext(
        "doesn't tell whether 1 or -1 means agreeing; say which with --agree 1 or --agree=-1"
    )
    faults.add(file, message)


def _matrix(sources: _Sources) -> VoteMatrix:
    """Everybody and every statement of the matrix, and of the log where they go beyond it."""
    import numpy as np

    cells = sources.cells
    people = {person for person, _ in cells}
    people |= set(sources.matrix.participants if sources.matrix else ())
    participants = sorted(people, key=id_order)
    statements = _columns(sources)
    row_of = {person: row for row, person in enumerate(participants)}
    column_of = {statement.id: column for column, statement in enumerate(statements)}
    rows = np.fromiter((row_of[person] for person, _ in cells), np.intp, len(cells))
    columns = np.fromiter((column_of[name] for _, name in cells), np.intp, len(cells))
    values = np.fromiter(cells.values(), np.int8, len(cells))
    return matrix_of_cells(participants, statements, rows, columns, values)


def _columns(sources: _Sources) -> list[Statement]:
    """The matrix's statements, or all of them where there is no matrix."""
    statements: Sequence[Statement] = sources.comments.statements
    if sources.matrix is not None:
        wanted = set(sources.matrix.statements) | {name for _, name in sources.cells}
        statements = [statement for statement in statements if statement.id in wanted]
    return sorted(statements, key=lambda statement: id_order(statement.id))


def _remarks(sources: _Sources, ngettext: Ngettext) -> tuple[str, ...]:
    """Say what was wrong in the files and was put right."""
    remarks = []
    wrong = _wrong_totals(sources)
    if wrong:
        remarks.append(
            ngettext(
                "The totals of %(num)s statement in comments.csv were wrong "
                "and were counted again.",
                "The totals of %(num)s statements in comments.csv were wrong "
                "and were counted again.",
                wrong,
            )
        )
    changed = len(sources.log or ()) - len(sources.logged)
    if changed:
        remarks.append(
            ngettext(
                "%(num)s vote was changed afterwards; the last one counts.",
                "%(num)s votes were changed afterwards; the last one counts.",
                changed,
            )
        )
    differing = _differing(sources)
    if differing:
        remarks.append(
            ngettext(
                "%(num)s vote differs between votes.csv and the matrix; votes.csv goes first.",
                "%(num)s votes differ between votes.csv and the matrix; votes.csv goes first.",
                differing,
            )
        )
    return tuple(remarks)


def _wrong_totals(sources: _Sources) -> int:
    counts = by_second(sources.cells)
    stated = sources.comments.totals
    return sum(1 for name, *total in stated if counts.get(name, (0, 0)) != tuple(total))


def _differing(sources: _Sources) -> int:
    if sources.matrix is None or sources.log is None:
        return 0
    stated, logged = sources.matrix.cells, sources.logged
    return sum(1 for key in set(stated) | set(logged) if stated.get(key) != logged.get(key))
