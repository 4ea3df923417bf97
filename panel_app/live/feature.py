"""Telling phones that something changed, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.live import views

LIVE = Feature(name="live", blueprints=[views.bp])
