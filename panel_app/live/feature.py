"""Telling phones that something changed, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.holdings import NobodyIn
from panel_app.live import views

LIVE = Feature(
    name="live",
    blueprints=[views.bp],
    offers=[NobodyIn({"topic_version": "how often a page changed"})],
)
