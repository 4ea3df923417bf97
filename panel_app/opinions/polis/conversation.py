"""A conversation as it is exchanged with other tools: statements, votes, published groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from panel_app.opinions.votes import Statement, VoteMatrix


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
