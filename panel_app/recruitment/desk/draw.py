"""The lottery and its draw, for organisers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core import jobs
from panel_app.core.db import db
from panel_app.core.errors import DomainError
from panel_app.core.text import _
from panel_app.live.views import fragment
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import dice as dice_read
from panel_app.recruitment import draw_wall, exports, queries, services
from panel_app.recruitment.desk import changes
from panel_app.recruitment.desk.forms import DiceForm, GiveUpForm
from panel_app.recruitment.models import Lottery
from panel_app.recruitment.proposals import proposal_of
from panel_app.staff.identity import actor, this_user
from panel_app.web import access
from panel_app.web.forms import Page, done, page, saved

bp = Blueprint("draw_desk", __name__)
bp.before_request(only_with_seats)

#: What a lottery's page is headed, by what it fills.
_HEADINGS = {
    "panel": _("The draw"),
    "replacement": _("The draw of replacements"),
    "reserves": _("The draw of reserves"),
}


@bp.get("/desk/<panel_slug>/draw")
@access.needs("observe")
def draw() -> Page:
    """Show how the draw of the whole panel stands."""
    return _draw_page(DiceForm(), queries.lottery_of(this_panel()))


@bp.get("/desk/<panel_slug>/draw/<lottery_id>")
@access.needs("observe")
def lottery(lottery_id: str) -> Page:
    """Show how one lottery stands: the panel's, or one after the draw."""
    return _draw_page(DiceForm(), queries.lottery_called(this_panel(), lottery_id))


@bp.get("/desk/<panel_slug>/draw/<lottery_id>/state")
@access.needs("observe")
def draw_state(lottery_id: str) -> AnyResponse:
    """Return the part of the page that follows a lottery."""
    lottery = queries.lottery_called(this_panel(), lottery_id)
    html = render_template(
        "recruitment/desk/_state.html", form=DiceForm(), **_draw_context(lottery)
    )
    topic = f"lottery:{lottery.public_id}"
    return fragment(html, topic=topic, audience="console", subject=topic)


@bp.post("/desk/<panel_slug>/draw/start")
@access.needs("organise")
def start() -> Page:
    """Have a lottery computed."""
    form = DiceForm()
    try:
        lottery = services.start_lottery(panel=this_panel(), actor=actor())
    except DomainError as refusal:
        db.session.rollback()
        form.refuse(refusal)
        return _draw_page(form, queries.lottery_of(this_panel()))
    public_id = lottery.public_id
    db.session.commit()
    jobs.queue(services.compute_lottery, public_id)
    return redirect(url_for(".draw"), 303)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/stop")
@access.needs("organise")
def stop(lottery_id: str) -> AnyResponse:
    """Give up a computation."""
    return _done(lottery_id, services.stop_lottery)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/best")
@access.needs("organise")
def use_the_best(lottery_id: str) -> AnyResponse:
    """End a computation with the best lottery so far."""
    return _done(lottery_id, services.use_the_best)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/commit")
@access.needs("organise")
def commit(lottery_id: str) -> AnyResponse:
    """Commit to the lottery that was looked at."""
    return _done(lottery_id, services.commit_lottery)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/leave")
@access.needs("organise")
def leave(lottery_id: str) -> AnyResponse:
    """Leave a lottery that nobody has committed to."""
    return _done(lottery_id, services.leave_lottery)


