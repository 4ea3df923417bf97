"""Questions: writing them, as a feature; whoever asks them offers a `uses.Use`."""

from __future__ import annotations

from panel_app.core.check import Probe
from panel_app.core.feature import Feature
from panel_app.core.files import Named
from panel_app.core.finality import Stays
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.questions import holdings, pairing, photos, views
from panel_app.questions.desk import views as desk
from panel_app.questions.desk.help import HELP

QUESTIONS = Feature(
    name="questions",
    blueprints=[views.bp, desk.bp],
    offers=[
        *HELP,
        holdings.HOLDER,
        holdings.NOBODY,
        Named(photos.named),
        Probe(photos.missing),
        Timed("files", "night", photos.tidy),
        Task(pairing.finish),
        Timed("pairings", "hour", pairing.tidy),
        Stays("pairing.closed", pairing.stay_closed),
    ],
)
