"""One person of the pool: corrected, withdrawn, put back; and which rule holds for no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from panel_app.core import audit, clock, crypto
from panel_app.core.db import db, found, locked, one
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment import queries
from panel_app.recruitment.models import Person, Silent
from panel_app.recruitment.services import hold_inputs, household


def person_called(panel: Panel, public_id: str) -> Person:
    """Return a person of the panel's pool. Raises NotFound for any other."""
    mine = select(Person).where(Person.panel_id == panel.id, Person.public_id == public_id)
    return one(mine)


def correct_person(
    *, person: Person, features: Mapping[str, str], details: Mapping[str, str], actor: str
) -> None:
    """Correct a person; the log says which version it is and how many columns changed.

    Raises Conflict once a lottery uses the pool, or where they were erased.
    """
    panel = db.session.get_one(Panel, person.panel_id)
    hold_inputs(panel)
    if not locked(person).person_key:
        raise Conflict(_("This was erased on request."))
    pool, before = found(queries.pool_of(panel)), person.details
    after = {**before, **details}
    changed = [c for c in after if after[c] != before.get(c)]
    changed += [f for f, value in features.items() if value != person.features.get(f)]
    person.features = {**person.features, **features}
    person.sealed = crypto.seal(after, person.person_key)
    person.household = household(panel, after, pool.address_columns or [])
    _count(panel, person, "person.corrected", actor, changed=len(changed))


def withdraw_person(*, person: Person, actor: str) -> None:
    """Take somebody of a file out of every lottery from now on; twice changes nothing."""
    panel = db.session.get_one(Panel, person.panel_id)
    hold_inputs(panel)
    if person.origin != "file":
        raise _elsewhere()
    if locked(person).withdrawn_at is None:
        person.withdrawn_at = clock.now()
        _count(panel, person, "person.withdrawn", actor)


def put_person_back(*, person: Person, actor: str) -> None:
    """Put somebody back who was taken out by mistake. Raises Conflict where they were erased."""
    panel = db.session.get_one(Panel, person.panel_id)
    hold_inputs(panel)
    if not locked(person).person_key or person.origin != "file":
        raise _elsewhere()
    if person.withdrawn_at is not None:
        person.withdrawn_at = None
        _count(panel, person, "person.put_back", actor)


def choose_silent(*, panel: Panel, silent: Silent, actor: str) -> None:
    """Choose what becomes of people who give no answer to a feature."""
    hold_inputs(panel)
    pool = found(queries.pool_of(panel))
    pool.silent, pool.edition = silent, pool.edition + 1
    audit.record("people.no_answer", actor=actor, subject=f"panel:{panel.public_id}", rule=silent)


def exported(panel: Panel) -> Iterator[dict[str, Any]]:
    """Return everybody of the pool who was not erased, in columns that can be imported again."""
    query = select(Person).where(Person.panel_id == panel.id, Person.person_key != b"")
    for person in db.session.scalars(query.order_by(Person.id)):
        state = "withdrawn" if person.withdrawn_at else "drawn" if person.member_id else "pool"
        told = {"origin": person.origin, "pool_state": state}
        yield {"id": person.reference, **person.features, **person.details, **told}


def _elsewhere() -> Conflict:
    return Conflict(_("Whoever registered is put out and back on the page of the registrations."))


def _count(panel: Panel, person: Person, action: str, actor: str, **figures: int) -> None:
    pool = found(queries.pool_of(panel))
    pool.edition += 1
    db.session.flush()
    audit.record(
        action, actor=actor, subject=f"person:{person.public_id}", edition=pool.edition, **figures
    )
