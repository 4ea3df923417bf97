"""What can be done to a pool before the lottery: import targets and people, name the columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from panel_app.core import audit, canonical, crypto, ids
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.panels.services import must_have_seats
from panel_app.recruitment import lottery_rows, pool_files
from panel_app.recruitment.committing import commit_lottery, give_up_lottery, leave_lottery
from panel_app.recruitment.importing.writing import take_at_once
from panel_app.recruitment.lotteries import (
    compute_lottery,
    draw_panel,
    in_use,
    start_lottery,
    stop_lottery,
    use_the_best,
)
from panel_app.recruitment.models import IN_POOL, Person, Pool, Target
from panel_app.recruitment.registration import columns as registered
from sortition.folding import fold
from sortition.households import likely_homes
from sortition.not_this_one import Choices
from sortition.pool import Pool as ReadPool
from sortition.targets import Targets

__all__ = [
    "choose_columns",
    "commit_lottery",
    "compute_lottery",
    "draw_panel",
    "give_up_lottery",
    "import_people",
    "import_targets",
    "leave_lottery",
    "start_lottery",
    "stop_lottery",
    "use_the_best",
]


def import_targets(
    *, panel: Panel, source: bytes | str, drop_people: bool = False, actor: str
) -> Targets:
    """Replace the panel's targets by those of a CSV file; return them, with notices.

    People already imported stay where the features and values are the same; otherwise they go
    where `drop_people` allows it. Whoever registered stays: targets without a value that they
    chose are refused. Raises FaultyFile with every fault, Refused, or Conflict once a lottery was
    committed.
    """
    _draws(panel)
    size = panel.size
    # Read before anything is held: a large file, or a workbook, takes its time.
    targets = pool_files.read_target_file(source, size)
    hold_inputs(panel)
    if panel.size != size:
        raise _changed()
    if _differ(lottery_rows.stored_targets(panel), targets):
        _check_registered(panel, targets)
    if _differ(lottery_rows.stored_targets(panel), targets) and _has_people(panel):
        if not drop_people:
            raise Refused(
                _(
                    "The people imported before don’t have these features and values. Tick the"
                    " box to remove them, and import them again."
                ),
                field="drop_people",
            )
        _remove_people(panel)
        registered.prepare(panel)
    db.session.execute(delete(Target).where(Target.panel_id == panel.id))
    db.session.execute(insert(Target), _target_rows(panel, targets))
    audit.record(
        "targets.imported",
        actor=actor,
        subject=f"panel:{panel.public_id}",
        features=len(targets.features),
        targets=len(targets.rows),
    )
    return targets


def import_people(
    *,
    panel: Panel,
    source: bytes | str,
    leave_out: Choices | None = None,
    name_columns: Sequence[str] | None = None,
    address_columns: Sequence[str] | None = None,
    actor: str,
) -> ReadPool:
    """Take the people of a CSV file at once; return what was read, with notices.

    Who is known by their id is updated, who is not in the file goes, who registered stays. Pages
    have it done by a job (importing/services.py), which shows first what would change.

    Everything but the features is sealed, a key for each person. A column that may say who is not
    to be drawn needs its values to `leave_out`, which may be none. Without `address_columns` the
    last file's are used, or somebody has to choose them (`choose_columns`) before a lottery. Raises
    FaultyFile with every fault, Refused without targets, or Conflict once a lottery was committed.
    """
    _draws(panel)
    targets = lottery_rows.stored_targets(panel)
    if not targets.rows:
        raise Refused(_("Import the targets first: people are checked against them."))
    # Read before anything is held: a large file, or a workbook, takes its time.
    read = pool_files.read_people_file(source, targets, leave_out or {})
    hold_inputs(panel)
    if lottery_rows.stored_targets(panel) != targets:
        raise _changed()
    take_at_once(panel, read, name_columns, address_columns)
    audit.record(
        "people.imported", actor=actor, subject=f"panel:{panel.public_id}", people=len(read)
    )
    return read


def choose_columns(
    *, panel: Panel, name_columns: Sequence[str], address_columns: Sequence[str], actor: str
) -> list[list[str]]:
    """Say which columns are a person's name and address; one address is one household.

    Return the ids of people, in groups, who may be one household though their addresses are written
    in different ways. Raises Refused for a column that the file doesn't have.
    """
    hold_inputs(panel)
    pool = db.session.scalars(select(Pool).where(Pool.panel_id == panel.id)).one_or_none()
    if pool is None:
        raise Refused(_("Import the people first."))
    if not {*name_columns, *address_columns} <= set(pool.columns):
        raise Refused(_("The file of people has no such column."))
    pool.name_columns, pool.address_columns = list(name_columns), list(address_columns)
    registered.add_to(panel, pool)
    address_columns = pool.address_columns
    pool.letter_columns, pool.edition = None, pool.edition + 1
    mine = select(Person).where(Person.panel_id == panel.id)
    people = list(db.session.scalars(mine.order_by(Person.id)))
    at: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for person in people:
        at[_address(person.details, address_columns)].append(person.reference)
    homes = [
        {"id": person.id, "household": household(panel, person.details, address_columns)}
        for person in people
    ]
    db.session.execute(update(Person), homes)
    db.session.expire_all()
    audit.record(
        "people.address_chosen",
        actor=actor,
        subject=f"panel:{panel.public_id}",
        columns=len(address_columns),
        households=len({home["household"] for home in homes}),
    )
    return [[one for address in group for one in at[address]] for group in likely_homes(at)]


def hold_inputs(panel: Panel) -> None:
    """Hold the panel against a lottery being started. Raises Conflict where one uses its inputs."""
    locked(panel)
    lottery = in_use(panel)
    if lottery is None:
        return
    if lottery.state in {"waiting", "working"}:
        raise Conflict(_("A lottery is being computed from these. Wait for it, or stop it first."))
    if lottery.state == "proposed":
        raise Conflict(
            _("A lottery is computed from these. Leave it first, on the page of the draw.")
        )
    raise Conflict(_("The lottery is committed: its targets and people can’t be changed any more."))


def _draws(panel: Panel) -> None:
    must_have_seats(panel)
    if panel.kind != "drawn":
        raise Conflict(_("Nobody is drawn for this panel: it is for everybody on a list."))


def _changed() -> Conflict:
    return Conflict(_("The panel’s size or targets were changed meanwhile. Import the file again."))


def _differ(stored: Targets, read: Targets) -> bool:
    return set(stored.by_value) != set(read.by_value)


def _has_people(panel: Panel) -> bool:
    of_files = select(Person.id).where(Person.panel_id == panel.id, Person.origin == "file")
    return db.session.scalar(of_files.limit(1)) is not None


def _check_registered(panel: Panel, targets: Targets) -> None:
    """Refuse targets that somebody who registered could not be counted under."""
    mine = Person.panel_id == panel.id, Person.origin != "file", IN_POOL
    values = set(targets.by_value)
    known = [
        all((feature, features.get(feature)) in values for feature in targets.features)
        for features in db.session.scalars(select(Person.features).where(*mine))
    ]
    if not all(known):
        raise Refused(
            _(
                "%(people)s people registered with the features and values of the targets before."
                " Keep these, and change the numbers alone.",
                people=known.count(False),
            )
        )


def _remove_people(panel: Panel) -> None:
    of_files = Person.panel_id == panel.id, Person.origin == "file"
    db.session.execute(delete(Person).where(*of_files))
    db.session.execute(delete(Pool).where(Pool.panel_id == panel.id))


def _target_rows(panel: Panel, targets: Targets) -> list[dict[str, Any]]:
    return [
        {
            "panel_id": panel.id,
            "position": position,
            "feature": target.feature,
            "value": target.value,
            "minimum": target.minimum,
            "maximum": target.maximum,
            "minimum_flex": target.flex_minimum,
            "maximum_flex": target.flex_maximum,
        }
        for position, target in enumerate(targets.rows)
    ]


def add_pool(panel: Panel, read: ReadPool, name_columns: Iterable[str] | None = None) -> Pool:
    """Keep which columns a file of people has; without `name_columns` the names are guessed."""
    columns = list(read.people[0].kept)
    pool = Pool(
        panel_id=panel.id,
        columns=columns,
        name_columns=list(
            pool_files.guess_names(columns) if name_columns is None else name_columns
        ),
        address_columns=None if columns else [],
    )
    registered.add_to(panel, pool)
    db.session.add(pool)
    db.session.flush()
    return pool


def person_row(panel: Panel, read: ReadPool, person: Any) -> dict[str, Any]:
    """Return the columns of a `Person`: all but the features sealed, with a key of its own."""
    key = crypto.new_person_key()
    return {
        "panel_id": panel.id,
        "public_id": ids.public_id(),
        "reference": person.id,
        "features": dict(zip(read.features, person.values, strict=True)),
        "person_key": key,
        "sealed": crypto.seal(dict(person.kept), key),
    }


def _address(details: dict[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(str(details.get(column, ""))) for column in columns)


def household(panel: Panel, details: dict[str, Any], columns: Sequence[str]) -> str | None:
    """Return the blind index of an address; None for a person without one, who lives alone.

    Columns that are empty don't count: files and registrations have different ones.
    """
    address = [cell for cell in _address(details, columns) if cell]
    if not address:
        return None
    return crypto.blind_index(canonical.dumps(address), f"household:{panel.public_id}")
