"""Invitations, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.recruitment.invitations import addresses, demo, exports, holdings, waves
from panel_app.recruitment.invitations.desk import views
from panel_app.recruitment.invitations.desk.help import HELP
from panel_app.recruitment.invitations.desk.path import STEP

INVITATIONS = Feature(
    name="recruitment/invitations",
    blueprints=[views.bp],
    offers=[
        *HELP,
        STEP,
        demo.LETTERS_OUT,
        holdings.HOLDER,
        holdings.NOBODY,
        Task(addresses.read_list),
        Task(waves.seal),
        Task(waves.draw),
        Timed("letters-alive", "minute", waves.tidy),
        Timed("addresses-forgotten", "hour", addresses.tidy),
        exports.INVITATIONS,
        exports.PEOPLE,
        exports.EVIDENCE,
    ],
)
