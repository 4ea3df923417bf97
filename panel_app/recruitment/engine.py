"""Between the stored pool and the sortition library: our rows in its types, and back."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment.models import Person, Target
from sortition.pool import Person as PoolPerson
from sortition.pool import Pool
from sortition.targets import Target as TargetRow
from sortition.targets import Targets

if TYPE_CHECKING:
    from sortition.feasibility import Infeasible, TargetChange
    from sortition.lotteries import Uncoverable
    from sortition.report import ValueChances


def stored_targets(panel: Panel) -> Targets:
    """Return the panel's targets as the library takes them."""
    rows = db.session.scalars(
        select(Target).where(Target.panel_id == panel.id).order_by(Target.position)
    )
    return Targets(tuple(_row(target) for target in rows))


def stored_pool(panel: Panel, targets: Targets, salt: str) -> tuple[Pool, dict[str, str]]:
    """Return the panel's pool as the library takes it, and the public_id of each person in it.

    People and homes go by numbers, without a single name. The numbers come from the file's order
    and the secret `salt` alone: the same file, salt and seed give the same lottery, and nobody can
    tell from a lottery who stood where in the file.
    """
    query = select(Person.public_id, Person.features, Person.household)
    rows = list(db.session.execute(query.where(Person.panel_id == panel.id).order_by(Person.id)))
    Random(salt).shuffle(rows)
    homes: dict[str, str] = {}
    people = tuple(
        PoolPerson(
            str(number),
            tuple(row.features[feature] for feature in targets.features),
            (homes.setdefault(row.household, str(len(homes))),) if row.household else None,
        )
        for number, row in enumerate(rows)
    )
    who = {str(number): row.public_id for number, row in enumerate(rows)}
    return Pool(targets.features, people), who


def infeasible_fault(refusal: Infeasible) -> dict[str, Any]:
    """Return why no panel can meet the targets, and the smallest change that helps, to be kept."""
    code = "infeasible" if refusal.within_flex else "infeasible_within_flex"
    changes = changes_of(refusal.changes)
    return {"code": code if changes else "no_change_helps", "changes": changes}


def uncoverable_rows(groups: Iterable[Uncoverable]) -> list[dict[str, Any]]:
    """Return the people whom no panel can hold, by the combination of values they share."""
    return [
        {
            "features": dict(group.features),
            "people": len(group.people),
            "changes": changes_of(group.changes),
        }
        for group in groups
    ]


def chance_rows(rows: Iterable[ValueChances]) -> list[dict[str, Any]]:
    """Return what a lottery means for each value: people, the seats they can expect, chances."""
    return [
        {
            "feature": row.feature,
            "value": row.value,
            "people": row.people,
            "seats": round(row.expected_seats, 2),
            "least": row.smallest_chance,
            "most": row.largest_chance,
            "without": row.without_chance,
        }
        for row in rows
    ]


def changes_of(changes: Iterable[TargetChange]) -> list[dict[str, Any]]:
    """Return changes of targets as rows: feature, value, bound (`min` or `max`), old, new."""
    return [
        {"feature": c.feature, "value": c.value, "bound": c.bound, "old": c.old, "new": c.new}
        for c in changes
    ]


def _row(target: Target) -> TargetRow:
    return TargetRow(
        target.feature,
        target.value,
        target.minimum,
        target.maximum,
        target.minimum_flex,
        target.maximum_flex,
    )
