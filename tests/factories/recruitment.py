"""Pools, targets and lotteries."""

from __future__ import annotations

from collections.abc import Sequence

from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment import services
from panel_app.recruitment.models import Lottery

ACTOR = "staff:test"

TARGETS = """feature,value,min,max
gender,Female,2,4
gender,Male,2,4
age,Younger,2,4
age,Older,2,4
"""


def people_csv(number: int = 24) -> str:
    """Return people of every combination, two at each address, with names and languages."""
    lines = ["id,name,street,postcode,language,gender,age"]
    for at in range(number):
        gender = ("Female", "Male")[at % 2]
        age = ("Younger", "Older")[at // 2 % 2]
        tongue = ("English", "বাংলা", "ar")[at % 3]
        lines.append(
            f"p{at},Person {at},{at // 2} Canary Row,N1 {at % 9}AA,{tongue},{gender},{age}"
        )
    return "\n".join(lines) + "\n"


def make_pool(
    panel: Panel,
    *,
    people: int = 24,
    address: Sequence[str] = ("street",),
    targets: str = TARGETS,
) -> None:
    """Import targets (for a panel of 6, unless others are given) and people."""
    services.import_targets(panel=panel, source=targets, actor=ACTOR)
    services.import_people(
        panel=panel,
        source=people_csv(people),
        name_columns=["name"],
        address_columns=address,
        actor=ACTOR,
    )


def make_lottery(panel: Panel, *, panels: int = 1000) -> Lottery:
    """Compute and commit a lottery over the panel's pool; commits, as the job does."""
    lottery = services.start_lottery(panel=panel, panels=panels, actor=ACTOR)
    public_id = lottery.public_id
    db.session.commit()
    services.compute_lottery(public_id)
    services.commit_lottery(lottery=lottery, actor=ACTOR)
    db.session.commit()
    return lottery


def make_draw(panel: Panel, dice: str = "407") -> Lottery:
    """Make a pool and draw the panel; the caller commits the draw."""
    make_pool(panel)
    return services.draw_panel(lottery=make_lottery(panel), dice=dice, actor=ACTOR)
