"""Public pages and open data, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.panels.next_steps import NextSteps
from panel_app.publishing import exports, past, records, views
from panel_app.sessions.queries import RecordOf

PUBLISHING = Feature(
    name="publishing",
    blueprints=[views.bp, records.bp],
    offers=[exports.DICTIONARY, NextSteps(past.of_member), RecordOf(past.record_of)],
)
