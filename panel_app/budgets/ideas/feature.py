"""Residents' ideas, as a feature."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.budgets.ideas import demo, exports, holdings, joining, road, views
from panel_app.budgets.ideas.desk import views as desk
from panel_app.budgets.ideas.desk.help import HELP
from panel_app.budgets.ideas.models import Idea
from panel_app.budgets.ideas.steps import steps
from panel_app.core.db import db
from panel_app.core.feature import Feature
from panel_app.core.timetable import Timed
from panel_app.panels.next_steps import NextSteps
from panel_app.places.models import Place
from panel_app.places.services import PlaceHold


def _lies_there(place: Place) -> bool:
    return db.session.scalars(select(Idea.id).where(Idea.place_id == place.id)).first() is not None


IDEAS = Feature(
    name="budgets/ideas",
    blueprints=[views.bp, desk.bp],
    offers=[
        *HELP,
        *demo.PARTS,
        holdings.HOLDER,
        holdings.NOBODY,
        road.TEMPLATE,
        exports.IDEAS,
        NextSteps(steps),
        PlaceHold(_lies_there),
        Timed("ideas-move-on", "minute", joining.move_on),
    ],
)
