"""Registration, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.recruitment.registration import asked, demo, holdings, lost, views, ways
from panel_app.recruitment.registration.desk import views as desk
from panel_app.recruitment.registration.desk.help import HELP
from panel_app.recruitment.registration.desk.path import STEP

REGISTRATION = Feature(
    name="recruitment/registration",
    blueprints=[views.bp, desk.bp],
    offers=[
        *HELP,
        STEP,
        demo.RECRUITING,
        asked.QUESTIONS,
        lost.LINK,
        Task(lost.send),
        holdings.HOLDER,
        holdings.NOBODY,
        Timed("registrations-forgotten", "night", ways.tidy),
    ],
)
