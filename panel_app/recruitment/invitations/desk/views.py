"""Letters to homes: the list of addresses, waves, letters and what became of them."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core import jobs
from panel_app.core.db import db, found
from panel_app.core.text import _, gettext, ngettext
from panel_app.live.views import fragment
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.panels.models import Panel
from panel_app.recruitment.desk import notices
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.desk.forms import DiceForm, GiveUpForm, UploadForm
from panel_app.recruitment.desk.printing import letters_page
from panel_app.recruitment.invitations import (
    addresses,
    exports,
    letters,
    marking,
    queries,
    services,
    waves,
)
from panel_app.recruitment.invitations.desk import lists, words
from panel_app.recruitment.invitations.desk.forms import (
    STATES,
    MarkForm,
    columns_form,
    plan_form,
)
from panel_app.recruitment.invitations.models import InvitationState, Wave
from panel_app.staff.identity import actor
from panel_app.staff.step_up import ask_again, fresh, is_fresh
from panel_app.web import access, listing
from panel_app.web.exports import csv_response
from panel_app.web.forms import Page, page, saved
from panel_app.web.i18n import apart

bp = Blueprint("invitations_desk", __name__)
bp.before_request(only_with_seats)


@bp.route("/desk/<panel_slug>/invitations", methods=["GET", "POST"])
@access.needs("organise")
def show() -> Page:
    """Show the list of addresses and the waves, and take a list."""
    panel, form = _panel(), UploadForm()
    panel_id = panel.id

    def stored(_kept: object) -> str:
        jobs.queue(addresses.read_list, panel_id)
        return url_for(".show")

    return saved(
        form,
        lambda: addresses.upload(panel=panel, source=form.source, actor=actor()),
        stored,
    ) or page("invitations/desk/show.html", form, heading=_("Invitations"), **_context(form))


@bp.get("/desk/<panel_slug>/invitations/state")
@access.needs("organise")
def state() -> AnyResponse:
    """Return the part of the page that follows the reading of a list."""
    panel, topic = _panel(), addresses.topic_of(_panel().id)
    html = render_template("invitations/desk/_list.html", **_context())
    return fragment(html, topic=topic, audience="console", subject=f"panel:{panel.public_id}")


@bp.route("/desk/<panel_slug>/invitations/columns", methods=["GET", "POST"])
@access.needs("organise")
def columns() -> Page:
    """Ask which sheet is the list, and which columns are the address, the area and the id."""
    panel = _panel()
    kept = found(addresses.list_of(panel))
    form = columns_form(kept)
    panel_id = panel.id

    def chosen(_kept: object) -> str:
        jobs.queue(addresses.read_list, panel_id)
        return url_for(".show")

    return saved(
        form,
        lambda: addresses.choose_columns(
            panel=panel,
            address_columns=form.addresses.data or [],
            area_column=form.area.data or "",
            id_column=form.identifier.data or "",
            sheet=form.sheet.data if form.sheet else "",
            actor=actor(),
        ),
        chosen,
    ) or page(
        "staff/form.html",
        form,
        heading=_("What the columns are"),
        button=_("Read the list so"),
        back=(url_for(".show"), _("Invitations")),
    )


@bp.route("/desk/<panel_slug>/invitations/plan", methods=["GET", "POST"])
@access.needs("organise")
def plan() -> Page:
    """Ask how many letters go out and what to expect of them."""
    panel = _panel()
    rates = queries.rates_of(panel)
    form = plan_form(rates)
    return saved(
        form,
        lambda: waves.plan_wave(
            panel=panel,
            letters=form.letters.data or 0,
            rates=form.typed(),
            closes_on=form.closes_on.data or services.today(),
            actor=actor(),
        ),
        lambda wave: url_for(".wave", wave_id=wave.public_id),
    ) or page("invitations/desk/plan.html", form, heading=_("Plan letters"), rates=rates)


@bp.get("/desk/<panel_slug>/invitations/<wave_id>")
@access.needs("organise")
def wave(wave_id: str) -> Page:
    """Show one wave: its plan with the reasons, its draw, its letters."""
    if request.args.get("as") == "csv" and not is_fresh():
        return ask_again()
    return _wave_page(_wave(wave_id), DiceForm())


@bp.get("/desk/<panel_slug>/invitations/<wave_id>/state")
@access.needs("organise")
def wave_state(wave_id: str) -> AnyResponse:
    """Return the part of the page that follows a wave."""
    one = _wave(wave_id)
    html = render_template(
        "invitations/desk/_wave.html", form=DiceForm(), typed="", **_wave_context(one)
    )
    topic = addresses.topic_of(one.panel_id)
    return fragment(html, topic=topic, audience="console", subject=f"wave:{one.public_id}")


@bp.post("/desk/<panel_slug>/invitations/<wave_id>/fix")
@access.needs("organise")
def fix(wave_id: str) -> AnyResponse:
    """Have a plan written down and published."""
    waves.fix_wave(wave=_wave(wave_id), actor=actor())
    db.session.commit()
    jobs.queue(waves.seal, wave_id)
    return redirect(url_for(".wave", wave_id=wave_id), 303)


@bp.post("/desk/<panel_slug>/invitations/<wave_id>/leave")
@access.needs("organise")
def leave(wave_id: str) -> AnyResponse:
    """Throw a plan away."""
    waves.leave_wave(wave=_wave(wave_id), actor=actor())
    db.session.commit()
    return redirect(url_for(".show"), 303)


@bp.post("/desk/<panel_slug>/invitations/<wave_id>/dice")
@access.needs("organise")
def dice(wave_id: str) -> Page:
    """Ask once more what the dice show, then draw the homes that they name."""
    one, form = _wave(wave_id), DiceForm()
    if "sure" not in request.form and form.validate():
        return _wave_page(one, form, typed=form.digits)

    def rolled(_done: object) -> str:
        jobs.queue(waves.draw, wave_id)
        return url_for(".wave", wave_id=wave_id)

    return saved(
        form, lambda: waves.roll(wave=one, dice=form.digits, actor=actor()), rolled
    ) or _wave_page(one, form)


@bp.route("/desk/<panel_slug>/invitations/<wave_id>/give-up", methods=["GET", "POST"])
@access.needs("organise")
def give_up(wave_id: str) -> Page:
    """Ask why, then give up the published wave."""
    one, form, back = _wave(wave_id), GiveUpForm(), url_for(".wave", wave_id=wave_id)
    return saved(
        form,
        lambda: waves.give_up_wave(wave=one, reason=form.reason.data or "", actor=actor()),
        url_for(".show"),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Give up this round of letters?"),
        words=[_("The fingerprint and your reason stay on the public page and in the record.")],
        button=_("Give it up"),
        kind="stop",
        keep=_("Keep it"),
        back=(back, _("Invitations")),
    )


@bp.get("/desk/<panel_slug>/invitations/<wave_id>/bundle.zip")
@access.needs("organise")
def bundle(wave_id: str) -> Response:
    """Download what is committed."""
    return exports.wave_download(_wave(wave_id))


@bp.get("/desk/<panel_slug>/invitations/<wave_id>/letters")
@access.needs("organise")
@fresh
def print_letters(wave_id: str) -> Any:
    """Show letters ready to print, a sheet each."""
    first = request.args.get("from", "0")
    start_at = int(first) if first.isascii() and first.isdigit() and len(first) < 7 else 0
    return _print(letters.letters(_drawn(wave_id), start_at), wave_id)


@bp.get("/desk/<panel_slug>/invitations/<wave_id>/letters.csv")
@access.needs("organise")
@fresh
def merge(wave_id: str) -> Response:
    """Download addresses and codes, a row a letter."""
    one = _drawn(wave_id)
    name = f"{one.panel.slug}-addresses-and-codes-{one.number}"
    return csv_response(name, letters.merge_rows(one), letters.merge_columns(one))


@bp.get("/desk/<panel_slug>/invitations/<wave_id>/letters/<invitation_id>")
@access.needs("organise")
@fresh
def print_letter(wave_id: str, invitation_id: str) -> Any:
    """Show one home's letter ready to print."""
    one = _drawn(wave_id)
    invitation = queries.invitation_called(one, invitation_id)
    return _print(letters.letter_of(one, invitation), wave_id)


