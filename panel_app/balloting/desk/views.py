"""Opening and closing ballots, for organisers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_security import logout_user

from panel_app.balloting import changing, kiosk, papers, queries, services
from panel_app.balloting.desk.forms import CloseForm, MoveForm, OpenForm, VoidForm
from panel_app.balloting.models import Ballot
from panel_app.balloting.on_paper import queries as on_paper
from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.core.text import _, ngettext
from panel_app.panels import electorate
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.staff import identity
from panel_app.staff.step_up import fresh
from panel_app.web import access, i18n
from panel_app.web.forms import Form, Page, page, saved

bp = Blueprint("ballots_desk", __name__)
bp.before_request(only_with_seats)

_NEVER_COUNTED = _(
    "With fewer than five members this ballot can never be counted: a result would show how"
    " somebody voted. Its papers would be destroyed. Ways out: count raised hands in the room and"
    " write down what came of it, or put the question to a larger panel together with this one."
)
_DESTROYED = _(
    "If it closes with fewer than five papers, they are destroyed uncounted: a result could show"
    " how somebody voted."
)


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
        on_paper=on_paper.handed_out(ballot),
        holds=ballot.state != "closed" or queries.fingerprint_holds(ballot),
        result_url=papers.of(ballot).result_url(ballot),
        draft_url=papers.of(ballot).draft_url(ballot),
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/open", methods=["GET", "POST"])
@access.needs("facilitate")
def open_(public_id: str) -> Page:
    """Ask once more, then open the ballot."""
    ballot, form = _ballot(public_id), OpenForm()
    electors = len(electorate.seated(ballot.panel))
    asked = _Asked(
        _("Open this ballot?"),
        [
            _(
                "Members can vote from this moment on, and change their vote until it closes."
                " What is put to the vote can’t be changed any more."
            ),
            ngettext(
                "%(num)s member may vote: whoever is confirmed now. Nobody who joins later can.",
                "%(num)s members may vote: whoever is confirmed now. Nobody who joins later can.",
                electors,
            ),
        ],
        _("Open it now"),
        keep=_("Not yet"),
        kind="",
        warning=_NEVER_COUNTED if electors < disclosure.FEWEST else None,
    )
    return _ask(
        form,
        ballot,
        asked,
        lambda: services.open_ballot(ballot=ballot, closes_at=form.moment, actor=identity.actor()),
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/kiosk", methods=["GET", "POST"])
@access.needs("facilitate")
def open_kiosk(public_id: str) -> Page:
    """Ask once more, then make this device a kiosk, on which nobody of the staff is signed in."""
    ballot, form = _ballot(public_id), CloseForm()
    if form.validate_on_submit():
        response = redirect(url_for("kiosk.start"), 303)
        kiosk.open_on(response, ballot, actor=identity.actor())
        db.session.commit()
        logout_user()
        return response
    words = [
        _("You are signed out on this device. People type the code of their letter, one by one."),
        _("It stays a kiosk for twelve hours, or until the ballot closes."),
    ]
    asked = _Asked(_("Make this device a kiosk?"), words, _("Open the kiosk"), kind="")
    return _ask(form, ballot, asked, lambda: None)


@bp.route("/desk/<panel_slug>/ballots/<public_id>/close", methods=["GET", "POST"])
@access.needs("facilitate")
@fresh
def close(public_id: str) -> Page:
    """Ask once more, then close the ballot and count it."""
    ballot, form = _ballot(public_id), CloseForm()
    turnout = queries.turnout_told(ballot)
    asked = _Asked(
        _("Close this ballot?"),
        [
            _("At least %(number)s have voted.", number=i18n.number(turnout))
            if turnout
            else _("Fewer than five have voted so far."),
            _(
                "Closing counts the papers and destroys the key that ties them to people."
                " A closed ballot can’t be opened again."
            ),
        ],
        _("Close and count"),
        keep=_("Keep it open"),
        warning=None if turnout else _DESTROYED,
    )
    return _ask(
        form,
        ballot,
        asked,
        lambda: services.close_ballot(ballot=ballot, actor=identity.actor()),
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/move", methods=["GET", "POST"])
@access.needs("facilitate")
def move(public_id: str) -> Page:
    """Ask for another closing time and why, then move it."""
    ballot, form = _ballot(public_id), MoveForm()
    words = _("Voters see the new time. The log keeps both times and your reason.")
    return _ask(
        form,
        ballot,
        _Asked(_("Move the closing time?"), [words], _("Move it")),
        lambda: changing.move_closing(
            ballot=ballot,
            closes_at=form.new_time,
            reason=form.reason.data or "",
            actor=identity.actor(),
        ),
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/void", methods=["GET", "POST"])
@access.needs("facilitate")
@fresh
def void(public_id: str) -> Page:
    """Ask why, then declare the ballot void."""
    ballot, form = _ballot(public_id), VoidForm()
    words = _(
        "An open ballot closes: its papers are destroyed uncounted, and everybody who voted reads"
        " why. This can’t be undone. You can make a new ballot afterwards."
    )
    return _ask(
        form,
        ballot,
        _Asked(_("Declare this ballot void?"), [words], _("Declare it void")),
        lambda: changing.declare_void(
            ballot=ballot, reason=form.reason.data or "", actor=identity.actor()
        ),
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/delete", methods=["GET", "POST"])
@access.needs("facilitate")
def delete(public_id: str) -> Page:
    """Ask once more, then delete a draft."""
    ballot, form = _ballot(public_id), CloseForm()
    words = _("It was never opened, so nobody has voted.")
    return _ask(
        form,
        ballot,
        _Asked(_("Delete this draft?"), [words], _("Delete it")),
        lambda: changing.delete_draft(ballot=ballot, actor=identity.actor()),
        to=url_for("panels_desk.show"),
    )


@dataclass(frozen=True)
class _Asked:
    """What is asked before something is done to a ballot."""

    heading: Any
    words: list[Any]
    button: Any
    keep: Any = None
    kind: str = "stop"
    warning: Any = None


def _ask(
    form: Form, ballot: Ballot, asked: _Asked, act: Callable[[], object], to: str | None = None
) -> Page:
    """Do it where the form is sound; ask where it is not, or not sent yet."""
    back = url_for(".show", public_id=ballot.public_id), i18n.said(ballot.question)
    return saved(form, act, to or back[0]) or page(
        "staff/form.html", form, back=back, **vars(asked)
    )


def _ballot(public_id: str) -> Ballot:
    return queries.ballot_of(this_panel().id, public_id)
