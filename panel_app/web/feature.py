"""What every page shares, as a feature: the pages of no feature in particular."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.web import views

WEB = Feature(name="web", blueprints=[views.bp])
