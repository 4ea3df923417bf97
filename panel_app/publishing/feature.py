"""Public pages and open data, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.publishing import exports, views

PUBLISHING = Feature(name="publishing", blueprints=[views.bp], offers=[exports.DICTIONARY])
