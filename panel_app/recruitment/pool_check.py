"""The pool against the targets while people still register: by bars, and whether panels exist."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, select

from panel_app.core import clock, jobs
from panel_app.core.db import db, found, reading
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.recruitment import lottery_rows, queries
from panel_app.recruitment.lotteries import in_use
from panel_app.recruitment.models import IN_POOL, Person, Pool
from panel_app.recruitment.wordings import wordings_of
from panel_app.web.charts import Bar, bar
from sortition.meanings import with_no_answer

#: A bar is as long as so many times the largest maximum; more people than that fill it.
SCALE = 4
#: How many panels one minute looks at.
A_MINUTE = 5


@dataclass(frozen=True, slots=True)
class Group:
    """The people of the pool with one value, and how many of them a panel wants."""

    wording: Translated
    people: int
    minimum: int
    maximum: int
    bar: Bar

    @property
    def missing(self) -> int:
        """How many too few there are for any panel."""
        return max(0, self.minimum - self.people)


@dataclass(frozen=True, slots=True)
class Groups:
    """A feature's groups, and how many people gave no answer to it."""

    wording: Translated
    groups: list[Group]
    silent: int


def groups_of(panel: Panel) -> list[Groups]:
    """Return the pool by each feature, against its targets: of those who can be drawn."""
    wordings, found_groups, counts = wordings_of(panel), [], _counts(panel)
    for feature, targets in queries.targets_of(panel):
        whole = SCALE * max(target.maximum for target in targets) or 1
        groups = [
            Group(
                wordings.of(feature, t.value),
                counts[feature][t.value],
                t.minimum,
                t.maximum,
                bar(counts[feature][t.value], whole, t.minimum, t.maximum),
            )
            for t in targets
        ]
        silent = counts[feature].total() - sum(group.people for group in groups)
        found_groups.append(Groups(wordings.of(feature), groups, silent))
    return found_groups


def _counts(panel: Panel) -> defaultdict[str, Counter[str]]:
    """Count the people of each value, by feature, in one look at the pool."""
    kept = cast(Person.features, String)
    mine = Person.panel_id == panel.id, IN_POOL, *lottery_rows.answers_enough(panel)
    rows = db.session.execute(select(kept, func.count()).where(*mine).group_by(kept))
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for features, number in rows:
        for feature, value in json.loads(features).items():
            counts[feature][value] += number
    return counts


def check_pool(panel_id: int) -> None:
    """Find whether a panel can be drawn and how small a chance gets, and keep it; for the job."""
    with reading():
        panel = found(db.session.get(Panel, panel_id))
        seen, size = _seen(panel), panel.size
        targets = lottery_rows.stored_targets(panel)
        pool, _who = lottery_rows.stored_pool(panel, targets, "look")
        targets = with_no_answer(targets, (one.values for one in pool), size)
        db.session.rollback()
    answer = {**_looked(pool, targets, size), "seen": seen, "at": clock.now().isoformat()}
    kept = db.session.scalar(select(Pool).where(Pool.panel_id == panel_id))
    if kept is not None:
        kept.checked = answer
    db.session.commit()


def check_changed() -> None:
    """Queue a look at every pool that changed since the last one; every minute."""
    with reading():
        query = select(Panel).join(Pool, Pool.panel_id == Panel.id).where(Panel.kind == "drawn")
        panels = db.session.scalars(query.order_by(Panel.id.desc()))
        changed = [panel.id for panel in panels if in_use(panel) is None and is_stale(panel)]
        db.session.rollback()
    for panel_id in changed[:A_MINUTE]:
        jobs.queue(check_pool, panel_id)


def is_stale(panel: Panel) -> bool:
    """Whether pool, targets or size changed since the pool was last looked at."""
    pool = queries.pool_of(panel)
    return pool is not None and (pool.checked or {}).get("seen") != _seen(panel)


def one_in(pool: Pool) -> int | None:
    """Return N of the smallest chance of 1 in N that the last look found."""
    chance = (pool.checked or {}).get("chance")
    return math.ceil(1 / chance - 1e-6) if chance else None


def _seen(panel: Panel) -> list[Any]:
    """Return figures that change with the pool, the targets and the panel's size."""
    mine = Person.panel_id == panel.id
    people = select(func.count().filter(IN_POOL), func.max(Person.id)).where(mine)
    pool = queries.pool_of(panel)
    bounds = [
        [row.feature, row.value, row.minimum, row.maximum]
        for row in lottery_rows.stored_targets(panel).rows
    ]
    rule = [pool.edition, pool.silent] if pool else []
    return [*db.session.execute(people).one(), panel.size, rule, bounds]


def _looked(pool: Any, targets: Any, size: int) -> dict[str, Any]:
    from sortition.api import check, model_of
    from sortition.faults import InputFaults
    from sortition.lottery_making.relaxation import relaxed_leximin

    try:
        refusal = check(pool, targets, size)
        if refusal is not None:
            return {"fault": lottery_rows.infeasible_fault(refusal)}
        relaxed = relaxed_leximin(model_of(pool, targets, size, ()), only_first=True)
    except InputFaults:
        return {"fault": {"code": "too_few"}}
    chances = [level.value for level in relaxed.levels if level.value > 0] if relaxed else []
    return {"chance": min(chances, default=0.0)}
