"""Statements, and questions to the room, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.deliberation.demo import story
from panel_app.deliberation.questions import activity as questions
from panel_app.deliberation.questions import exports as question_exports
from panel_app.deliberation.questions import views as question_views
from panel_app.deliberation.questions.desk import views as question_desk
from panel_app.deliberation.statements import activity, exports, groups, holdings, views
from panel_app.deliberation.statements.desk import views as desk
from panel_app.deliberation.statements.desk.help import HELP

DELIBERATION = Feature(
    name="deliberation",
    blueprints=[views.bp, desk.bp, question_views.bp, question_desk.bp],
    offers=[
        *HELP,
        *story.PARTS,
        holdings.HOLDER,
        holdings.NOBODY,
        activity.STATEMENTS,
        questions.QUESTION,
        questions.LIVE,
        Task(groups.work_out),
        Timed("rounds-worked-out", "minute", groups.catch_up),
        exports.STATEMENTS,
        question_exports.QUESTIONS,
    ],
)
