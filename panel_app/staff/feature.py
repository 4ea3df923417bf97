"""Staff accounts, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.finality import Stays
from panel_app.staff import accounts, demo, holdings, views
from panel_app.staff.desk.help import HELP

STAFF = Feature(
    name="staff",
    blueprints=[views.bp],
    offers=[
        *HELP,
        *demo.PARTS,
        holdings.HOLDER,
        holdings.NOBODY,
        Stays("staff.switched_off", accounts.keep_switched),
        Stays("staff.switched_on", accounts.keep_switched),
        Stays("staff.role_taken", accounts.keep_taken),
    ],
)
