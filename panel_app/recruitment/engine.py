"""Between the stored pool and the sortition library: its types from our rows, its words in ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment.models import Person, Target

if TYPE_CHECKING:
    from sortition.distribution import Uncoverable
    from sortition.feasibility import Infeasible, TargetChange
from sortition.distribution import Uncoverable
from sortition.feasibility import Infeasible, TargetChange
from sortition.pool import Person as PoolPerson
from sortition.pool import Pool
from sortition.targets import Target as TargetRow
from sortition.targets import Targets


def stored_targets(panel: Panel) -> Targets:
    """Return the panel's targets as the library takes them."""
    rows = db.session.scalars(
        select(Target).where(Target.panel_id == panel.id).order_by(Target.position)
    )
    return Targets(tuple(_row(target) for target in rows))


def stored_pool(panel: Panel, targets: Targets) -> Pool:
    """Return the panel's pool as the library takes it, without a single name."""
    query = select(Person.public_id, Person.features, Person.household)
    people = db.session.execute(query.where(Person.panel_id == panel.id).order_by(Person.id))
    return Pool(
        targets.features,
        tuple(
            PoolPerson(
                row.public_id,
                tuple(row.features[feature] for feature in targets.features),
                (row.household,) if row.household else None,
            )
            for row in people
        ),
    )


def refusal_words(refusal: Infeasible) -> str:
    """Say what keeps any panel from meeting the targets, and the smallest change that helps."""
    if not refusal.changes:
        return str(
            _(
                "No panel can meet all targets, and no change of the targets helps: there are too"
                " few people at different addresses. Invite more people, or make the panel smaller."
            )
        )
    start = _("No panel can meet all targets. The smallest change that allows one:")
    if not refusal.within_flex:
        start = _(
            "No panel can meet all targets, not even within the flex limits of the file."
            " The smallest change that allows one:"
        )
    return "\n".join([str(start), *(_change_words(change) for change in refusal.changes)])


def uncoverable_rows(groups: tuple[Uncoverable, ...]) -> list[dict[str, Any]]:
    """Return the people whom no panel can hold, by the combination of values they share."""
    return [
        {"features": dict(g.features), "people": len(g.people), "change": g.change} for g in groups
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


def _change_words(change: TargetChange) -> str:
    words = _("Raise the maximum of %(feature)s “%(value)s” from %(old)s to %(new)s.")
    if change.bound == "min":
        words = _("Lower the minimum of %(feature)s “%(value)s” from %(old)s to %(new)s.")
    named = {"feature": change.feature, "value": change.value}
    return str(words) % {**named, "old": change.old, "new": change.new}
