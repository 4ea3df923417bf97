"""What a programme gave in all: one sentence, and its parts by mission, year, place and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import to_user_timezone
from sqlalchemy import select

from panel_app.casework.models import Decision
from panel_app.core.db import db
from panel_app.core.disclosure import may_tell
from panel_app.core.text import _, gettext
from panel_app.grants.models import Application, Award, Programme
from panel_app.grants.past_models import PastAward
from panel_app.web import charts
from panel_app.web.i18n import money_text, number, said


class Given(NamedTuple):
    """One grant, as the account adds it up; `amount` in pence."""

    kind: str
    mission: str | None
    place: str | None
    year: int
    amount: int


@dataclass(frozen=True, slots=True)
class Row:
    """A part of what was given; `amount` in pence."""

    label: Any
    grants: int
    amount: int
    bar: charts.Bar


@dataclass(frozen=True, slots=True)
class Account:
    """What a programme gave in all, in pence, and its parts under their titles."""

    amount: int
    grants: int
    to_individuals: int
    parts: list[tuple[Any, list[Row]]]

    @property
    def sentence(self) -> str:
        """Say it: `£619,112 in 350 grants, 63 % to individuals`."""
        told: str = gettext(
            "%(amount)s in %(grants)s grants, %(share)s%% to individuals",
            amount=money_text(self.amount),
            grants=number(self.grants),
            share=share(self.to_individuals, self.grants),
        )
        return told


KINDS = {
    "individual": _("Residents"),
    "group": _("Groups of residents"),
    "organisation": _("Organisations"),
}


def share(part: int, whole: int) -> int:
    """Return `part` of `whole` in whole per cent, halves up."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def given(programme: Programme) -> list[Given]:
    """Return every grant that stands, those given before it was kept here among them."""
    here = (
        select(Application.applicant_kind, Application.mission, Decision.decided_at, Award)
        .join(Award, Award.application_id == Application.id)
        .join(Decision, Decision.id == Award.decision_id)
        .where(Application.programme_id == programme.id, Award.freed < Award.amount)
        .with_only_columns(
            Application.applicant_kind,
            Application.mission,
            Decision.decided_at,
            Award.amount - Award.freed,
        )
    )
    before = select(
        PastAward.kind, PastAward.mission, PastAward.place, PastAward.awarded_on, PastAward.amount
    ).where(PastAward.programme_id == programme.id)
    return [
        Given(kind or "individual", mission, None, to_user_timezone(at).year, amount)
        for kind, mission, at, amount in db.session.execute(here)
    ] + [
        Given(kind, mission, place, on.year, amount)
        for kind, mission, place, on, amount in db.session.execute(before)
    ]


def account_of(programme: Programme) -> Account:
    """Return what a programme gave in all. A place of fewer than five grants is not told apart."""
    grants = given(programme)
    missions = {mission.code: said(mission.title) for mission in programme.missions}
    by_mission = _parts(grants, lambda one: missions.get(one.mission or "", _("No mission said")))
    by_year = _parts(grants, lambda one: str(one.year))
    by_kind = _parts(grants, lambda one: KINDS[one.kind])
    parts: list[tuple[Any, list[Row]]] = [
        (_("By mission"), _largest_first(by_mission)),
        (_("By year"), sorted(by_year, key=lambda row: str(row.label))),
        (_("By who asked"), _largest_first(by_kind)),
        (_("By place"), _by_place(grants)),
    ]
    return Account(
        amount=sum(one.amount for one in grants),
        grants=len(grants),
        to_individuals=sum(one.kind == "individual" for one in grants),
        parts=[(title, rows) for title, rows in parts if rows],
    )


def _by_place(grants: list[Given]) -> list[Row]:
    """Return places of five grants or more, and the others together."""
    numbers = Counter(one.place for one in grants)
    told = {place for place, number in numbers.items() if place and may_tell(number)}
    if not told:
        return []
    elsewhere = _("Elsewhere, or not said")
    rows = _parts(grants, lambda one: one.place if one.place in told else elsewhere)
    return sorted(_largest_first(rows), key=lambda row: row.label == elsewhere)


def _largest_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.amount, str(row.label)))


def _parts(grants: Iterable[Given], label: Callable[[Given], Any]) -> list[Row]:
    """Return a row for each label, its bar measured by the largest."""
    sums: dict[str, tuple[Any, int, int]] = {}
    for one in grants:
        name = label(one)
        _name, many, amount = sums.get(str(name), (name, 0, 0))
        sums[str(name)] = (name, many + 1, amount + one.amount)
    most = max((amount for _name, _many, amount in sums.values()), default=0)
    return [
        Row(name, many, amount, charts.bar(amount, most)) for name, many, amount in sums.values()
    ]
