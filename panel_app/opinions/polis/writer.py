"""Writing a conversation the way Polis exports it, the newer generation unless told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from panel_app.opinions.gettext_protocol import group_letter
from panel_app.opinions.polis.conversation import Conversation
from panel_app.opinions.polis.csv_tables import write_rows
from panel_app.opinions.remarks import Counts
from panel_app.opinions.tallies import FEWEST_TOLD
from panel_app.opinions.votes import Statement, Vote

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
PER_GROUP = ("votes", "agrees", "disagrees", "passes")


class Generation(StrEnum):
    """Which exporter's files to write."""

    OPEN_DATA = "open-data"  # milliseconds, Java dates, participants-votes.csv
    SERVER = "server"  # seconds, JavaScript dates, participant-votes.csv, comment-groups.csv


@dataclass(frozen=True)
class _Export:
    conversation: Conversation
    generation: Generation
    groups: Mapping[str, int]
    themes: Mapping[str, str]

    @cached_property
    def written(self) -> Counter[str]:
        """How many statements each author wrote."""
        return Counter(statement.author for statement in self.conversation.statements)

    @property
    def is_newer(self) -> bool:
        return self.generation is Generation.SERVER


Rows = list[list[object]]


def write_polis(
    conversation: Conversation,
    folder: Path,
    *,
    generation: Generation = Generation.SERVER,
    fewest: int = FEWEST_TOLD,
    themes: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Write the export into a folder, which is made if need be; returns the files' names.

    Groups of fewer than `fewest` people are left out everywhere. People are numbered unless
    their ids are numbers already, so no id of ours leaves the house. 1 means agreeing. Of
    two votes in the same second the newer format keeps the order of rows only. `themes`
    (statement to theme id) go with the newer format.
    """
    numbered = _with_numbers(conversation)
    export = _Export(numbered, generation, _large_groups(numbered.groups, fewest), themes or {})
    matrix_file = "participant-votes.csv" if export.is_newer else "participants-votes.csv"
    files: dict[str, Callable[[_Export], Rows]] = {
        "summary.csv": _summary,
        "comments.csv": _comments,
        matrix_file: _matrix,
    }
    if numbered.events:
        files["votes.csv"] = _votes
    if export.is_newer:
        files["comment-groups.csv"] = _comment_groups
        if any(vote.is_important for vote in numbered.events):
            files["participant-importance.csv"] = _importance
        if themes:
            files["comment-clusters.csv"] = _comment_clusters
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows_of in files.items():
        write_rows(folder / name, rows_of(export))
    return tuple(files)


def _with_numbers(conversation: Conversation) -> Conversation:
    people = conversation.matrix.participants
    authors = {statement.author for statement in conversation.statements} - {"", *people}
    if all(name.isascii() and name.isdigit() for name in (*people, *authors)):
        return conversation
    number = {name: str(place) for place, name in enumerate((*people, *sorted(authors)))}
    statements = {
        statement.id: replace(statement, author=number.get(statement.author, ""))
        for statement in conversation.statements
    }
    matrix = conversation.matrix
    return replace(
        conversation,
        matrix=replace(
            matrix,
            participants=tuple(number[person] for person in people),
            statements=tuple(statements[statement.id] for statement in matrix.statements),
        ),
        statements=tuple(statements.values()),
        events=tuple(
            replace(vote, participant=number[vote.participant]) for vote in conversation.events
        ),
        groups={number[person]: group for person, group in conversation.groups.items()},
    )


def _large_groups(groups: Mapping[str, int], fewest: int) -> dict[str, int]:
    sizes = Counter(groups.values())
    return {person: group for person, group in groups.items() if sizes[group] >= fewest}


def _summary(export: _Export) -> Rows:
    conversation = export.conversation
    matrix = conversation.matrix
    voters = int((matrix.votes_by_person() > 0).sum())
    rows: Rows = [["topic", conversation.topic], ["url", conversation.url]]
    if not export.is_newer:
        rows.append(["views", "" if conversation.views is None else conversation.views])
    authors = {statement.author for statement in conversation.statements if statement.author}
    return [
        *rows,
        ["voters", voters],
        ["voters-in-conv", len(conversation.groups) or voters],
        ["commenters", len(authors)],
        ["comments", len(conversation.statements)],
        ["groups", len(set(export.groups.values()))],
        ["conversation-description", conversation.description],
    ]


def _comments(export: _Export) -> Rows:
    """The statements; columns that Polis lacks in this generation only where they say something."""
    conversation = export.conversation
    counts = _counts(conversation, None)
    important = Counter(vote.statement for vote in conversation.events if vote.is_important)
    more: dict[str, Callable[[Statement], object]] = {}
    if any(statement.is_meta or statement.is_seed for statement in conversation.statements):
        more["is-meta"] = lambda statement: str(statement.is_meta).lower()
        more["is-seed"] = lambda statement: str(statement.is_seed).lower()
    if export.is_newer and important:
        more["importance"] = lambda statement: important[statement.id]
    header = ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees"]
    rows: Rows = [[*header, "moderated", *more, "comment-body"]]
    for statement in conversation.statements:
        tally = counts.get(statement.id, Counts(0, 0, 0))
        moment = statement.created or datetime.fromtimestamp(0, UTC)
        row: list[object] = [*_when(moment, export), statement.id, statement.author]
        row += [tally.agree, tally.disagree, statement.moderation]
        rows.append([*row, *(cell(statement) for cell in more.values()), statement.text])
    return rows


def _votes(export: _Export) -> Rows:
    events = export.conversation.events
    shows_importance = export.is_newer and any(vote.is_important for vote in events)
    header = ["timestamp", "datetime", "comment-id", "voter-id", "vote"]
    rows: Rows = [[*header, *(["important"] if shows_importance else [])]]
    for vote in events:
        moment = vote.at or datetime.fromtimestamp(0, UTC)
        row = [*_when(moment, export), vote.statement, vote.participant, vote.value]
        rows.append([*row, *([int(vote.is_important)] if shows_importance else [])])
    return rows


def _matrix(export: _Export) -> Rows:
    matrix = export.conversation.matrix
    header = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"]
    rows: Rows = [[*header, *matrix.statement_ids]]
    values, seen = matrix.values.tolist(), matrix.seen.tolist()
    for place, person in enumerate(matrix.participants):
        answers = [
            value if known else "" for value, known in zip(values[place], seen[place], strict=True)
        ]
        rows.append([*_person(export, person), *_answered(answers), *answers])
    return rows


def _person(export: _Export, person: str) -> list[object]:
    """The columns that come before somebody's answers: id, group, statements written."""
    return [person, export.groups.get(person, ""), export.written[person]]


def _answered(answers: Sequence[object]) -> list[object]:
    return [len(answers) - answers.count(""), answers.count(1), answers.count(-1)]


def _comment_groups(export: _Export) -> Rows:
    labels = sorted(set(export.groups.values()))
    header: list[object] = ["comment-id", "comment", *(f"total-{name}" for name in PER_GROUP)]
    header += [f"group-{group_letter(label).lower()}-{n}" for label in labels for n in PER_GROUP]
    total = _counts(export.conversation, None)
    by_group = [
        _counts(export.conversation, {p for p, g in export.groups.items() if g == label})
        for label in labels
    ]
    rows: Rows = [header]
    for statement in export.conversation.matrix.statements:
        tallies = [total, *by_group]
        cells = [cell for tally in tallies for cell in _cells(tally[statement.id])]
        rows.append([statement.id, statement.text, *cells])
    return rows


def _cells(counts: Counts) -> list[object]:
    return [counts.votes, counts.agree, counts.disagree, counts.passes]


def _comment_clusters(export: _Export) -> Rows:
    """Our themes as the only layer; they have no distance and no confidence."""
    layer = ("layer0-cluster-id", "layer0-distance", "layer0-confidence")
    rows: Rows = [["comment-id", "moderated", "active", *layer, "comment-body"]]
    for statement in export.conversation.statements:
        theme = export.themes.get(statement.id, "")
        active = int(statement.moderation >= 0)
        rows.append([statement.id, statement.moderation, active, theme, "", "", statement.text])
    return rows


def _importance(export: _Export) -> Rows:
    """1 where somebody's last vote on a statement was marked important, 0 where it wasn't."""
    matrix = export.conversation.matrix
    last = {(vote.participant, vote.statement): vote for vote in export.conversation.events}
    header = ["participant", "group-id", "n-comments", "n-votes", "n-important"]
    rows: Rows = [[*header, *matrix.statement_ids]]
    for person in matrix.participants:
        flags = [_flag(last.get((person, name))) for name in matrix.statement_ids]
        voted = len(flags) - flags.count("")
        rows.append([*_person(export, person), voted, flags.count(1), *flags])
    return rows


def _flag(vote: Vote | None) -> object:
    return "" if vote is None else int(vote.is_important)


def _counts(conversation: Conversation, people: set[str] | None) -> dict[str, Counts]:
    """Recounted answers by statement, of some people or of all."""
    import numpy as np

    matrix = conversation.matrix
    rows = [r for r, person in enumerate(matrix.participants) if people is None or person in people]
    values, seen = matrix.values[rows], matrix.seen[rows]
    agree, disagree = np.count_nonzero(values == 1, axis=0), np.count_nonzero(values == -1, axis=0)
    passes = np.count_nonzero(seen, axis=0) - agree - disagree
    columns = zip(
        matrix.statements, agree.tolist(), disagree.tolist(), passes.tolist(), strict=True
    )
    return {statement.id: Counts(*counts) for statement, *counts in columns}


def _when(moment: datetime, export: _Export) -> list[object]:
    """Timestamp and date, in the unit and style of the generation; both in UTC."""
    utc = moment.astimezone(UTC)
    day = f"{WEEKDAYS[utc.weekday()]} {MONTHS[utc.month - 1]} {utc.day:02}"
    clock = f"{utc:%H:%M:%S}"
    seconds = int((utc - datetime.fromtimestamp(0, UTC)).total_seconds())
    if export.is_newer:
        style = f"{day} {utc.year} {clock} GMT+0000 (Coordinated Universal Time)"
        return [seconds, style]
    return [seconds * 1000 + utc.microsecond // 1000, f"{day} {clock} UTC {utc.year}"]
