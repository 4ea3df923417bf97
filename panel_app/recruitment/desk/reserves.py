"""Reserves drawn in advance, and their calling, for organisers."""

from __future__ import annotations

from flask import Blueprint, url_for
from wtforms import IntegerField, StringField
from wtforms.validators import Optional

from panel_app.core import jobs
from panel_app.core.text import _, gettext
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import queries, replacements, reserves, services
from panel_app.recruitment.reserve_plans import likely_most
from panel_app.staff.identity import actor
from panel_app.web import access
from panel_app.web.forms import Form, Page, at_most, between, chosen, page, saved

bp = Blueprint("reserves_desk", __name__)
bp.before_request(only_with_seats)


class ReservesForm(Form):
    """How many people are expected to leave, and how many reserves there are to be."""

    share = IntegerField(
        _("Of 100 members, how many are likely to leave?"),
        [chosen(_("Type a number from 1 to 60.")), between(1, 60)],
    )
    number = IntegerField(
        _("How many reserves?"),
        [Optional()],
        description=_("Left empty: as many as will do nine times in ten."),
    )


class CallForm(Form):
    """Why a reserve is called before others."""

    reason = StringField(
        _("Why do they come before others? Everybody may read it."),
        [at_most(reserves.LONGEST_REASON)],
        description=_("Without a name or anything that tells who they are."),
    )


@bp.get("/desk/<panel_slug>/reserves")
@access.needs("organise")
def show() -> Page:
    """Show the reserves in their order, or what they would be for."""
    return _page(ReservesForm(share=round(100 * reserves.expected_share(this_panel()))))


@bp.post("/desk/<panel_slug>/reserves")
@access.needs("organise")
def start() -> Page:
    """Have a lottery of reserves computed."""
    panel, form = this_panel(), ReservesForm()

    def begin() -> str:
        return reserves.start_reserves(
            panel=panel,
            number=form.number.data,
            share=(form.share.data or 0) / 100,
            actor=actor(),
        ).public_id

    def computed(public_id: str) -> str:
        jobs.queue(services.compute_lottery, public_id)
        return url_for("draw_desk.lottery", lottery_id=public_id)

    return saved(form, begin, computed) or _page(form)


@bp.route("/desk/<panel_slug>/reserves/<reserve_id>/call", methods=["GET", "POST"])
@access.needs("organise")
def call(reserve_id: str) -> Page:
    """Ask once more, and why where it isn't their turn; then give them a seat."""
    panel, form = this_panel(), CallForm()
    reserve = reserves.reserve_called(panel, reserve_id)
    waiting = reserves.waiting_reserves(panel)
    first = not waiting or reserve is waiting[0]
    if first:
        del form.reason
    return saved(
        form,
        lambda: reserves.call_reserve(
            reserve=reserve, reason="" if first else form.reason.data or "", actor=actor()
        ),
        url_for("letters_desk.letters_list"),
        says=_("They have a seat. Print their letter and post it."),
    ) or page(
        "staff/form.html",
        form,
        heading=gettext("Call reserve %(number)s?", number=reserve.position),
        words=[
            _(
                "They get a seat with a new number and a letter of their own. In a vote that is"
                " open already they have no part."
            )
        ],
        button=_("Give them the seat"),
        keep=_("Not now"),
        back=(url_for(".show"), _("Reserves")),
    )


def _page(form: ReservesForm) -> Page:
    panel = this_panel()
    share, sitting = reserves.expected_share(panel), reserves.sitting(panel)
    drawn = queries.lottery_of(panel)
    return page(
        "recruitment/desk/reserves.html",
        form,
        heading=_("Reserves"),
        panel=panel,
        drawn=drawn is not None and drawn.state == "drawn",
        share=round(100 * share),
        sitting=sitting,
        likely=likely_most(sitting, share),
        free=replacements.free_seats(panel),
        candidates=replacements.candidates(panel),
        running=replacements.lottery_under_way(panel),
        people=reserves.listed(panel),
        past=queries.reserve_stories(panel),
    )
