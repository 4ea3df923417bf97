"""Writing what a file changes in the pool: in bites beside the pool, then all at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete, insert, literal, select, update

from panel_app.core import crypto, ids
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment import lottery_rows
from panel_app.recruitment.importing.changes import Changes, Kept, compare, values_of
from panel_app.recruitment.importing.models import PoolImport, StagedPerson
from panel_app.recruitment.importing.plan import Plan
from panel_app.recruitment.models import Person, Pool
from panel_app.recruitment.pool_files import guess_names
from panel_app.recruitment.registration import columns as registered
from sortition.pool import Person as ReadPerson
from sortition.pool import Pool as ReadPool

#: Rows that one transaction writes beside the pool: others write between two of them.
BITE = 1_000
#: Nobody in the session is asked whether a statement changes them: all is read anew after it.
_AS_IT_IS: Any = {"execution_options": {"synchronize_session": False}}
#: What a staged row has of a person.
_COLUMNS = ("reference", "features", "household", "person_key", "sealed")


def state_of(panel: Panel) -> str:
    """Return a fingerprint of what a file is compared with: the pool's edition and the targets."""
    edition = db.session.scalar(select(Pool.edition).where(Pool.panel_id == panel.id)) or 0
    rows = [asdict(row) for row in lottery_rows.stored_targets(panel).rows]
    return hashlib.sha256(json.dumps([edition, rows]).encode()).hexdigest()


def compared(panel: Panel, read: ReadPool, home: Sequence[str] | None) -> Changes:
    """Return what a file's people change in the pool as it is."""
    return compare(
        _kept(panel), read.people, read.features, lambda cells: home_of(panel, cells, home)
    )


def home_of(panel: Panel, cells: Mapping[str, Any], home: Sequence[str] | None) -> str | None:
    """Return the blind index of somebody's home; None where nobody said what makes one."""
    from panel_app.recruitment.services import household

    return household(panel, dict(cells), home) if home else None


def rows_of(
    panel: Panel, read: ReadPool, changes: Changes, home: Sequence[str] | None
) -> Iterator[dict[str, Any]]:
    """Return a staged row for everybody who changes; new people are sealed with keys of their own.

    Whoever changes keeps their key, and their identifier.
    """

    def row(kind: str, key: bytes, one: ReadPerson) -> dict[str, Any]:
        return {
            "kind": kind,
            "reference": one.id,
            "features": values_of(one, read.features),
            "household": home_of(panel, one.kept, home),
            "person_key": key,
            "sealed": crypto.seal(dict(one.kept), key),
        }

    for one in changes.new:
        yield {**row("new", crypto.new_person_key(), one), "public_id": ids.public_id()}
    for kept, one in changes.changed:
        key = kept.key or crypto.new_person_key()
        yield {**row("changed", key, one), "person_id": kept.id}
    for kept, moved_to in changes.moved:
        yield {"kind": "moved", "household": moved_to, "person_id": kept.id}
    for kept in changes.gone:
        yield {"kind": "gone", "person_id": kept.id}


