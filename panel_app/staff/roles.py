"""The roles of staff, and what each may do; light, since the command line asks for it."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal[
    "administrator",
    "organiser",
    "facilitator",
    "caller",
    "officer",
    "payer",
    "releaser",
    "scribe",
    "observer",
]
ROLES: tuple[Role, ...] = get_args(Role)
#: A role on one panel counts there, without a panel everywhere.
PERMISSIONS: dict[str, frozenset[str]] = {
    "administrator": frozenset(
        {
            "observe",
            "call",
            "scribe",
            "facilitate",
            "cost",
            "organise",
            "pay",
            "release",
            "administer",
        }
    ),
    "organiser": frozenset({"observe", "call", "scribe", "facilitate", "cost", "organise"}),
    "facilitator": frozenset({"observe", "scribe", "facilitate"}),
    "caller": frozenset({"call"}),
    "officer": frozenset({"observe", "cost"}),
    "payer": frozenset({"observe", "pay"}),
    "releaser": frozenset({"observe", "release"}),
    "scribe": frozenset({"observe", "scribe"}),
    "observer": frozenset({"observe"}),
}
#: What is left of them on a panel that is made up, to rehearse on.
REHEARSING = frozenset({"observe", "scribe", "facilitate"})
