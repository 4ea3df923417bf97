"""Moderating questions and ideas, and taking them up, for facilitators."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import found
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.deliberation import checking
from panel_app.deliberation.contributions import queries, services, wordings
from panel_app.deliberation.contributions.desk import lists
from panel_app.deliberation.contributions.desk.forms import DecisionForm, TranslationForm
from panel_app.deliberation.contributions.models import Contribution, Reason
from panel_app.panels.current import this_panel
from panel_app.sessions.desk.views import this_item
from panel_app.staff.identity import actor
from panel_app.web import access, listing
from panel_app.web.desk.texts import in_languages
from panel_app.web.forms import Page, done, page, saved
from panel_app.web.listing import Listed

bp = Blueprint("contributions_desk", __name__)


@bp.get("/desk/<panel_slug>/items/<public_id>/contributions")
@access.needs("facilitate")
def all_of(public_id: str) -> Listed:
    """List everything that was written in a part, so that a decision can be changed."""
    item = this_item(public_id)
    return listing.page(
        "deliberation/contributions/desk/all.html",
        lists.contributions(item),
        heading=_("Everything that was written"),
        item=item,
        back=url_for(".all_of", public_id=public_id),
    )


@bp.get("/desk/<panel_slug>/items/<public_id>/contributions/check")
@access.needs("facilitate")
def check(public_id: str) -> str:
    """Show what waits one at a time, each beside those that it is like."""
    item = this_item(public_id)
    after, everything = request.args.get("after", 0, type=int), queries.contributions_of(item)
    waiting = checking.check(item.session.panel, everything, after=after)
    return render_template(
        "deliberation/contributions/desk/check.html",
        heading=_("Check one at a time"),
        item=item,
        check=waiting if item.state != "closed" else None,
    )


@bp.post("/desk/<panel_slug>/contributions/<public_id>/accept", defaults={"state": "accepted"})
@bp.post("/desk/<panel_slug>/contributions/<public_id>/reject", defaults={"state": "rejected"})
@access.needs("facilitate")
def moderate(public_id: str, state: str) -> Response:
    """Show one to everybody, or don't."""
    form = DecisionForm()
    if not form.validate():
        raise Refused(_("Choose one of the reasons."))
    one = _this(public_id)
    services.moderate(
        contribution=one,
        state="accepted" if state == "accepted" else "rejected",
        actor=actor(),
        reason=cast(Reason, form.reason.data or None),
        revision=form.revision.data,
    )
    item = one.item
    if form.one.data:
        return done(url_for(".check", public_id=item.public_id, after=one.number))
    return done(url_for(".all_of", public_id=item.public_id))


@bp.post("/desk/<panel_slug>/items/<public_id>/contributions/join")
@access.needs("facilitate")
def repeats(public_id: str) -> Response:
    """Join some with another that says the same."""
    item, into = this_item(public_id), _this(request.form.get("into", ""))
    joined = request.form.getlist("repeat")[: checking.MOST_ALIKE]
    for one in queries.contributions_of(item):
        if one.public_id in joined:
            services.join(contribution=one, into=into, actor=actor())
    return done(url_for(".check", public_id=public_id))


@bp.route("/desk/<panel_slug>/contributions/<public_id>/translate", methods=["GET", "POST"])
@access.needs("facilitate")
def translate(public_id: str) -> Page:
    """Say one in other languages."""
    one = _this(public_id)
    everything = url_for(".all_of", public_id=one.item.public_id)
    form = in_languages(TranslationForm, one)()
    return saved(
        form,
        lambda: wordings.translate(contribution=one, wording=form.text("wording"), actor=actor()),
        everything,
    ) or page(
        "staff/form.html",
        form,
        heading=_("Translate"),
        back=(everything, _("Everything that was written")),
    )


@bp.post("/desk/<panel_slug>/contributions/<public_id>/wall", defaults={"on": True})
@bp.post("/desk/<panel_slug>/contributions/<public_id>/off-wall", defaults={"on": False})
@access.needs("facilitate")
def wall(public_id: str, on: bool) -> Response:
    """Put one on the wall in place of the one before, or take it off."""
    one = _this(public_id)
    if on:
        services.put_on_wall(contribution=one, actor=actor())
    elif one.on_wall:
        services.clear_wall(item=one.item, actor=actor())
    return _back(one)


@bp.post(
    "/desk/<panel_slug>/contributions/<public_id>/answered",
    defaults={"mark": "answered", "on": True},
)
@bp.post(
    "/desk/<panel_slug>/contributions/<public_id>/not-answered",
    defaults={"mark": "answered", "on": False},
)
@bp.post(
    "/desk/<panel_slug>/contributions/<public_id>/shortlist",
    defaults={"mark": "shortlisted", "on": True},
)
@bp.post(
    "/desk/<panel_slug>/contributions/<public_id>/off-shortlist",
    defaults={"mark": "shortlisted", "on": False},
)
@access.needs("facilitate")
def mark(public_id: str, mark: services.Mark, on: bool) -> Response:
    """Put one on the shortlist, or note that it was taken up; or undo."""
    one = _this(public_id)
    services.mark(contribution=one, mark=mark, on=on, actor=actor())
    return _back(one)


def _this(public_id: str) -> Contribution:
    return found(queries.contribution_of(public_id, this_panel().id))


def _back(one: Contribution) -> Response:
    """Lead back to where the button was: the console or the list."""
    return done(url_for("sessions_console.console", public_id=one.item.session.public_id))
