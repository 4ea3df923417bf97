"""Scoring and deciding cases, as a feature."""

from __future__ import annotations

from panel_app.casework import holdings, views
from panel_app.casework.desk import views as desk
from panel_app.casework.desk.help import HELP
from panel_app.core.feature import Feature

CASEWORK = Feature(
    name="casework",
    blueprints=[views.bp, desk.bp],
    offers=[*HELP, holdings.HOLDER, holdings.NOBODY],
)
