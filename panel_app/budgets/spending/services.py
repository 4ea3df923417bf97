"""What can be done to contracts and their shares; the shares of one never exceed it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction

from sqlalchemy import select

from panel_app.budgets.spending.models import (
    Apportionment,
    Basis,
    Confidence,
    Contract,
    Supplier,
)
from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.places.models import Place

FIRST_YEAR, LAST_YEAR = 1990, 2100
#: The largest number of households, square metres or things that is taken.
MOST = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A contract as it was typed; `yearly` in pence."""

    reference: str
    service: Translated
    supplier: Supplier
    yearly: int
    worked_out: bool = False
    area: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share as it was typed: `part` of `whole` households, trees or the like."""

    place: Place
    year: int
    basis: Basis
    part: int
    whole: int
    confidence: Confidence
    source: str
    counted: Translated | None = None


def add_contract(*, terms: Terms, actor: str) -> Contract:
    """Write a contract down. Raises Refused for a cost of nothing, or a reference in use."""
    made = Contract(**_checked(terms, None))
    db.session.add(made)
    db.session.flush()
    _record("contract.added", made, actor)
    return made


def change_contract(*, contract: Contract, terms: Terms, actor: str) -> None:
    """Change a contract; its shares stay, and cost what they are a share of. Raises as adding."""
    for name, value in _checked(terms, contract).items():
        setattr(contract, name, value)
    db.session.flush()
    _record("contract.changed", contract, actor)


def remove_contract(*, contract: Contract, actor: str) -> None:
    """Take a contract out with its shares."""
    _record("contract.removed", contract, actor)
    db.session.delete(contract)
    db.session.flush()


def set_share(*, contract: Contract, share: Share, actor: str) -> Apportionment:
    """Say which share of a contract falls to a place in a year, in place of what was said before.

    Raises Refused where a figure or a source is missing, Conflict where the shares of the year
    would come to more than the contract, or where a place around or within has a share already.
    """
    _check(share)
    locked(contract)
    others = [one for one in _of_year(contract, share.year) if one.place_id != share.place.id]
    _check_apart(share.place, others)
    left = 1 - sum((one.share for one in others), Fraction())
    if Fraction(share.part, share.whole) > left:
        raise Conflict(
            _(
                "The shares of this contract would come to more than all of it: %(left)s %% is"
                " left for %(year)s.",
                left=f"{float(left * 100):.2f}".rstrip("0").rstrip("."),
                year=share.year,
            )
        )
    with db.session.no_autoflush:
        made = _kept(contract, share)
    for name, value in _facts(share).items():
        setattr(made, name, value)
    db.session.flush()
    _record("contract.shared", contract, actor, place=share.place.public_id, year=share.year)
    return made


def remove_share(*, share: Apportionment, actor: str) -> None:
    """Take a share back."""
    contract = locked(share.contract)
    _record("contract.unshared", contract, actor, place=share.place.public_id, year=share.year)
    contract.shares.remove(share)
    db.session.flush()


def _of_year(contract: Contract, year: int) -> list[Apportionment]:
    query = select(Apportionment).where(
        Apportionment.contract_id == contract.id, Apportionment.year == year
    )
    fresh = query.order_by(Apportionment.id).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def _kept(contract: Contract, share: Share) -> Apportionment:
    """Return the row that says this already, or a new one."""
    for one in _of_year(contract, share.year):
        if one.place_id == share.place.id:
            return one
    made = Apportionment(place=share.place)
    contract.shares.append(made)
    return made


def _check_apart(place: Place, others: list[Apportionment]) -> None:
    around = {one.id for one in place.path}
    for other in others:
        if other.place_id in around or place.id in {one.id for one in other.place.path}:
            raise Conflict(
                _(
                    "%(place)s lies around or within it and has a share already: money would be"
                    " counted twice.",
                    place=str(other.place.name),
                )
            )


def _check(share: Share) -> None:
    if not 0 < share.part <= share.whole <= MOST:
        raise Refused(
            _("Say how many of how many, such as 180 of 2000: more than none, not more than all."),
            field="part",
        )
    if not FIRST_YEAR <= share.year <= LAST_YEAR:
        raise Refused(_("Type a year, such as 2026."), field="year")
    if not share.source:
        raise Refused(_("Say where the figures come from."), field="source")
    if share.basis == "assets" and not (share.counted and str(share.counted)):
        raise Refused(_("Say what was counted, such as trees."), field="counted_en")


def _checked(terms: Terms, contract: Contract | None) -> dict[str, object]:
    if terms.yearly <= 0:
        raise Refused(_("A contract costs something every year."), field="yearly")
    same = select(Contract.id).where(Contract.reference == terms.reference)
    known = db.session.scalar(same)
    if known is not None and (contract is None or known != contract.id):
        raise Refused(_("Another contract has this reference."), field="reference")
    return _facts(terms)


def _facts(typed: Terms | Share) -> dict[str, object]:
    return {field.name: getattr(typed, field.name) for field in fields(typed)}


def _record(action: str, contract: Contract, actor: str, **details: str | int) -> None:
    audit.record(
        action,
        actor=actor,
        subject=f"contract:{contract.public_id}",
        yearly=contract.yearly,
        **details,
    )
