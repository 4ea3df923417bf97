"""What a lottery takes and gives: our stored rows in the types of the library, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, cast, or_, select

from panel_app.core.db import db
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.recruitment import near_matches
from panel_app.recruitment.models import IN_POOL, Lottery, Person, Reserve, Target
from panel_app.recruitment.models import Pool as PoolRow
from sortition.meanings import NO_ANSWER, with_no_answer
from sortition.pool import Person as PoolPerson
from sortition.pool import Pool
from sortition.targets import Target as TargetRow
from sortition.targets import Targets

if TYPE_CHECKING:
    from sortition.feasibility import Infeasible, TargetChange
    from sortition.lotteries import Uncoverable, ValueChances

#: Whoever gave no answer to some feature: as it stands in what is kept of their features.
SILENT = cast(Person.features, String).contains(f'"{NO_ANSWER}"', autoescape=True)


def stored_targets(panel: Panel) -> Targets:
    """Return the panel's targets as the library takes them."""
    rows = db.session.scalars(
        select(Target).where(Target.panel_id == panel.id).order_by(Target.position)
    )
    return Targets(tuple(_row(target) for target in rows))


def eased(targets: Targets, changes: Sequence[Mapping[str, Any]]) -> Targets:
    """Return targets with some bounds moved; `changes` are rows of `changes_of`."""
    bounds = {"min": "minimum", "max": "maximum"}
    moved = {(c["feature"], c["value"], bounds[c["bound"]]): c["new"] for c in changes}

    def row(target: TargetRow) -> TargetRow:
        new = {
            bound: moved[target.feature, target.value, bound]
            for bound in bounds.values()
            if (target.feature, target.value, bound) in moved
        }
        low, high = new.get("minimum", target.minimum), new.get("maximum", target.maximum)
        flex = (min(target.flex_minimum, low), max(target.flex_maximum, high))
        return replace(target, **new, flex_minimum=flex[0], flex_maximum=flex[1])

    return replace(targets, rows=tuple(map(row, targets.rows)))


def may_come_in(panel: Panel) -> list[ColumnElement[bool]]:
    """Return who of the pool may replace somebody: who was never drawn, and may sit.

    Reserves were drawn: they are called from their list.
    """
    reserves = select(Reserve.person_id).join(Reserve.lottery)
    never = Person.id.not_in(reserves.where(Lottery.panel_id == panel.id))
    return [Person.member_id.is_(None), never, *answers_enough(panel), *may_sit(panel)]


def answers_enough(panel: Panel) -> list[ColumnElement[bool]]:
    """Return who may be drawn: everybody who answered, where the organiser rules others out."""
    return [~SILENT] if rule_for_silence(panel) == "exclude" else []


def rule_for_silence(panel: Panel) -> str:
    """Return what becomes of people who give no answer to a feature (`models.Silent`)."""
    rule = select(PoolRow.silent).where(PoolRow.panel_id == panel.id)
    return db.session.scalar(rule) or "fault"


def may_sit(panel: Panel) -> list[ColumnElement[bool]]:
    """Return who may sit beside members: nobody erased, withdrawn, or of a member's home."""
    homes = (
        select(Person.household)
        .join(Person.member)
        .where(Person.panel_id == panel.id, Person.household.is_not(None), HOLDS_A_SEAT)
    )
    apart = or_(Person.household.is_(None), Person.household.not_in(homes))
    sits = select(Person.id).join(Person.member).where(Person.panel_id == panel.id, HOLDS_A_SEAT)
    beside = near_matches.beside(panel, db.session.scalars(sits))
    return [Person.person_key != b"", IN_POOL, apart, Person.id.not_in(beside)]


def sitting(panel: Panel, targets: Targets) -> list[PoolPerson]:
    """Return those who hold a seat, as the library takes them: their features alone."""
    query = select(Person.features).join(Person.member)
    rows = db.session.scalars(query.where(Member.panel_id == panel.id, HOLDS_A_SEAT))
    return [
        PoolPerson(f"sits {at}", tuple(row.get(f, NO_ANSWER) for f in targets.features), None)
        for at, row in enumerate(rows)
    ]


def stored_pool(
    panel: Panel, targets: Targets, salt: str, which: Sequence[ColumnElement[bool]] = ()
) -> tuple[Pool, dict[str, str]]:
    """Return the panel's pool as the library takes it, and the public_id of each person in it.

    Whoever withdrew is left out, and `which` narrows it down further. People and homes go by
    numbers, without a single name. The numbers come from the file's order and the secret `salt`
    alone: the same file, salt and seed give the same lottery, and nobody can tell from a lottery
    who stood where in the file.
    """
    query = select(Person.id, Person.public_id, Person.features, Person.household)
    mine = query.where(Person.panel_id == panel.id, IN_POOL, *answers_enough(panel), *which)
    rows = list(db.session.execute(mine.order_by(Person.id)))
    Random(salt).shuffle(rows)
    confirmed, homes = near_matches.homes_of(panel), dict[str, str]()
    people = tuple(
        PoolPerson(
            str(number),
            tuple(row.features.get(feature, NO_ANSWER) for feature in targets.features),
            (homes.setdefault(home, str(len(homes))),)
            if (home := confirmed.get(row.id, row.household))
            else None,
        )
        for number, row in enumerate(rows)
    )
    who = {str(number): row.public_id for number, row in enumerate(rows)}
    return Pool(targets.features, people), who


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a lottery is made of: `people` are the pool's public_ids by number."""

    targets: Targets
    pool: Pool
    people: dict[str, str]
    #: Who holds a seat beside the people to be drawn.
    seated: list[PoolPerson]


def inputs_of(lottery: Lottery) -> Inputs:
    """Return what a lottery is made of: a replacement leaves the seats of those who sit alone."""
    panel, salt = lottery.panel, (lottery.private or {})["salt"]
    targets = eased(stored_targets(panel), lottery.eased)
    fills_all = lottery.kind == "panel"
    which = () if fills_all else may_come_in(panel)
    pool, people = stored_pool(panel, targets, salt, which)
    seated = [] if fills_all else sitting(panel, targets)
    values = (one.values for one in (*pool.people, *seated))
    targets = with_no_answer(targets, values, lottery.size + len(seated))
    return Inputs(targets, pool, people, seated)


def number_fault(inputs: Inputs, number: int) -> dict[str, Any] | None:
    """Return why this many people can't restore the targets, where another number could."""
    from sortition.dropouts import replacement_range

    possible = replacement_range(inputs.pool, inputs.targets, inputs.seated)
    if possible.fewest is None or possible.most is None:
        return None
    if possible.fewest <= number <= possible.most:
        return None
    return {"code": "other_number", "fewest": possible.fewest, "most": possible.most}


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
