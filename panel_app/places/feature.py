"""The tree of places, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.holdings import NobodyIn
from panel_app.places import demo
from panel_app.places.desk import views
from panel_app.places.desk.help import HELP

PLACES = Feature(
    name="places",
    blueprints=[views.bp],
    offers=[
        *HELP,
        *demo.PARTS,
        NobodyIn({"place": "a part of the borough, a block at the narrowest"}),
    ],
)