def stage(one: PoolImport, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows beside the pool."""
    empty = dict.fromkeys(("person_id", "public_id", *_COLUMNS))
    db.session.execute(insert(StagedPerson), [{**empty, **r, "import_id": one.id} for r in rows])


def move_in(one: PoolImport) -> None:
    """Put everything that stands beside the pool into it, in a few statements."""
    staged = StagedPerson
    mine = staged.import_id == one.id

    def those(*kinds: str) -> Any:
        return select(staged.person_id).where(mine, staged.kind.in_(kinds))

    db.session.execute(delete(Person).where(Person.id.in_(those("gone"))), **_AS_IT_IS)
    for kind, columns in (("changed", _COLUMNS), ("moved", ("household",))):
        values = {name: getattr(staged, name) for name in columns}
        which = Person.id == staged.person_id, mine, staged.kind == kind
        db.session.execute(update(Person).where(*which).values(**values), **_AS_IT_IS)
    _insert_new(one)


def _insert_new(one: PoolImport) -> None:
    names = ("public_id", *_COLUMNS)
    new = select(
        literal(one.panel_id),
        literal(one.created_at, Person.created_at.type),
        literal("file"),
        *(getattr(StagedPerson, name) for name in names),
    ).where(StagedPerson.import_id == one.id, StagedPerson.kind == "new")
    columns = ["panel_id", "created_at", "origin", *names]
    db.session.execute(insert(Person).from_select(columns, new.order_by(StagedPerson.id)))


def keep_columns(panel: Panel, read: ReadPool, plan: Plan, silent: str) -> Pool:
    """Keep which columns the pool has now and what they mean."""
    pool = db.session.scalar(select(Pool).where(Pool.panel_id == panel.id))
    if pool is None:
        pool = Pool(panel_id=panel.id)
        db.session.add(pool)
    columns = list(read.people[0].kept) if read.people else []
    pool.columns, pool.name_columns = columns, list(plan.names)
    pool.letter_columns = list(plan.letter)
    pool.address_columns = None if plan.home is None else list(plan.home)
    pool.plan, pool.silent = plan.stored(), silent
    pool.edition = (pool.edition or 0) + 1
    registered.add_to(panel, pool)
    db.session.flush()
    return pool


def _kept(panel: Panel) -> Iterator[Kept]:
    columns = (
        Person.id,
        Person.reference,
        Person.features,
        Person.household,
        Person.person_key,
        Person.sealed,
        Person.origin,
    )
    for row in db.session.execute(select(*columns).where(Person.panel_id == panel.id)):
        details = crypto.unseal(row.sealed, row.person_key) if row.person_key else {}
        yield Kept(
            row.id,
            row.reference,
            row.features,
            row.household,
            details,
            row.origin == "file",
            row.person_key,
        )


def take_at_once(
    panel: Panel,
    read: ReadPool,
    names: Sequence[str] | None,
    home: Sequence[str] | None,
) -> None:
    """Write what a file's people change in the transaction that is open.

    Without `names` and `home` the columns are the last file's where it has them, else guessed
    and to be chosen.
    """
    plan = _plain(panel, read, names, home)
    makes_home = registered.homes(panel, plan.home)
    changes = compared(panel, read, makes_home)
    rows = list(rows_of(panel, read, changes, makes_home))
    gone = [row["person_id"] for row in rows if row["kind"] == "gone"]
    for at in range(0, len(gone), BITE):
        some = Person.id.in_(gone[at : at + BITE])
        db.session.execute(delete(Person).where(some), **_AS_IT_IS)
    known = [_columns_of(row) for row in rows if row["kind"] in {"changed", "moved"}]
    if known:
        db.session.execute(update(Person), known)
    new = [_columns_of(row) | {"panel_id": panel.id} for row in rows if row["kind"] == "new"]
    if new:
        db.session.execute(insert(Person), new)
    silent = db.session.scalar(select(Pool.silent).where(Pool.panel_id == panel.id))
    keep_columns(panel, read, plan, silent or "fault")
    db.session.expire_all()


def _columns_of(row: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: row[name] for name in ("public_id", *_COLUMNS) if name in row}
    return named | ({"id": row["person_id"]} if "person_id" in row else {})


def _plain(
    panel: Panel, read: ReadPool, names: Sequence[str] | None, home: Sequence[str] | None
) -> Plan:
    """Return the plan of a file whose columns are called as the targets call them."""
    before = db.session.scalar(select(Pool).where(Pool.panel_id == panel.id))
    columns = list(read.people[0].kept)
    if home is None:
        home = before.address_columns if before and columns else None if columns else []
    if home is not None and not set(home) <= set(columns):
        home = None
    if names is None:
        names = before.name_columns if before else []
        names = names if names and set(names) <= set(columns) else guess_names(columns)
    letter = list(home or ())
    plan = Plan.of(before.plan if before else None)
    features = {feature: feature for feature in read.features}
    return replace(
        plan, id=read.id_column or "", features=features, names=names, letter=letter, home=home
    )
