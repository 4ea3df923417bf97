"""The ballot box, as a feature."""

from __future__ import annotations

from panel_app.balloting import closing, due, holdings, kiosk_views, probes, views
from panel_app.balloting.desk import on_paper
from panel_app.balloting.desk import views as desk
from panel_app.balloting.desk.help import HELP
from panel_app.core.check import Probe
from panel_app.core.feature import Feature
from panel_app.core.finality import Stays
from panel_app.core.timetable import Timed

BALLOTING = Feature(
    name="balloting",
    blueprints=[views.bp, kiosk_views.bp, desk.bp, on_paper.bp],
    offers=[
        *HELP,
        holdings.HOLDER,
        holdings.NOBODY,
        Timed("ballots-due", "minute", due.tidy),
        Probe(probes.look),
        Stays("ballot.closed", closing.stay_closed),
    ],
)