@bp.post(
    "/desk/<panel_slug>/invitations/<wave_id>/letters/<invitation_id>"
    "/<any(sent, returned, refused):state>"
)
@access.needs("organise")
def mark(wave_id: str, invitation_id: str, state: str) -> AnyResponse:
    """Note what became of one letter."""
    invitation = queries.invitation_called(_drawn(wave_id), invitation_id)
    services.mark(invitation=invitation, state=cast(InvitationState, state), actor=actor())
    db.session.commit()
    return redirect(url_for(".wave", wave_id=wave_id), 303)


@bp.post("/desk/<panel_slug>/invitations/<wave_id>/letters/<invitation_id>/reissue")
@access.needs("organise")
def reissue(wave_id: str, invitation_id: str) -> AnyResponse:
    """Make a letter's code anew, and show the letter."""
    invitation = queries.invitation_called(_drawn(wave_id), invitation_id)
    services.reissue(invitation=invitation, actor=actor())
    db.session.commit()
    flash(_("The old letter does not work any more. This is the new one."))
    return redirect(url_for(".print_letter", wave_id=wave_id, invitation_id=invitation_id), 303)


@bp.route("/desk/<panel_slug>/invitations/<wave_id>/mark", methods=["GET", "POST"])
@access.needs("organise")
def mark_many(wave_id: str) -> Page:
    """Take a list of letters that came back or were refused."""
    one, form, back = _drawn(wave_id), MarkForm(), url_for(".wave", wave_id=wave_id)

    def done(result: marking.Marked) -> str:
        flash(ngettext("%(num)s letter is marked.", "%(num)s letters are marked.", result.marked))
        notices.tell(_left_alone(result))
        return back

    return saved(
        form,
        lambda: marking.mark_many(
            wave=one, typed=form.letters.data or "", state=form.state.data, actor=actor()
        ),
        done,
    ) or page(
        "staff/form.html",
        form,
        heading=_("Mark letters"),
        button=_("Mark them"),
        back=(back, _("Invitations")),
    )


