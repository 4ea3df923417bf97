"""Reading a folder exported by Polis, of either generation, into a conversation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from panel_app.gettext_protocol import plain_ngettext
from panel_app.opinions.polis.csv_tables import FaultList
from panel_app.opinions.polis.rows import (
    Cells,
    MatrixRows,
    Totals,
    read_comments,
    read_importance,
    read_log,
    read_matrix,
    read_summary,
)
from panel_app.opinions.votes import Statement, VoteMatrix, id_order, matrix_of_answers
from sortition.faults import InputFaults


@dataclass(frozen=True, eq=False)
class Conversation:
    """Everything an export holds.

    `statements` are all of them, also those nobody voted on; `matrix` holds who answered
    what in the end. `groups` are those published with it (none where the gate doesn't show them).
    `remarks` say what was put right.
    """

    matrix: VoteMatrix
    statements: tuple[Statement, ...]
    groups: Mapping[str, int] = field(default_factory=dict)
    #: What matters to whom, (participant, statement); None where it was not asked.
    important: frozenset[tuple[str, str]] | None = None
    topic: str = ""
    url: str = ""
    description: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sources:
    """What the files say: `log` are the last votes of the log, of which some were `changed`."""

    statements: tuple[Statement, ...]
    totals: Totals
    matrix: MatrixRows
    log: Cells
    changed: int

    @cached_property
    def cells(self) -> Cells:
        """What counts: the last votes of the log, and what only the matrix holds."""
        return {**self.matrix.cells, **self.log}


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
        statements=sources.statements,
        groups=sources.matrix.groups,
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
    statements, totals = comments
    matrix = matrix or MatrixRows((), tuple(one.id for one in statements), {}, {}, {})
    sources = _Sources(statements, totals, matrix, *(log or ({}, 0)))
    voted_on = {*matrix.statements, *(name for _, name in sources.log)}
    for name in sorted(voted_on.difference(one.id for one in statements), key=id_order):
        text = f"has no statement “{name}”, but there are votes on it"
        faults.say("comments.csv", text, column="comment-id")
    faults.stop_if_any()
    return sources


def _same_sign(sources: _Sources, agree: int | None, faults: FaultList) -> _Sources:
    """Turn both sources so that 1 means agreeing."""
    matrix, log, totals = sources.matrix, sources.log, sources.totals
    by_person = sign_from_totals(matrix.cells, PERSON, matrix.totals)
    by_statement = sign_from_totals(matrix.cells, STATEMENT, totals)
    signs = (agree, by_person, by_statement)
    matrix = replace(matrix, cells=_turned(matrix.cells, signs, "participant-votes.csv", faults))
    signs = (sign_from_cells(log, matrix.cells), agree, sign_from_totals(log, STATEMENT, totals))
    return replace(sources, matrix=matrix, log=_turned(log, signs, "votes.csv", faults))


def _turned(cells: Cells, signs: Sequence[int | None], file: str, faults: FaultList) -> Cells:
    """The votes times the first sign that is known; a fault where the file has to be told."""
    sign = next(filter(None, signs), None)
    if sign is None and any(cells.values()):
        text = "doesn't tell whether 1 or -1 means agreeing; say which with --agree 1 or --agree=-1"
        faults.say(file, text)
    return {key: value * (sign or 1) for key, value in cells.items()}


def _matrix(sources: _Sources) -> VoteMatrix:
    """Everybody and every statement of the matrix, and of the log where they go beyond it."""
    cells, matrix = sources.cells, sources.matrix
    people = {*matrix.participants, *(person for person, _ in cells)}
    wanted = {*matrix.statements, *(name for _, name in cells)}
    statements = (statement for statement in sources.statements if statement.id in wanted)
    return matrix_of_answers(cells, people, statements)


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
    stated = sources.totals.items()
    return sum((counts[name, 1], counts[name, -1]) != totals for name, totals in stated)


def _differing(sources: _Sources) -> int:
    stated, logged = sources.matrix.cells, sources.log
    if not stated or not logged:
        return 0
    return sum(stated.get(key) != logged.get(key) for key in {*stated, *logged})


#: A share of evidence against a sign that wrong totals may explain.
MOST_AGAINST = 0.25

PERSON, STATEMENT = 0, 1


def sign_from_totals(cells: Cells, by: int, totals: Totals) -> int | None:
    """1 if 1 means agreeing, -1 if -1 does, None if the totals (by PERSON or STATEMENT) can't tell.

    Stated totals are often wrong, so only which of the two is larger counts, and by how much.
    """
    counts = Counter((key[by], value) for key, value in cells.items())
    evidence = Counter[bool]()
    for name, (agrees, disagrees) in totals.items():
        counted, stated = counts[name, 1] - counts[name, -1], agrees - disagrees
        evidence[counted * stated >= 0] += min(abs(counted), abs(stated))
    return _sign(evidence)


def sign_from_cells(log: Cells, matrix: Cells) -> int | None:
    """1 if the log's last votes equal the matrix, -1 if they are opposite, None if unclear."""
    both = ((value, matrix.get(key)) for key, value in log.items())
    return _sign(Counter(one == other for one, other in both if one and other))


def _sign(evidence: Mapping[bool, int]) -> int | None:
    """Which sign agrees, by what speaks for 1 and what against it."""
    straight, flipped = evidence[True], evidence[False]
    if straight and flipped <= MOST_AGAINST * straight:
        return 1
    return -1 if flipped and straight <= MOST_AGAINST * flipped else None
