"""Statements and polls, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.deliberation import activity, exports, groups, views
from panel_app.deliberation.desk import views as desk

DELIBERATION = Feature(
    name="deliberation",
    blueprints=[views.bp, desk.bp],
    offers=[
        activity.STATEMENTS,
        activity.POLL,
        Task(groups.work_out),
        Timed("rounds-worked-out", "minute", groups.catch_up),
        exports.STATEMENTS,
    ],
)
