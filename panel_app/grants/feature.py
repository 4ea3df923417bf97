"""Programmes, rounds and applications, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.grants import (
    activity,
    appeal_views,
    award_views,
    bank,
    case_subject,
    exports,
    holdings,
    letters,
    questionnaire,
    report_letters,
    report_views,
    steps,
    three_sixty,
    views,
)
from panel_app.grants.demo import story
from panel_app.grants.desk import appeals as appeals_desk
from panel_app.grants.desk import awards as awards_desk
from panel_app.grants.desk import path
from panel_app.grants.desk import views as desk
from panel_app.grants.desk.help import HELP
from panel_app.outbox.due import Reminder
from panel_app.panels.next_steps import NextSteps

GRANTS = Feature(
    name="grants",
    blueprints=[
        views.bp,
        award_views.bp,
        report_views.bp,
        appeal_views.bp,
        desk.bp,
        awards_desk.bp,
        appeals_desk.bp,
    ],
    offers=[
        *HELP,
        *story.PARTS,
        holdings.HOLDER,
        holdings.NOBODY,
        path.STEP,
        NextSteps(steps.of_member),
        activity.ACTIVITY,
        case_subject.SUBJECT,
        questionnaire.QUESTIONS,
        exports.REGISTER,
        exports.ROUNDS,
        three_sixty.THREE_SIXTY,
        *letters.TEMPLATES,
        report_letters.TEMPLATE,
        Task(letters.send_lost_links),
        Task(letters.tell_moved),
        Timed("bank-details", "night", bank.forget_old),
        Reminder("grants-unsent", letters.remind_unsent),
        Reminder("grants-report", report_letters.remind),
    ],
)
