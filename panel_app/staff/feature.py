"""Staff accounts, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.staff import views

STAFF = Feature(name="staff", blueprints=[views.bp])
