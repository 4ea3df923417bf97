"""Panels and their members, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.panels import views
from panel_app.panels.desk import views as desk

PANELS = Feature(name="panels", blueprints=[views.bp, desk.bp])