def _left_alone(result: marking.Marked) -> list[str]:
    lines = []
    if result.unknown:
        named = ", ".join(map(apart, result.unknown[:20]))
        lines.append(gettext("On no letter of this round: %(words)s.", words=named))
    if result.used:
        named = ", ".join(map(apart, result.used[:20]))
        lines.append(gettext("Somebody has registered with: %(words)s.", words=named))
    return lines


def _panel() -> Panel:
    """Return the panel of this page. Raises NotFound for one that nobody is drawn for."""
    panel = this_panel()
    return found(panel if panel.kind == "drawn" else None)


def _wave(wave_id: str) -> Wave:
    return queries.wave_called(_panel(), wave_id)


def _drawn(wave_id: str) -> Wave:
    wave = _wave(wave_id)
    return found(wave if wave.state == "drawn" else None)


def _context(form: UploadForm | None = None) -> dict[str, Any]:
    panel = _panel()
    kept = addresses.list_of(panel)
    told = addresses.told(kept) if kept else {}
    submitted = form is not None and form.is_submitted()
    return {
        "panel": panel,
        "list": kept,
        "faults": fault_words(told.get("faults", ())),
        "notices": fault_words(told.get("notices", ())),
        "number": queries.addresses_of(panel),
        "homes": queries.homes_left(panel),
        "waves": queries.waves_of(panel),
        "running": waves.under_way(panel),
        "topic": addresses.topic_of(panel.id),
        "kept": form.keep_text() if form is not None and submitted else True,
    }


def _wave_page(one: Wave, form: DiceForm, typed: str = "") -> Page:
    context = {"heading": _heading(one), "form": form, "typed": typed, **_wave_context(one)}
    if one.state != "drawn":
        return page("invitations/desk/wave.html", **context)
    return cast(Page, listing.page("invitations/desk/wave.html", lists.of_wave(one), **context))


def _heading(one: Wave) -> Any:
    return _("Round %(number)s of letters", number=one.number)


def _wave_context(one: Wave) -> dict[str, Any]:
    areas = queries.areas_of(one)
    return {
        "panel": one.panel,
        "wave": one,
        "areas": areas,
        "reasons": words.reasons(one, areas),
        "wanted": queries.wanted(one.panel, areas),
        "states": STATES,
        "a_page": letters.LETTERS_A_PAGE,
        "topic": addresses.topic_of(one.panel_id),
        "check_command": exports.check_command(one),
    }


def _print(shown: list[letters.HomeLetter], wave_id: str) -> Any:
    back = url_for(".wave", wave_id=wave_id)
    return letters_page(shown, back=back, empty=_("This address was erased."))
