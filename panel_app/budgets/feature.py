"""Pots and their ballots, as a feature."""

from __future__ import annotations

from panel_app.budgets import activity, counts, exports, paper_kind, views
from panel_app.budgets.demo import story
from panel_app.budgets.desk import path
from panel_app.budgets.desk import views as desk
from panel_app.budgets.desk.help import HELP
from panel_app.budgets.shares import exports as shares_exports
from panel_app.budgets.shares import paper as shares
from panel_app.core.feature import Feature
from panel_app.core.holdings import NobodyIn
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.panels.next_steps import NextSteps

BUDGETS = Feature(
    name="budgets",
    blueprints=[views.bp, desk.bp],
    offers=[
        *HELP,
        *story.PARTS,
        NobodyIn(
            {
                "pot": "money to share",
                "line": "service lines",
                "project": "what a pot can buy",
                "budget_ballot": "which ballot is about which pot",
                "count": "a rule applied to papers that are nobody's",
            }
        ),
        path.STEP,
        NextSteps(views.steps),
        activity.ACTIVITY,
        paper_kind.KIND_OF_PAPER,
        exports.DECISIONS,
        exports.RESULT,
        exports.PAPERS,
        exports.EVIDENCE,
        shares.KIND_OF_PAPER,
        shares_exports.LINES,
        shares_exports.SHARES,
        shares_exports.EVIDENCE,
        Task(counts.work_out_margins),
        Timed("margins-due", "minute", counts.work_out_waiting),
    ],
)
