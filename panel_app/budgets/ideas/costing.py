"""What ideas would cost, said by an officer: a sum with its basis, not known yet, or no."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import func, select

from panel_app.budgets.ideas import road
from panel_app.budgets.ideas.models import Costing, Idea, Verdict
from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.money import plain
from panel_app.core.text import _
from panel_app.core.translated import Translated

_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an officer says of an idea. Money in pence."""

    verdict: Verdict
    reason: Translated
    pence: int | None = None
    yearly: bool = False
    basis: str = ""


def cost(*, idea: Idea, cost: Cost, actor: str) -> Costing:
    """Say what an idea would cost, or that it can't be done; the author is told, once a version.

    The version before is kept. Raises Refused for a cost of nothing, a basis without a figure,
    and a "no" without a reason; Conflict where the idea isn't shown, or is part of a project and
    could no longer be voted on.
    """
    _check(cost)
    if locked(idea).state != "shown":
        raise Conflict(_("This idea is not shown, so nobody costs it."))
    if idea.project_id is not None and cost.verdict != "costed":
        raise Conflict(_("It is part of a project. Take it out first."))
    newest = select(func.max(Costing.version)).where(Costing.idea_id == idea.id)
    version = (db.session.scalar(newest) or 0) + 1
    made = Costing(
        idea_id=idea.id,
        version=version,
        verdict=cost.verdict,
        pence=cost.pence if cost.verdict == "costed" else None,
        yearly=cost.yearly and cost.verdict == "costed",
        basis=cost.basis,
        reason=cost.reason,
        by=actor,
    )
    db.session.add(made)
    idea.costing = cost.verdict
    db.session.flush()
    road.take(idea, cost.verdict, about=str(version))
    audit.record(
        "idea.costed",
        actor=actor,
        subject=f"idea:{idea.public_id}",
        version=version,
        verdict=cost.verdict,
        pence=made.pence,
    )
    return made


def newest(idea: Idea) -> Costing | None:
    """Return what was last said of an idea's cost."""
    query = select(Costing).where(Costing.idea_id == idea.id)
    return db.session.scalars(query.order_by(Costing.version.desc()).limit(1)).one_or_none()


def _check(cost: Cost) -> None:
    if cost.verdict == "no" and not str(cost.reason):
        raise Refused(_("Write why: the author reads it."), field="reason_en")
    if cost.verdict != "costed":
        return
    if cost.pence is None or cost.pence <= 0:
        raise Refused(_("Type what it would cost, more than nothing."), field="pence")
    if not _FIGURE.search(plain(cost.basis)):
        raise Refused(
            _("Say how you worked it out, with its figures, such as: 6 beds at £650."),
            field="basis",
        )
