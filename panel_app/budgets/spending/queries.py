"""Where the money goes, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from panel_app.budgets.spending import wording
from panel_app.budgets.spending.models import Apportionment, Contract
from panel_app.core.db import db, one
from panel_app.places import queries as places
from panel_app.places.models import Place
from panel_app.web import charts


@dataclass(frozen=True, slots=True)
class Spent:
    """What one contract spends on a place in a year. Money in pence."""

    share: Apportionment
    #: To the pound where it isn't measured: more would look exact.
    pence: int
    sure: bool
    word: Any
    told: str
    bar: charts.Bar
    #: The place itself, or one within it.
    place: Place


@dataclass(frozen=True, slots=True)
class PlaceSpending:
    """What is spent on a place in a year, and how much of it is measured. Money in pence."""

    place: Place
    spent: list[Spent]
    total: int
    measured: int

    @property
    def sure(self) -> bool:
        """Whether every figure in the total is measured."""
        return self.measured == self.total


def contract_called(public_id: str) -> Contract:
    """Return the contract with this identifier. Raises NotFound."""
    return one(select(Contract).where(Contract.public_id == public_id))


def share_of(contract: Contract, public_id: str) -> Apportionment:
    """Return a share of this contract. Raises NotFound for any other."""
    query = select(Apportionment).where(Apportionment.contract_id == contract.id)
    return one(query.where(Apportionment.public_id == public_id))


def on(place: Place) -> PlaceSpending:
    """Return what is spent on a place and within it, the largest first."""
    shares = newest(within(place))
    figures = [(share, _as_told(share)) for share in shares]
    most = max((pence for _share, pence in figures), default=0)
    spent = [
        Spent(
            share=share,
            pence=pence,
            sure=wording.word_of(share) == "measured",
            word=wording.WORDS[wording.word_of(share)],
            told=wording.told(share),
            bar=charts.bar(pence, most),
            place=share.place,
        )
        for share, pence in sorted(figures, key=lambda each: (-each[1], each[0].id))
    ]
    sure = sum(one.pence for one in spent if one.sure)
    return PlaceSpending(place, spent, sum(one.pence for one in spent), sure)


def _as_told(share: Apportionment) -> int:
    pence = wording.pence_of(share)
    return pence if wording.word_of(share) == "measured" else (pence + 50) // 100 * 100


def within(place: Place | None) -> set[int]:
    """Return the place and everything in it; every place for None."""
    branches = [branch.place for branch in places.tree()]
    inside = {p.id for p in branches} if place is None else {place.id}
    for branch in branches:
        if branch.parent_id in inside:
            inside.add(branch.id)
    return inside


def newest(inside: Iterable[int]) -> list[Apportionment]:
    """Return the newest share of each contract and place."""
    query = (
        select(Apportionment)
        .where(Apportionment.place_id.in_(list(inside)))
        .options(joinedload(Apportionment.contract), joinedload(Apportionment.place))
        .order_by(Apportionment.year, Apportionment.id)
    )
    found = {(share.contract_id, share.place_id): share for share in db.session.scalars(query)}
    return list(found.values())


def spent_on() -> list[tuple[Place, int]]:
    """Return every place that money is known to go to, with its depth, as the tree has it."""
    branches = places.tree()
    around = set(db.session.scalars(select(Apportionment.place_id)))
    for branch in reversed(branches):
        if branch.place.id in around and branch.place.parent_id is not None:
            around.add(branch.place.parent_id)
    return [(branch.place, branch.depth) for branch in branches if branch.place.id in around]


def known_at(place: Place | None) -> bool:
    """Whether it is known of a place where money goes."""
    return place is not None and bool(newest(within(place)))


def contracts() -> Sequence[Contract]:
    """Return every contract by reference, for a list to keep."""
    return db.session.scalars(select(Contract).order_by(Contract.reference)).all()


def lies_there(place: Place) -> bool:
    """Whether a contract or a share names a place."""
    areas = select(Contract.id).where(Contract.area_id == place.id).limit(1)
    shares = select(Apportionment.id).where(Apportionment.place_id == place.id).limit(1)
    return any(db.session.scalar(query) is not None for query in (areas, shares))