@bp.route("/desk/<panel_slug>/draw/<lottery_id>/give-up", methods=["GET", "POST"])
@access.needs("organise")
def give_up(lottery_id: str) -> Page:
    """Ask why, then give up the committed lottery."""
    lottery, form = queries.lottery_called(this_panel(), lottery_id), GiveUpForm()
    return saved(
        form,
        lambda: services.give_up_lottery(
            lottery=lottery, reason=form.reason.data or "", actor=actor()
        ),
        url_for(".lottery", lottery_id=lottery_id),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Give up this lottery?"),
        words=[
            _(
                "Targets and people can then be changed, and another lottery can be computed. The"
                " fingerprint and your reason stay on the public page and in the record."
            )
        ],
        button=_("Give up this lottery"),
        kind="stop",
        keep=_("Keep it"),
        back=(url_for(".draw"), _("The draw")),
    )


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/dice")
@access.needs("organise")
def dice(lottery_id: str) -> Page:
    """Show everybody what the dice are said to show; nothing is drawn yet."""
    lottery, form = queries.lottery_called(this_panel(), lottery_id), DiceForm()
    return saved(
        form,
        lambda: dice_read.type_dice(lottery=lottery, dice=form.digits, actor=actor()),
        url_for(".lottery", lottery_id=lottery_id),
    ) or _draw_page(form, lottery)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/dice/again")
@access.needs("organise")
def dice_again(lottery_id: str) -> AnyResponse:
    """Have the dice typed again: they show something else."""
    return _done(lottery_id, dice_read.type_again)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/dice/yes")
@access.needs("organise")
def dice_yes(lottery_id: str) -> AnyResponse:
    """Draw the panel that the typed dice name."""
    dice = request.form.get("dice", "")
    return _done(lottery_id, partial(dice_read.draw_as_typed, dice=dice))


@bp.get("/desk/<panel_slug>/draw/<lottery_id>/wall")
@access.needs("observe")
def wall(lottery_id: str) -> str:
    """Show the room the draw: the pool, the fingerprint, the dice, the panel."""
    shown = _wall(lottery_id)
    return render_template("recruitment/wall.html", heading=shown["title"], **shown)


@bp.get("/desk/<panel_slug>/draw/<lottery_id>/wall/now")
@access.needs("observe")
def wall_now(lottery_id: str) -> AnyResponse:
    """Answer with the part of the wall that follows the draw."""
    shown = _wall(lottery_id)
    html = render_template("recruitment/wall_now.html", **shown)
    return fragment(html, topic=shown["topic"], audience="wall", subject=this_user().public_id)


@bp.get("/desk/<panel_slug>/draw/<lottery_id>/bundle.zip")
@access.needs("observe")
def bundle(lottery_id: str) -> Response:
    """Download the public bundle."""
    return exports.bundle_download(queries.lottery_called(this_panel(), lottery_id))


def _wall(lottery_id: str) -> dict[str, Any]:
    panel = this_panel()
    lottery = queries.lottery_called(panel, lottery_id)
    return {
        "panel": panel,
        "lottery": lottery,
        "topic": f"lottery:{lottery.public_id}",
        "user": this_user(),
        **draw_wall.shown(lottery),
    }


def _done(lottery_id: str, act: Callable[..., None]) -> AnyResponse:
    """Have one thing done to the panel's lottery, and show how the draw stands."""
    act(lottery=queries.lottery_called(this_panel(), lottery_id), actor=actor())
    return done(url_for(".lottery", lottery_id=lottery_id))


def _draw_page(form: DiceForm, lottery: Lottery | None) -> Page:
    heading = _HEADINGS[lottery.kind if lottery else "panel"]
    return page("recruitment/desk/draw.html", form, heading=heading, **_draw_context(lottery))


def _draw_context(lottery: Lottery | None) -> dict[str, Any]:
    panel = this_panel()
    first = lottery is None or lottery.kind == "panel"
    return {
        "panel": panel,
        "lottery": lottery,
        "story": queries.story_of(lottery) if lottery else None,
        "proposal": proposal_of(lottery) if lottery else None,
        "typed": dice_read.panel_number(lottery) if lottery else None,
        "features": queries.composition(panel) if first else queries.sitting_composition(panel),
        "people": panel.size if first else queries.standing(panel).sitting,
        "state": queries.preparation(panel),
        "folder": exports.FOLDER,
        "check_command": exports.check_command,
        "fault_lines": changes.fault_lines,
        "change_lines": changes.change_lines,
    }
