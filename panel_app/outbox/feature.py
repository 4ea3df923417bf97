"""The outbox, as a feature; whoever writes to people offers a `templates.Template`."""

from __future__ import annotations

from panel_app.core.check import Probe
from panel_app.core.feature import Feature
from panel_app.core.timetable import Timed
from panel_app.outbox import checks, due, holdings
from panel_app.outbox.desk import views
from panel_app.outbox.desk.help import HELP

OUTBOX = Feature(
    name="outbox",
    blueprints=[views.bp],
    offers=[
        *HELP,
        holdings.HOLDER,
        holdings.NOBODY,
        Probe(checks.look),
        Timed("outbox-sending", "minute", due.send),
        Timed("outbox-reminders", "hour", due.remind),
    ],
)
