"""Invitations, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.recruitment.invitations import holdings

INVITATIONS = Feature(name="recruitment/invitations", offers=[holdings.HOLDER, holdings.NOBODY])
