"""Commitments ready for their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from panel_app.balloting.models import Ballot
from panel_app.budgets import counts, queries, taken_on
from panel_app.budgets.frozen_terms import Option
from panel_app.budgets.models import Commitment, Project
from panel_app.budgets.taken_on import Taken
from panel_app.core.db import one
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel


@dataclass(frozen=True, slots=True)
class Followed:
    """A project that people voted on, with what was taken on for it as it stands now."""

    option: Option
    pot: Translated
    #: Whether the ballot funded it; None where that isn't told, or it is still open.
    funded: bool | None
    taken: list[Taken]
    plan_b: str
    #: What plan B does, where a funded project's part was not done.
    fallen: str
    ballot: Ballot


def commitment_of(project: Project, public_id: str) -> Commitment:
    """Return a commitment to this project. Raises NotFound for any other."""
    query = select(Commitment).where(Commitment.project_id == project.id)
    return one(query.where(Commitment.public_id == public_id))


def followed(panel: Panel) -> list[Followed]:
    """Return every project with commitments that a ballot of the panel had, the newest first."""
    seen, found = set[str](), list[Followed]()
    for pot in queries.pots_of(panel):
        for ballot, put in reversed(queries.opened_on(pot)):
            won = _winners(ballot)
            fresh = [o for o in put.options if o.commitments and o.id not in seen]
            seen.update(option.id for option in fresh)
            found += _followed(fresh, ballot, pot.name, won)
    return found


def _followed(
    options: list[Option], ballot: Ballot, pot: Translated, won: frozenset[str] | None
) -> Iterator[Followed]:
    now = taken_on.as_they_stand([each for option in options for each in option.commitments])
    for option in options:
        taken = [taken_on.told(each, now.get(each.id)) for each in option.commitments]
        failed = taken_on.failed(option, now)
        funded = None if won is None else option.id in won
        yield Followed(
            option=option,
            pot=pot,
            funded=funded,
            taken=taken,
            plan_b=taken_on.plan_b_told(option),
            fallen=taken_on.fallen_through(option) if failed and funded is not False else "",
            ballot=ballot,
        )


def _winners(ballot: Ballot) -> frozenset[str] | None:
    """Return what a ballot funds, where that is told."""
    if ballot.voided_at is not None or not counts.published(ballot):
        return None
    result = counts.stored(ballot).get(counts.deciding(ballot))
    return frozenset(result.winners) if result else None
