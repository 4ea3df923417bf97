"""Commitments, as a feature."""

from __future__ import annotations

from panel_app.budgets.commitments import exports, views
from panel_app.budgets.commitments.desk import views as desk
from panel_app.budgets.commitments.desk.help import HELP
from panel_app.core.feature import Feature
from panel_app.core.holdings import NobodyIn

COMMITMENTS = Feature(
    name="budgets/commitments",
    blueprints=[views.bp, desk.bp],
    offers=[
        *HELP,
        NobodyIn(
            {
                "commitment": "what groups and partners take on, without names of people",
                "commitment_step": "how a commitment stands",
            }
        ),
        exports.COMMITMENTS,
    ],
)
