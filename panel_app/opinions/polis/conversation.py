"""A conversation as it is exchanged with other tools: statements, votes, published groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from panel_app.opinions.votes import (
    Statement,
    Vote,
    VoteMatrix,
    in_time_order,
    matrix_of,
)


@dataclass(frozen=True, eq=False)
class Conversation:
    """Everything an export holds.

    `statements` are all of them, also those nobody voted on; `matrix` holds who answered
    what in the end. `events` is the whole log in the order of time, empty where an export
    brought none. `groups` are those published with it. `remarks` say what was put right.
    """

    matrix: VoteMatrix
    statements: tuple[Statement, ...]
    events: tuple[Vote, ...] = ()
    groups: Mapping[str, int] = field(default_factory=dict)
    topic: str = ""
    url: str = ""
    description: str = ""
    views: int | None = None
    remarks: tuple[str, ...] = ()


def conversation_of(
    *,
    topic: str,
    statements: Sequence[Statement],
    events: Sequence[Vote],
    groups: Mapping[str, int],
    url: str = "",
    description: str = "",
) -> Conversation:
    """Put our own statements, log and groups together for `write_polis`.

    Give no groups where the gate doesn't show them. Raises KeyError for a vote on a
    statement that isn't listed.
    """
    return Conversation(
        matrix=matrix_of(events, statements),
        statements=tuple(statements),
        events=tuple(in_time_order(events)),
        groups=groups,
        topic=topic,
        url=url,
        description=description,
    )
