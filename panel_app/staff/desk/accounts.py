"""Accounts of the staff: who they are, what they may do, and switching them off."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from panel_app.core import audit
from panel_app.core.db import db, found, one
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.staff import accounts, recovery
from panel_app.staff.desk import lists
from panel_app.staff.desk.forms import ROLE_NAMES, NewAccountForm, RoleForm
from panel_app.staff.identity import actor
from panel_app.staff.models import StaffRole, User
from panel_app.staff.step_up import fresh
from panel_app.web import access, listing
from panel_app.web.forms import page, saved
from panel_app.web.i18n import wording

AnyForm = TypeVar("AnyForm", bound=RoleForm)

bp = Blueprint("accounts", __name__, url_prefix="/desk/staff")


@bp.get("/")
@access.needs("administer")
def everyone() -> str | Response:
    """List the accounts."""
    return listing.page("staff/accounts.html", lists.ACCOUNTS, heading=_("Staff accounts"))


@bp.get("/log")
@access.needs("administer")
def log() -> str | Response:
    """List what was done, newest first; the entries form a chain that anyone can check."""
    return listing.page("staff/log.html", lists.LOG, heading=_("The log"), head=audit.head())


@bp.get("/new")
@access.needs("administer")
@fresh
def new() -> tuple[str, int]:
    """Ask for a new account."""
    return _new_page(_with_panels(NewAccountForm()))


@bp.post("/new")
@access.needs("administer")
@fresh
def create() -> Response | tuple[str, int]:
    """Make an account."""
    form = _with_panels(NewAccountForm())
    return saved(
        form,
        lambda: accounts.create_user(
            email=form.email.data or "",
            name=form.name.data or "",
            password=form.password.data or "",
            role=form.role.data,
            panel=_panel(form.panel.data),
            actor=actor(),
        ),
        _address,
        says=_("Saved."),
    ) or _new_page(form)


@bp.get("/<account_id>")
@access.needs("administer")
def show(account_id: str) -> tuple[str, int]:
    """Show one account, its roles, and what can be done with it."""
    return _account_page(_account(account_id), _with_panels(RoleForm()))


@bp.post("/<account_id>/roles")
@access.needs("administer")
@fresh
def give_role(account_id: str) -> Response | tuple[str, int]:
    """Give a role."""
    user, form = _account(account_id), _with_panels(RoleForm())
    return saved(
        form,
        lambda: accounts.give_role(
            user=user, role=form.role.data, panel=_panel(form.panel.data), actor=actor()
        ),
        _address(user),
        says=_("Saved."),
    ) or _account_page(_account(account_id), form)


@bp.post("/<account_id>/roles/<int:role_id>/take")
@access.needs("administer")
@fresh
def take_role(account_id: str, role_id: int) -> Response:
    """Take a role away."""
    user = _account(account_id)
    given = one(select(StaffRole).where(StaffRole.user_id == user.id, StaffRole.id == role_id))
    accounts.take_role(given=given, actor=actor())
    db.session.commit()
    return _to_account(user)


@bp.post("/<account_id>/<any(on, off):switch>")
@access.needs("administer")
@fresh
def set_active(account_id: str, switch: str) -> Response:
    """Let a person sign in, or not any more."""
    user = _account(account_id)
    accounts.set_active(user=user, active=switch == "on", actor=actor())
    db.session.commit()
    return _to_account(user)


@bp.post("/<account_id>/recovery")
@access.needs("administer")
@fresh
def offer_recovery(account_id: str) -> str:
    """Show a link, once, under which this person chooses a new password."""
    user = _account(account_id)
    token = recovery.make_link(user=user, actor=actor())
    db.session.commit()
    link = current_app.config["PUBLIC_URL"] + url_for("staff.recover", token=token)
    heading = _("A way back in for %(name)s", name=user.name)
    return render_template("staff/recovery_link.html", heading=heading, link=link, user=user)


def _account(account_id: str) -> User:
    return one(select(User).where(User.public_id == account_id))


def _panel(public_id: str | None) -> Panel | None:
    """Return the panel chosen; None stands for all of them."""
    if not public_id:
        return None
    return found(db.session.scalar(select(Panel).where(Panel.public_id == public_id)))


def _with_panels(form: AnyForm) -> AnyForm:
    panels = db.session.scalars(
        select(Panel).where(Panel.rehearses_id.is_(None)).order_by(Panel.id)
    )
    form.offer([(panel, wording(panel.name).text) for panel in panels])
    return form


def _new_page(form: NewAccountForm) -> tuple[str, int]:
    back = url_for("staff.accounts.everyone"), _("Staff accounts")
    return page("staff/form.html", form, heading=_("Add an account"), back=back)


def _account_page(user: User, form: RoleForm) -> tuple[str, int]:
    return page("staff/one_account.html", form, heading=user.name, user=user, role_names=ROLE_NAMES)


def _to_account(user: User) -> Response:
    flash(_("Saved."))
    return redirect(_address(user), 303)


def _address(user: User) -> str:
    return url_for("staff.accounts.show", account_id=user.public_id)
