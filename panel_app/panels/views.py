"""What a resident sees of their panel: joining, "my panel", giving the seat up."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels import devices, next_steps, seats, services
from panel_app.panels.current import this_member
from panel_app.panels.forms import CodeForm
from panel_app.panels.models import Member
from panel_app.web import access, i18n
from panel_app.web.forms import done, page, saved

bp = Blueprint("panels", __name__)


@bp.get("/j/<token>")
@access.needs("anyone")
def invitation(token: str) -> Response:
    """Ask whether to join; nothing happens until the button is pressed."""
    member = seats.with_token(token)
    if member is None:
        return _unknown()
    i18n.speak(services.letter_language(member, i18n.browsers()))
    here = devices.member_on_this_phone()
    arrival = next_steps.arrival(member)
    if here == member and (arrival is None or arrival.is_noted):
        return redirect(arrival.url if arrival else url_for(".my"), 303)
    return make_response(
        render_template(
            "panels/join.html",
            heading=_("Join as seat %(seat)s?", seat=member.seat),
            member=member,
            token=token,
            other=here if here != member else None,
            steps=next_steps.of(member)[:2],
        )
    )


@bp.post("/j/<token>")
@access.needs("anyone")
def join(token: str) -> Response:
    """Take the seat to this phone, and come in to what goes on just now."""
    member = seats.with_token(token, hold=True)
    if member is None:
        return _unknown()
    i18n.speak(services.letter_language(member, i18n.browsers()))
    language = i18n.code()
    cookie = services.join(token=token, language=language)
    landing = i18n.remember(redirect(_come_in(member), 303), language)
    db.session.commit()
    # The seat is a cookie of its own; a safeguard that was set before joining ends here.
    session.pop("csrf_token", None)
    return devices.keep(make_response(landing), cookie)


@bp.get("/j/<token>/decline")
@access.needs("anyone")
def ask_to_decline(token: str) -> Response:
    """Ask again before an invitation is declined."""
    member = seats.with_token(token)
    if member is None:
        return _unknown()
    return make_response(
        render_template(
            "panels/decline.html", heading=_("You can’t take part?"), member=member, token=token
        )
    )


@bp.post("/j/<token>/decline")
@access.needs("anyone")
def decline(token: str) -> Response:
    """Decline the invitation."""
    member = seats.with_token(token, hold=True)
    if member is None:
        return _unknown()
    services.give_up_seat(member=member)
    return done(url_for(".declined"))


@bp.get("/declined")
@access.needs("anyone")
def declined() -> str:
    """Thank someone who declined, or who left."""
    return render_template("panels/declined.html", heading=_("Thank you for telling us"))


@bp.get("/join")
@access.needs("anyone")
def type_code() -> tuple[str, int]:
    """Ask for the code on the letter."""
    return _code_page(CodeForm())


@bp.post("/join")
@access.needs("anyone")
def check_code() -> tuple[str, int] | Response:
    """Lead from a typed code to the page that its QR code leads to."""
    form = CodeForm()
    return saved(
        form,
        lambda: seats.with_code(form.code.data or ""),
        lambda member: url_for(".invitation", token=seats.token_of(member)),
    ) or _code_page(form)


@bp.get("/moved")
@access.needs("anyone")
def moved() -> str:
    """Say that another phone holds the seat now."""
    return render_template("panels/moved.html", heading=_("Your seat is on another phone"))


@bp.get("/my/")
@access.needs("member")
def my() -> str:
    """Show the member what is next."""
    member = this_member()
    return render_template(
        "panels/my.html", heading=_("What’s next"), member=member, steps=next_steps.of(member)
    )


@bp.get("/my/phone")
@access.needs("member")
def phone() -> str:
    """Offer to leave this phone, or the panel."""
    return render_template(
        "panels/phone.html", heading=_("Not you, or sharing a phone?"), member=this_member()
    )


@bp.post("/my/leave-phone")
@access.needs("member")
def leave_phone() -> Response:
    """Sign this phone out; the letter's code works as before."""
    services.leave_phone(member=this_member())
    db.session.commit()
    session.pop("csrf_token", None)
    return devices.forget(make_response(redirect(url_for(".type_code"), 303)))


@bp.get("/my/stop")
@access.needs("member")
def ask_to_stop() -> str:
    """Ask again before a member leaves the panel."""
    return render_template(
        "panels/decline.html", heading=_("Leave the panel?"), member=this_member(), token=None
    )


@bp.post("/my/stop")
@access.needs("member")
def stop() -> Response:
    """Leave the panel."""
    services.give_up_seat(member=this_member())
    db.session.commit()
    return devices.forget(make_response(redirect(url_for(".declined"), 303)))


def _come_in(member: Member) -> str:
    """Note that the member came to what goes on just now, and return where that is."""
    arrival = next_steps.arrival(member)
    if arrival is None:
        return url_for(".my")
    arrival.note()
    return arrival.url


def _code_page(form: CodeForm) -> tuple[str, int]:
    return page(
        "panels/code.html",
        form,
        heading=_("Type the code on your letter"),
        seated=devices.member_on_this_phone(),
    )


def _unknown() -> Response:
    """Answer in the same words for a wrong, an old and a given-up code."""
    heading = _("This QR code does not work (any more)")
    shown = render_template("panels/unknown.html", heading=heading)
    return make_response(shown, 404)
