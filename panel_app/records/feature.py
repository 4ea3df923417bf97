"""People's records, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.finality import Stays
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.records import cleaning, holdings, services
from panel_app.records.desk import views
from panel_app.records.desk.help import HELP

RECORDS = Feature(
    name="records",
    blueprints=[views.bp],
    offers=[
        *HELP,
        holdings.NOBODY,
        Stays(services.ERASED, services.erase_again),
        Task(cleaning.clean),
        Timed("erasures-cleaned", "minute", cleaning.clean),
    ],
)
