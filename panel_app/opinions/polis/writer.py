"""Writing a conversation the way Polis' server exports it."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from panel_app.opinions.may_show import FEWEST_TOLD
from panel_app.opinions.polis.conversation import Conversation
from panel_app.opinions.reading import Counts
from panel_app.opinions.sentences import group_letter
from panel_app.opinions.votes import Statement
from sortition.csv_cells import csv_text

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PER_GROUP = ("votes", "agrees", "disagrees", "passes")
EPOCH = datetime.fromtimestamp(0, UTC)

Rows = list[list[object]]


@dataclass(frozen=True)
class _Export:
    conversation: Conversation
    groups: Mapping[str, int]
    themes: Mapping[str, str]


def write_polis(
    conversation: Conversation,
    folder: Path,
    *,
    fewest: int = FEWEST_TOLD,
    themes: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Write the export into a folder, which is made if need be; returns the files' names.

    Groups of fewer than `fewest` people are left out everywhere. People are numbered unless
    their ids are numbers already, so no id of ours leaves the house. 1 means agreeing. Of
    two votes in the same second only the order of rows is kept. `themes` map statements to theme
    ids.
    """
    numbered = _with_numbers(conversation)
    sizes = Counter(numbered.groups.values())
    groups = {person: of for person, of in numbered.groups.items() if sizes[of] >= fewest}
    export = _Export(numbered, groups, themes or {})
    files: dict[str, Callable[[_Export], Rows]] = {
        "summary.csv": _summary,
        "comments.csv": _comments,
        "participant-votes.csv": _matrix,
    }
    if numbered.events:
        files["votes.csv"] = _votes
    files["comment-groups.csv"] = _comment_groups
    if numbered.important is not None:
        files["participant-importance.csv"] = _importance
    if themes:
        files["comment-clusters.csv"] = _comment_clusters
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows_of in files.items():
        header, *rows = rows_of(export)
        (folder / name).write_text(csv_text(header, rows), encoding="utf-8", newline="")
    return tuple(files)


