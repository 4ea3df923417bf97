"""What the demo's borough spends, and what of it falls to the estate. Everything is invented."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from panel_app.budgets.spending import services
from panel_app.budgets.spending.models import Basis, Confidence, Supplier
from panel_app.budgets.spending.services import Share, Terms
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.story import ACTOR, Part, Story
from panel_app.core.translated import Translated
from panel_app.places.models import Place

T = Translated.of
TREES = T(en="trees", bn="গাছ", ar="الأشجار")

#: Reference, service, who does it, yearly pence; the estate's share and how it is known.
CONTRACTS: tuple[tuple[str, Translated, Supplier, int, Basis, int, int, Confidence, str], ...] = (
    (
        "HG-0114",
        T(en="Trees", bn="গাছ", ar="الأشجار"),
        "company",
        31_200_000,
        "assets",
        180,
        2_000,
        "fair",
        "Tree survey of the borough",
    ),
    (
        "HG-0207",
        T(en="Caretaking", bn="কেয়ারটেকিং", ar="الحراسة والنظافة"),
        "own",
        95_000_000,
        "measured",
        9_120,
        228_000,
        "high",
        "Timesheets",
    ),
    (
        "HG-0331",
        T(en="Grass and beds", bn="ঘাস ও ফুলের জায়গা", ar="العشب والأحواض"),
        "charity",
        18_400_000,
        "area",
        21_500,
        410_000,
        "fair",
        "Map of green land",
    ),
    (
        "HG-0420",
        T(en="Door entry repairs", bn="দরজার তালা মেরামত", ar="إصلاح أبواب الدخول"),
        "small",
        12_600_000,
        "households",
        412,
        9_870,
        "guess",
        "Council tax list",
    ),
)


def spent(story: Story) -> None:
    """Write down four contracts with the estate's share of each."""
    estate = story.the(Place)
    borough = db.session.scalars(select(Place).where(Place.kind == "borough")).first()
    for reference, service, supplier, yearly, basis, part, whole, confidence, source in CONTRACTS:
        terms = Terms(
            reference=reference, service=service, supplier=supplier, yearly=yearly, area=borough
        )
        contract = services.add_contract(terms=terms, actor=ACTOR)
        share = Share(
            place=estate,
            year=clock.now().year,
            basis=basis,
            part=part,
            whole=whole,
            confidence=confidence,
            source=source,
            counted=TREES if basis == "assets" else None,
        )
        services.set_share(contract=contract, share=share, actor=ACTOR)


PARTS = (Part(ago=timedelta(days=14), play=spent),)
