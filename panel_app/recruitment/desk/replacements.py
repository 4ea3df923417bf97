"""Seats that were given up, and the lotteries that fill them again, for organisers."""

from __future__ import annotations

from flask import Blueprint, make_response, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, IntegerField

from panel_app.core import jobs
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import letters, queries, replacements, reserves, services
from panel_app.recruitment.desk import lists
from panel_app.staff.identity import actor
from panel_app.web import access, listing
from panel_app.web.forms import Form, Page, chosen, done, saved

bp = Blueprint("replacements_desk", __name__)
bp.before_request(only_with_seats)


class ReplacementForm(Form):
    """How many seats to fill, and whose failed lottery named targets to be eased."""

    number = IntegerField(_("How many people are to come in?"), [chosen(_("Type a number."))])
    after = HiddenField()


@bp.get("/desk/<panel_slug>/replacements")
@access.needs("organise")
def show() -> Page:
    """Show free seats, who gave one up, and the replacements so far."""
    return _page(ReplacementForm(number=replacements.free_seats(this_panel())))


@bp.post("/desk/<panel_slug>/replacements")
@access.needs("organise")
def start() -> Page:
    """Have a lottery of replacements computed."""
    panel, form = this_panel(), ReplacementForm()
    eased = queries.lottery_called(panel, form.after.data).fault if form.after.data else None

    def begin() -> str:
        return replacements.start_replacement(
            panel=panel,
            number=form.number.data or 0,
            eased=(eased or {}).get("changes", ()),
            actor=actor(),
        ).public_id

    def computed(public_id: str) -> str:
        jobs.queue(services.compute_lottery, public_id)
        return url_for("draw_desk.lottery", lottery_id=public_id)

    return saved(form, begin, computed) or _page(form)


@bp.post("/desk/<panel_slug>/replacements/<member_id>/take-back")
@access.needs("organise")
def take_back(member_id: str) -> Response:
    """Ask somebody again who declined or left."""
    member = letters.member_called(this_panel(), member_id)
    replacements.take_back(member=member, actor=actor())
    return done(url_for(".show"), _("Their letter works again."))


def _page(form: ReplacementForm) -> Page:
    panel = this_panel()
    answer = listing.page(
        "recruitment/desk/replacements.html",
        lists.gone(panel),
        heading=_("Seats and replacements"),
        panel=panel,
        form=form,
        now=queries.standing(panel),
        free=replacements.free_seats(panel),
        candidates=replacements.candidates(panel),
        running=replacements.lottery_under_way(panel),
        waiting=len(reserves.waiting_reserves(panel)),
        features=queries.sitting_composition(panel),
        past=queries.replacement_stories(panel),
        answers=lists.ANSWERS,
    )
    return make_response(answer, 422 if form.errors or form.form_errors else 200)