def _with_numbers(conversation: Conversation) -> Conversation:
    matrix, people = conversation.matrix, conversation.matrix.participants
    authors = {statement.author for statement in conversation.statements} - {"", *people}
    if all(name.isascii() and name.isdigit() for name in (*people, *authors)):
        return conversation
    number = {name: str(place) for place, name in enumerate((*people, *sorted(authors)))}

    def numbered(statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple(replace(one, author=number.get(one.author, "")) for one in statements)

    return replace(
        conversation,
        matrix=replace(
            matrix,
            participants=tuple(map(number.__getitem__, people)),
            statements=numbered(matrix.statements),
        ),
        statements=numbered(conversation.statements),
        events=tuple(replace(v, participant=number[v.participant]) for v in conversation.events),
        groups={number[person]: group for person, group in conversation.groups.items()},
        important=_renumbered(conversation.important, number),
    )


def _renumbered(
    important: frozenset[tuple[str, str]] | None, number: Mapping[str, str]
) -> frozenset[tuple[str, str]] | None:
    if important is None:
        return None
    return frozenset((number[person], statement) for person, statement in important)


def _summary(export: _Export) -> Rows:
    conversation = export.conversation
    voters = int((conversation.matrix.votes_by_person() > 0).sum())
    authors = {statement.author for statement in conversation.statements if statement.author}
    return [
        ["topic", conversation.topic],
        ["url", conversation.url],
        ["voters", voters],
        ["voters-in-conv", len(conversation.groups) or voters],
        ["commenters", len(authors)],
        ["comments", len(conversation.statements)],
        ["groups", len(set(export.groups.values()))],
        ["conversation-description", conversation.description],
    ]


def _comments(export: _Export) -> Rows:
    """The statements; columns that Polis lacks only where they say something."""
    statements = export.conversation.statements
    counts = _counts(export.conversation)
    flagged = any(statement.is_meta or statement.is_seed for statement in statements)
    header = ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees"]
    flags = ["is-meta", "is-seed"] if flagged else []
    important = export.conversation.important
    times = Counter(statement for _person, statement in important or ())
    weight = ["importance"] if important is not None else []
    rows: Rows = [[*header, "moderated", *weight, *flags, "comment-body"]]
    for one in statements:
        tally = counts.get(one.id, Counts(0, 0, 0))
        row = [*_when(one.created), one.id, one.author, tally.agree, tally.disagree]
        flags = [str(flag).lower() for flag in (one.is_meta, one.is_seed)] if flagged else []
        weighed = [times[one.id]] if weight else []
        rows.append([*row, one.moderation, *weighed, *flags, one.text])
    return rows


def _votes(export: _Export) -> Rows:
    rows: Rows = [["timestamp", "datetime", "comment-id", "voter-id", "vote"]]
    for vote in export.conversation.events:
        rows.append([*_when(vote.at), vote.statement, vote.participant, vote.value])
    return rows


def _matrix(export: _Export) -> Rows:
    matrix = export.conversation.matrix
    written = Counter(statement.author for statement in export.conversation.statements)
    header = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"]
    rows: Rows = [[*header, *matrix.statement_ids]]
    people = zip(matrix.participants, matrix.values.tolist(), matrix.seen.tolist(), strict=True)
    for person, values, seen in people:
        answers = [value if known else "" for value, known in zip(values, seen, strict=True)]
        totals = [sum(seen), answers.count(1), answers.count(-1)]
        rows.append([person, export.groups.get(person, ""), written[person], *totals, *answers])
    return rows


def _importance(export: _Export) -> Rows:
    """What matters to each person: 1, or 0 where they answered without saying so."""
    matrix, important = export.conversation.matrix, export.conversation.important or frozenset()
    written = Counter(statement.author for statement in export.conversation.statements)
    header = ["participant", "group-id", "n-comments", "n-votes", "n-important"]
    rows: Rows = [[*header, *matrix.statement_ids]]
    for person, seen in zip(matrix.participants, matrix.seen.tolist(), strict=True):
        cells = [
            int((person, name) in important) if known else ""
            for name, known in zip(matrix.statement_ids, seen, strict=True)
        ]
        totals = [sum(seen), cells.count(1)]
        rows.append([person, export.groups.get(person, ""), written[person], *totals, *cells])
    return rows


def _comment_groups(export: _Export) -> Rows:
    labels = sorted(set(export.groups.values()))
    header: list[object] = ["comment-id", "comment", *(f"total-{name}" for name in PER_GROUP)]
    header += [f"group-{group_letter(label).lower()}-{n}" for label in labels for n in PER_GROUP]
    members = [{p for p, g in export.groups.items() if g == label} for label in labels]
    tallies = [_counts(export.conversation, people) for people in (None, *members)]
    rows: Rows = [header]
    for statement in export.conversation.matrix.statements:
        counts = [tally[statement.id] for tally in tallies]
        cells = [cell for c in counts for cell in (c.votes, c.agree, c.disagree, c.passes)]
        rows.append([statement.id, statement.text, *cells])
    return rows


def _comment_clusters(export: _Export) -> Rows:
    """Our themes as the only layer; they have no distance and no confidence."""
    layer = ("layer0-cluster-id", "layer0-distance", "layer0-confidence")
    rows: Rows = [["comment-id", "moderated", "active", *layer, "comment-body"]]
    for statement in export.conversation.statements:
        theme = export.themes.get(statement.id, "")
        active = int(statement.moderation >= 0)
        rows.append([statement.id, statement.moderation, active, theme, "", "", statement.text])
    return rows


def _counts(conversation: Conversation, people: Collection[str] | None = None) -> dict[str, Counts]:
    """Recounted answers by statement, of some people or of all."""
    matrix = conversation.matrix
    rows = [r for r, person in enumerate(matrix.participants) if people is None or person in people]
    values, seen = matrix.values[rows], matrix.seen[rows]
    agree, disagree = np.count_nonzero(values == 1, axis=0), np.count_nonzero(values == -1, axis=0)
    passes = np.count_nonzero(seen, axis=0) - agree - disagree
    counts = zip(agree.tolist(), disagree.tolist(), passes.tolist(), strict=True)
    return {name: Counts(*of) for name, of in zip(matrix.statement_ids, counts, strict=True)}


def _when(moment: datetime | None) -> list[object]:
    """Timestamp in seconds and JavaScript's date, both in UTC."""
    utc = (moment or EPOCH).astimezone(UTC)
    day = f"{WEEKDAYS[utc.weekday()]} {MONTHS[utc.month - 1]} {utc.day:02} {utc.year}"
    date = f"{day} {utc:%H:%M:%S} GMT+0000 (Coordinated Universal Time)"
    return [int((utc - EPOCH).total_seconds()), date]
