"""Phones that joined: the cookie that carries a seat, and who holds it now."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, request, url_for
from sqlalchemy import bindparam, select, update
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core import clock, ids
from panel_app.core.db import db, locked
from panel_app.panels.models import Device, Member, Panel

A_YEAR = 365 * 24 * 3600
#: Who is seated at a phone; made once, because every request of a phone asks it.
_SEATED = (
    select(Member, Device.moved_at)
    .join(Device.member)
    .where(Device.token_digest == bindparam("digest"))
)


def panel_called(slug: str) -> Panel | None:
    """Return the panel with this name in addresses."""
    return db.session.scalar(select(Panel).where(Panel.slug == slug))


def member_on_this_phone() -> Member | None:
    """Return the member whose seat this phone holds; remember why it holds it no longer."""
    token = request.cookies.get(current_app.config["DEVICE_COOKIE_NAME"])
    if not token:
        return None
    row = db.session.execute(_SEATED, {"digest": ids.digest(token)}).one_or_none()
    if row is None or row.moved_at is None:
        return row.Member if row else None
    g.seat_lost = "declined" if row.Member.state in {"declined", "left"} else "moved"
    return None


def member_here() -> Member | None:
    """Return the member on this phone, for pages that anyone may read; asked once a page."""
    if g.get("member") is None and "member_here" not in g:
        g.member_here = member_on_this_phone()
    member: Member | None = g.get("member") or g.member_here
    return member


def take_seat(member: Member) -> str:
    """Give the seat to a new phone and return the cookie's token; other phones lose it."""
    give_up(locked(member))
    token = ids.token()
    db.session.add(Device(member_id=member.id, token_digest=ids.digest(token)))
    db.session.flush()
    return token


def give_up(member: Member) -> None:
    """Take the seat from whichever phone holds it."""
    holding = update(Device).where(Device.member_id == member.id, Device.moved_at.is_(None))
    db.session.execute(holding.values(moved_at=clock.now()))


def forget(response: Response) -> Response:
    """Take the token out of the phone's cookie."""
    response.delete_cookie(
        current_app.config["DEVICE_COOKIE_NAME"],
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def keep(response: Response, token: str) -> Response:
    """Put the token into the phone's cookie."""
    response.set_cookie(
        current_app.config["DEVICE_COOKIE_NAME"],
        token,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def ask_to_join() -> AnyResponse:
    """Send a phone without a seat to the page that says how to get one."""
    return redirect(url_for(f"panels.{g.get('seat_lost', 'type_code')}"), 303)
