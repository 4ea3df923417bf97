"""Statements, questions to and from the room, ideas and tables, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.deliberation.contributions import activity as contributions
from panel_app.deliberation.contributions import exports as contribution_exports
from panel_app.deliberation.contributions import holdings as contribution_holdings
from panel_app.deliberation.contributions import views as contribution_views
from panel_app.deliberation.contributions.desk import views as contribution_desk
from panel_app.deliberation.contributions.desk.help import HELP as CONTRIBUTIONS_HELP
from panel_app.deliberation.demo import story, workshop
from panel_app.deliberation.questions import activity as questions
from panel_app.deliberation.questions import exports as question_exports
from panel_app.deliberation.questions import views as question_views
from panel_app.deliberation.questions.desk import views as question_desk
from panel_app.deliberation.statements import activity, exports, groups, holdings, views
from panel_app.deliberation.statements.desk import views as desk
from panel_app.deliberation.statements.desk.help import HELP
from panel_app.deliberation.tables import activity as tables
from panel_app.deliberation.tables import exports as table_exports
from panel_app.deliberation.tables import holdings as table_holdings
from panel_app.deliberation.tables import planning, sorting
from panel_app.deliberation.tables import views as table_views
from panel_app.deliberation.tables.desk import views as table_desk
from panel_app.deliberation.tables.desk.help import HELP as TABLES_HELP

DELIBERATION = Feature(
    name="deliberation",
    blueprints=[
        views.bp,
        desk.bp,
        question_views.bp,
        question_desk.bp,
        contribution_views.bp,
        contribution_desk.bp,
        table_views.bp,
        table_desk.bp,
    ],
    offers=[
        *HELP,
        *TABLES_HELP,
        *CONTRIBUTIONS_HELP,
        *story.PARTS,
        *workshop.PARTS,
        holdings.HOLDER,
        holdings.NOBODY,
        contribution_holdings.HOLDER,
        table_holdings.HOLDER,
        table_holdings.NOBODY,
        activity.STATEMENTS,
        questions.QUESTION,
        questions.LIVE,
        contributions.QUESTIONS,
        contributions.IDEAS,
        tables.TABLES,
        Task(groups.work_out),
        Task(planning.work_out),
        Task(sorting.propose),
        Timed("rounds-worked-out", "minute", groups.catch_up),
        Timed("tables-seated", "minute", planning.catch_up),
        Timed("notes-sorted", "minute", sorting.catch_up),
        exports.STATEMENTS,
        question_exports.QUESTIONS,
        contribution_exports.CONTRIBUTIONS,
        table_exports.NOTES,
    ],
)
