"""Panels and their members, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.finality import Stays
from panel_app.panels import holdings, services, views
from panel_app.panels.desk import views as desk
from panel_app.panels.desk.help import HELP
from panel_app.places.services import PlaceHold

PANELS = Feature(
    name="panels",
    blueprints=[views.bp, desk.bp],
    offers=[
        *HELP,
        holdings.HOLDER,
        holdings.NOBODY,
        Stays("letter.reissued", services.keep_reissued),
        PlaceHold(services.lies_in),
    ],
)
