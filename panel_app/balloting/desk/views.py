"""Opening and closing ballots, for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from panel_app.balloting import changing, papers, queries, services
from panel_app.balloting.desk.forms import CloseForm, MoveForm, OpenForm, VoidForm
from panel_app.balloting.models import Ballot
from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels import electorate
from panel_app.panels.current import this_panel
from panel_app.staff import identity
from panel_app.staff.step_up import fresh
from panel_app.web import access, forms, i18n
from panel_app.web.forms import Form

bp = Blueprint("ballots_desk", __name__)


@bp.get("/desk/<panel_slug>/ballots/<public_id>")
@access.needs("observe")
def show(public_id: str) -> str:
    """Show how a ballot stands: how many have voted, never who or what."""
    ballot = _ballot(public_id)
    return render_template(
        "balloting/desk/ballot.html",
        heading=i18n.said(ballot.question),
        ballot=ballot,
        turnout=queries.turnout_told(ballot),
        electors=queries.electors(ballot),
        few=queries.too_few(ballot),
        overdue=queries.overdue(ballot),
        holds=ballot.state != "closed" or queries.fingerprint_holds(ballot),
        result_url=papers.of(ballot).result_url(ballot),
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/open", methods=["GET", "POST"])
@access.needs("facilitate")
def open_(public_id: str) -> Any:
    """Ask once more, then open the ballot."""
    ballot, form = _ballot(public_id), OpenForm()
    if form.validate_on_submit():
        with forms.refusals(form):
            services.open_ballot(ballot=ballot, closes_at=form.moment, actor=identity.actor())
            db.session.commit()
            return redirect(url_for(".show", public_id=public_id), 303)
    heading = _("Open this ballot?")
    return forms.page(
        "balloting/desk/open.html",
        form,
        heading=heading,
        ballot=ballot,
        electors=len(electorate.seated(ballot.panel)),
        fewest=disclosure.FEWEST,
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/close", methods=["GET", "POST"])
@access.needs("facilitate")
@fresh
def close(public_id: str) -> Any:
    """Ask once more, then close the ballot and count it."""
    ballot, form = _ballot(public_id), CloseForm()
    if form.validate_on_submit():
        with forms.refusals(form):
            services.close_ballot(ballot=ballot, actor=identity.actor())
            db.session.commit()
            return redirect(url_for(".show", public_id=public_id), 303)
    return forms.page(
        "balloting/desk/close.html",
        form,
        heading=_("Close this ballot?"),
        ballot=ballot,
        turnout=queries.turnout_told(ballot),
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/move", methods=["GET", "POST"])
@access.needs("facilitate")
def move(public_id: str) -> Any:
    """Ask for another closing time and why, then move it."""
    ballot, form = _ballot(public_id), MoveForm()
    if form.validate_on_submit() and form.moment:
        with forms.refusals(form):
            changing.move_closing(
                ballot=ballot,
                closes_at=form.moment,
                reason=form.reason.data or "",
                actor=identity.actor(),
            )
            db.session.commit()
            return redirect(url_for(".show", public_id=public_id), 303)
    words = _("Voters see the new time. The log keeps both times and your reason.")
    return _change(form, ballot, _("Move the closing time?"), words, _("Move it"))


@bp.route("/desk/<panel_slug>/ballots/<public_id>/void", methods=["GET", "POST"])
@access.needs("facilitate")
@fresh
def void(public_id: str) -> Any:
    """Ask why, then declare the ballot void."""
    ballot, form = _ballot(public_id), VoidForm()
    if form.validate_on_submit():
        with forms.refusals(form):
            reason = form.reason.data or ""
            changing.declare_void(ballot=ballot, reason=reason, actor=identity.actor())
            db.session.commit()
            return redirect(url_for(".show", public_id=public_id), 303)
    words = _(
        "An open ballot closes: its papers are destroyed uncounted, and everybody who voted reads"
        " why. This can’t be undone. You can make a new ballot afterwards."
    )
    return _change(form, ballot, _("Declare this ballot void?"), words, _("Declare it void"))


@bp.route("/desk/<panel_slug>/ballots/<public_id>/delete", methods=["GET", "POST"])
@access.needs("facilitate")
def delete(public_id: str) -> Any:
    """Ask once more, then delete a draft."""
    ballot, form = _ballot(public_id), CloseForm()
    if form.validate_on_submit():
        with forms.refusals(form):
            changing.delete_draft(ballot=ballot, actor=identity.actor())
            db.session.commit()
            return redirect(url_for("panels_desk.show"), 303)
    words = _("It was never opened, so nobody has voted.")
    return _change(form, ballot, _("Delete this draft?"), words, _("Delete it"))


def _change(form: Form, ballot: Ballot, heading: Any, words: Any, button: Any) -> tuple[str, int]:
    return forms.page(
        "balloting/desk/change.html",
        form,
        heading=heading,
        ballot=ballot,
        words=words,
        button=button,
    )


def _ballot(public_id: str) -> Ballot:
    return queries.ballot_of(this_panel().id, public_id)
