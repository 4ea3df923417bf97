"""What a job found in a file of people, kept sealed and put into words when a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from panel_app.recruitment.desk.faults import fault_line
from panel_app.recruitment.importing.changes import Changes, Kept, values_of
from panel_app.recruitment.importing.plan import Plan
from sortition.faults import Fault, InputFaults
from sortition.meanings import likely_value
from sortition.pool import Pool as ReadPool
from sortition.pool import doubtful_columns
from sortition.targets import Targets

#: Examples of each change, cells of each example, different cells of a column that are asked about.
EXAMPLES, CELLS, ASKED = 5, 4, 30
#: Different faults that a page says.
MOST_FAULTS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job found: to be sealed, and the figures that tell of nobody."""

    found: dict[str, Any]
    counts: dict[str, int] = field(default_factory=dict)
    compared_with: str | None = None


def of_faults(refusal: InputFaults, text: str, targets: Targets, plan: Plan) -> Answer:
    """Return faults, the cells that no value takes, and columns that may leave somebody out."""
    unknown = {
        feature: [
            [cell, count, likely_value(cell, targets.values(feature))]
            for cell, count in list(cells.items())[:ASKED]
        ]
        for feature, cells in refusal.unknown.items()
        if len(cells) <= ASKED
    }
    used = {plan.id, *plan.features.values()}
    asked = any(fault.code == "not_this_one" for fault in refusal.faults)
    doubts = doubtful_columns(text, targets) if asked else []
    return Answer(
        {
            "faults": _grouped(refusal.faults),
            "unknown": unknown,
            "doubts": [[d.column, dict(d.counts)] for d in doubts if d.column not in used],
        }
    )


def of_changes(read: ReadPool, changes: Changes, plan: Plan, state: str) -> Answer:
    """Return notices, and examples of who would come in, change and go."""

    def named(reference: str, details: Mapping[str, Any]) -> str:
        name = " ".join(str(details[c]) for c in plan.names if details.get(c))
        return f"{reference} · {name}" if name else reference

    found = {
        "notices": _grouped(read.notices),
        "new": [named(one.id, one.kept) for one in changes.new[:EXAMPLES]],
        "changed": [
            [named(kept.reference, kept.details), *_cells(kept, values_of(one, read.features), one)]
            for kept, one in changes.changed[:EXAMPLES]
        ],
        "gone": [named(one.reference, one.details) for one in changes.gone[:EXAMPLES]],
    }
    return Answer(found, changes.counts(), state)


def in_words(groups: Iterable[Sequence[Any]]) -> list[str]:
    """Say faults or notices that were kept, in the reader's language."""
    return [
        fault_line(Fault(code, "people", None, column, details), rows)
        for code, column, details, rows in groups
    ]


def _cells(kept: Kept, values: Mapping[str, str], one: Any) -> list[tuple[str, str, str]]:
    """Return some cells that change: the column, what stands there, what would."""
    before = {**kept.details, **kept.features}
    after = {**one.kept, **values}
    columns = [c for c in dict.fromkeys([*after, *before]) if before.get(c) != after.get(c)]
    return [(c, str(before.get(c, "")), str(after.get(c, ""))) for c in columns[:CELLS]]


def _grouped(faults: Iterable[Fault]) -> list[list[Any]]:
    """Return faults as data, those alike in all but the row together."""
    groups: dict[Any, list[Any]] = {}
    for fault in faults:
        key = fault.code, fault.column, tuple(fault.details.items())
        rows = groups.setdefault(key, [fault.code, fault.column, dict(fault.details), []])[3]
        if fault.row is not None:
            rows.append(fault.row)
    return list(groups.values())[:MOST_FAULTS]
