"""Writing a conversation the way Polis' server exports it, without groups, authors and log."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from panel_app.opinions.polis.reader import Conversation
from panel_app.opinions.reading import Counts
from panel_app.opinions.statistics import tally_everyone
from sortition.csv_cells import csv_text

EPOCH = datetime.fromtimestamp(0, UTC)

Rows = list[list[object]]


def write_polis(
    conversation: Conversation, folder: Path, *, themes: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Write the export into a folder, which is made if need be; returns the files' names.

    1 means agreeing. Participants' ids are written as they are: number them so that no id of ours
    leaves the house. Who is in which group, who wrote what and when people voted stays at home.
    `themes` map statements to theme ids.
    """
    files: dict[str, Callable[[Conversation], Rows]] = {
        "summary.csv": _summary,
        "comments.csv": _comments,
        "participant-votes.csv": _matrix,
        "comment-groups.csv": _comment_groups,
    }
    if conversation.important is not None:
        files["participant-importance.csv"] = _importance
    if themes:
        files["comment-clusters.csv"] = lambda written: _comment_clusters(written, themes)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows_of in files.items():
        header, *rows = rows_of(conversation)
        (folder / name).write_text(csv_text(header, rows), encoding="utf-8", newline="")
    return tuple(files)


def _summary(conversation: Conversation) -> Rows:
    voters = int((conversation.matrix.votes_by_person() > 0).sum())
    return [
        ["topic", conversation.topic],
        ["url", conversation.url],
        ["voters", voters],
        ["voters-in-conv", voters],
        ["commenters", 0],
        ["comments", len(conversation.statements)],
        ["groups", 0],
        ["conversation-description", conversation.description],
    ]


def _comments(conversation: Conversation) -> Rows:
    """The statements; columns that Polis lacks only where they say something."""
    statements, important = conversation.statements, conversation.important
    counts, times = _counts(conversation), Counter(name for _person, name in important or ())
    flagged = any(statement.is_meta or statement.is_seed for statement in statements)
    header = ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees"]
    weight = ["importance"] if important is not None else []
    flags = ["is-meta", "is-seed"] if flagged else []
    rows: Rows = [[*header, "moderated", *weight, *flags, "comment-body"]]
    for one in statements:
        tally = counts.get(one.id, Counts(0, 0, 0))
        row = [*_when(one.created), one.id, "", tally.agree, tally.disagree]
        flags = [str(flag).lower() for flag in (one.is_meta, one.is_seed)] if flagged else []
        weighed = [times[one.id]] if weight else []
        rows.append([*row, one.moderation, *weighed, *flags, one.text])
    return rows


def _matrix(conversation: Conversation) -> Rows:
    counted = {"n-agree": 1, "n-disagree": -1}
    return _by_person(conversation, conversation.matrix.values.tolist(), counted)


def _importance(conversation: Conversation) -> Rows:
    """What matters to each person: 1, or 0 where they answered without saying so."""
    matrix, important = conversation.matrix, conversation.important or frozenset()
    said = [
        [int((person, name) in important) for name in matrix.statement_ids]
        for person in matrix.participants
    ]
    return _by_person(conversation, said, {"n-important": 1})


def _by_person(
    conversation: Conversation, said: list[list[int]], counted: Mapping[str, int]
) -> Rows:
    """What each person said of the statements they answered, after how often they did."""
    matrix = conversation.matrix
    header = ["participant", "group-id", "n-comments", "n-votes", *counted]
    rows: Rows = [[*header, *matrix.statement_ids]]
    for person, values, seen in zip(matrix.participants, said, matrix.seen.tolist(), strict=True):
        cells = [value if known else "" for value, known in zip(values, seen, strict=True)]
        rows.append([person, "", 0, sum(seen), *map(cells.count, counted.values()), *cells])
    return rows


def _comment_groups(conversation: Conversation) -> Rows:
    totals = [f"total-{name}" for name in ("votes", "agrees", "disagrees", "passes")]
    counts = _counts(conversation)
    rows: Rows = [["comment-id", "comment", *totals]]
    for statement in conversation.matrix.statements:
        of = counts[statement.id]
        rows.append([statement.id, statement.text, of.votes, of.agree, of.disagree, of.passes])
    return rows


def _comment_clusters(conversation: Conversation, themes: Mapping[str, str]) -> Rows:
    """Our themes as the only layer; they have no distance and no confidence."""
    layer = ("layer0-cluster-id", "layer0-distance", "layer0-confidence")
    rows: Rows = [["comment-id", "moderated", "active", *layer, "comment-body"]]
    for statement in conversation.statements:
        theme, active = themes.get(statement.id, ""), int(statement.moderation >= 0)
        rows.append([statement.id, statement.moderation, active, theme, "", "", statement.text])
    return rows


def _counts(conversation: Conversation) -> dict[str, Counts]:
    """Recounted answers by statement."""
    tally, names = tally_everyone(conversation.matrix), conversation.matrix.statement_ids
    return {name: tally.counts(0, column) for column, name in enumerate(names)}


def _when(moment: datetime | None) -> list[object]:
    """Timestamp in seconds and JavaScript's date, both in UTC."""
    utc = (moment or EPOCH).astimezone(UTC)
    weekday, month, *_ = utc.ctime().split()  # in English wherever this runs
    date = f"{weekday} {month} {utc:%d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)"
    return [int((utc - EPOCH).total_seconds()), date]
