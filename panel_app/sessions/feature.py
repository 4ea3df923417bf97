"""Sessions: agenda, console, wall and phone, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.panels.next_steps import Arrivals, Meetings, NextSteps
from panel_app.sessions import demo, exports, guests, holdings, next_step, rehearsal, views
from panel_app.sessions.desk import console, door, evening, path, templates
from panel_app.sessions.desk import views as desk
from panel_app.sessions.desk.help import HELP

SESSIONS = Feature(
    name="sessions",
    blueprints=[views.bp, desk.bp, console.bp, evening.bp, door.bp, templates.bp],
    offers=[
        *HELP,
        *demo.PARTS,
        holdings.HOLDER,
        holdings.NOBODY,
        path.STEP,
        NextSteps(next_step.of_member),
        Arrivals(next_step.arrival),
        Meetings(next_step.next_of),
        exports.MINUTES,
        Task(rehearsal.step),
        Timed("rehearsals", "minute", rehearsal.throw_old_away),
        Timed("guests-phones", "night", guests.forget_old_phones),
    ],
)
