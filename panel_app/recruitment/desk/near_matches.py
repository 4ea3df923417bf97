"""People of the pool who may be one home or one person, for organisers to decide."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from panel_app.core import jobs
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.panels.models import Panel
from panel_app.recruitment import near_matches, queries
from panel_app.recruitment.near_matches import Match, NearMatch, Verdict
from panel_app.staff.identity import actor
from panel_app.web import access, listing
from panel_app.web.listing import Listing, State

bp = Blueprint("near_matches", __name__)
bp.before_request(only_with_seats)

#: Why two should be looked at.
REASONS: dict[str, Any] = {
    "spelling": _("the same address in another writing"),
    "part": _("the same address, but for what one leaves out"),
    "surname": _("the same postcode and surname"),
    "contact": _("the same phone or e-mail"),
    "name": _("the same name at a like address"),
    "initial": _("a like name at a like address"),
}


@bp.get("/desk/<panel_slug>/near-matches")
@access.needs("organise")
def show() -> str | Response:
    """List pairs that may be one home or one person."""
    panel = this_panel()
    return listing.page(
        "recruitment/desk/near_matches.html",
        _pairs(panel),
        heading=_("Near matches"),
        panel=panel,
        reasons=REASONS,
    )


@bp.post("/desk/<panel_slug>/near-matches")
@access.needs("organise")
def look() -> Response:
    """Have the pool looked through."""
    jobs.queue(near_matches.find_matches, this_panel().id)
    flash(_("The pool is being looked through: open this page again in a moment."))
    return redirect(url_for(".show"), 303)


@bp.post("/desk/<panel_slug>/near-matches/<match_id>/<any(one, two, open):verdict>")
@access.needs("organise")
def decide(match_id: str, verdict: str) -> Response:
    """Say whether two are one."""
    match = near_matches.match_called(this_panel(), match_id)
    near_matches.decide(match=match, verdict=cast(Verdict, verdict), actor=actor())
    db.session.commit()
    return redirect(url_for(".show", state="open"), 303)


def _pairs(panel: Panel) -> Listing[Match]:
    return Listing(
        name=f"{panel.slug}-near-matches",
        label=_("Near matches"),
        query=near_matches.pairs_of(panel),
        order=[NearMatch.id],
        prepare=lambda rows: near_matches.opened(queries.pool_of(panel), rows),
        states=[
            State("open", _("To decide"), NearMatch.verdict == "open"),
            State("one", _("One seat at most"), NearMatch.verdict == "one"),
            State("two", _("Two"), NearMatch.verdict == "two"),
        ],
        columns=[],
        empty=_("Nobody was found. Look through the pool once it is there."),
    )
