"""Targets, people, draw and letters, as a feature."""

from __future__ import annotations

from panel_app.core.feature import Feature
from panel_app.core.finality import Stays
from panel_app.core.jobs import Task
from panel_app.core.timetable import Timed
from panel_app.panels.next_steps import NextSteps
from panel_app.panels.services import SizeHold
from panel_app.recruitment import (
    calls,
    exports,
    holdings,
    lotteries,
    near_matches,
    pool_check,
    roll,
    support,
    views,
)
from panel_app.recruitment.demo import story
from panel_app.recruitment.desk import calls as calls_desk
from panel_app.recruitment.desk import draw, files, importing, letters, replacements, reserves
from panel_app.recruitment.desk import near_matches as near_matches_desk
from panel_app.recruitment.desk import pool as pool_desk
from panel_app.recruitment.desk import roll as roll_desk
from panel_app.recruitment.desk import targets as targets_desk
from panel_app.recruitment.desk import views as desk
from panel_app.recruitment.desk.help import HELP
from panel_app.recruitment.desk.path import STEPS
from panel_app.recruitment.importing import services as import_services

RECRUITMENT = Feature(
    name="recruitment",
    blueprints=[
        desk.bp,
        draw.bp,
        letters.bp,
        replacements.bp,
        reserves.bp,
        roll_desk.bp,
        files.bp,
        targets_desk.bp,
        pool_desk.bp,
        importing.bp,
        near_matches_desk.bp,
        calls_desk.bp,
        views.bp,
    ],
    offers=[
        *HELP,
        *story.PARTS,
        holdings.HOLDER,
        holdings.NOBODY,
        *STEPS,
        NextSteps(support.of_member),
        Stays(roll.TAKEN_OFF, roll.keep),
        Stays(roll.PUT_BACK, roll.keep),
        SizeHold(lotteries.in_use),
        Task(lotteries.compute_lottery),
        Task(near_matches.find_matches),
        Task(pool_check.check_pool),
        Timed("pools-checked", "minute", pool_check.check_changed),
        Task(import_services.check_people),
        Task(import_services.write_people),
        Timed("imports-alive", "minute", import_services.tidy),
        Timed("lotteries-alive", "minute", lotteries.tidy),
        Timed("calls-forgotten", "hour", calls.let_go),
        exports.DRAW,
        exports.COMPOSITION,
        exports.EVIDENCE,
    ],
)
