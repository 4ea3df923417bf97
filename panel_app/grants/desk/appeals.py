"""Appeals on the desk: read and answered by somebody who took no part in the decision."""

from __future__ import annotations

from flask import Blueprint, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import RadioField, TextAreaField

from panel_app.casework.models import Case
from panel_app.core.text import _
from panel_app.grants import appeals, awards
from panel_app.grants.appeal_models import Appeal
from panel_app.grants.desk.forms import tidy
from panel_app.grants.models import Application, Programme
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.panels.models import Panel
from panel_app.staff.accounts import name_of
from panel_app.staff.identity import actor, this_user
from panel_app.web import access, listing
from panel_app.web.forms import Form, Page, SelectChoice, at_most, chosen, page, required, saved
from panel_app.web.i18n import day, number, theirs
from panel_app.web.listing import Column, Listing, State

bp = Blueprint("appeals_desk", __name__)
bp.before_request(only_with_seats)


class AnswerForm(Form):
    """The answer to an appeal, with its reason."""

    outcome = RadioField(
        _("What comes of it?"),
        [chosen()],
        choices=[SelectChoice(key, words) for key, words in appeals.ANSWERS.items()],
    )
    reason = TextAreaField(
        _("Why, in plain words"),
        [required(), at_most(awards.LONGEST_REASON)],
        filters=[tidy],
        description=_("The applicant reads it. No names."),
    )


@bp.get("/desk/<panel_slug>/grants/appeals")
@access.needs("organise")
def overview() -> listing.Listed:
    """List the appeals against a panel's decisions."""
    up = url_for("grants_desk.overview"), _("Grants")
    return listing.page(
        "grants/desk/list.html", _appeals(this_panel()), heading=_("Appeals"), up=up
    )


@bp.route("/desk/<panel_slug>/grants/appeals/<appeal_id>", methods=["GET", "POST"])
@access.needs("organise")
def show(appeal_id: str) -> Page:
    """Read an appeal and answer it."""
    appeal, form = appeals.appeal_in(this_panel(), appeal_id), AnswerForm()
    return saved(
        form,
        lambda: appeals.answer(
            appeal=appeal,
            outcome=form.outcome.data or "",
            reason=form.reason.data or "",
            user=this_user(),
            actor=actor(),
        ),
        url_for(".show", appeal_id=appeal_id),
        says=_("The appeal is answered, and the applicant is told."),
    ) or page(
        "grants/desk/appeal.html",
        form,
        heading=_("Appeal on application number %(number)d", number=appeal.application.reference),
        appeal=appeal,
        about=appeals.ABOUT[appeal.about],
        said=appeals.words_of(appeal),
        answer=appeals.ANSWERS.get(appeal.outcome or ""),
        by=name_of(appeal.answered_by),
        barred=appeals.took_part(appeal.application, this_user(), actor()),
        why_barred=appeals.TOOK_PART,
    )


def _appeals(panel: Panel) -> Listing[Appeal]:
    query = (
        select(Appeal)
        .join(Application, Application.id == Appeal.application_id)
        .join(Case, Case.id == Application.case_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.panel_id == panel.id)
    )
    return Listing(
        name=f"{panel.slug}-appeals",
        label=_("Appeals"),
        query=query,
        options=[selectinload(Appeal.application).selectinload(Application.case)],
        order=[Appeal.id.desc()],
        states=[
            State("open", _("To answer"), Appeal.answered_at.is_(None)),
            State("answered", _("Answered"), Appeal.answered_at.is_not(None)),
        ],
        columns=_COLUMNS,
        empty=_("Nobody has appealed against a decision."),
    )


def _plain_title(row: Appeal) -> str:
    return row.application.case.title if row.application.case else ""


def _title(row: Appeal) -> Markup:
    words = theirs(_plain_title(row), row.application.language)
    return Markup('<a href="{}">{}</a>').format(
        url_for("appeals_desk.show", appeal_id=row.public_id), words
    )


_COLUMNS: list[Column[Appeal]] = [
    Column(
        key="number",
        label=_("Number"),
        plain=lambda row: row.application.reference,
        cell=lambda row: number(row.application.reference or 0),
        figure=True,
    ),
    Column(key="title", label=_("Title"), plain=_plain_title, cell=_title),
    Column(
        key="sent",
        label=_("Sent"),
        plain=lambda row: row.created_at.date().isoformat(),
        cell=lambda row: day(row.created_at),
        order=Appeal.created_at,
    ),
    Column(
        key="answer",
        label=_("Answer"),
        plain=lambda row: str(appeals.ANSWERS.get(row.outcome or "", _("To answer"))),
    ),
]
