"""The staff's start page and a person's own account."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from sqlalchemy import or_
from werkzeug.wrappers import Response

from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.staff import guessing, recovery
from panel_app.staff.desk import accounts, lists
from panel_app.staff.desk.forms import RecoveryForm
from panel_app.staff.identity import panels_with, permissions, this_user
from panel_app.web import access, listing
from panel_app.web.forms import done, page, refusals
from panel_app.web.listing import Listed

bp = Blueprint("staff", __name__)
bp.register_blueprint(accounts.bp)


@bp.get("/desk/")
@access.needs("staff")
def desk() -> Listed:
    """List the panels of the person signed in."""
    mine = lists.panels(or_(panels_with("observe"), panels_with("call")))
    return listing.page("staff/desk.html", mine, heading=_("Your panels"), home_of=_home_of)


@bp.get("/desk/account")
@access.needs("staff")
def account() -> str:
    """Offer a password change and the second step."""
    return render_template("staff/account.html", heading=_("Your account"), user=this_user())


@bp.get("/staff/recover/<token>")
@access.needs("anyone")
def recover(token: str) -> tuple[str, int]:
    """Ask whoever holds the link for a new password; nothing happens by opening it."""
    return _recovery_page(RecoveryForm(), token)


@bp.post("/staff/recover/<token>")
@access.needs("anyone")
def set_password(token: str) -> Response | tuple[str, int]:
    """Set the new password."""
    form = RecoveryForm()
    if form.validate():
        with refusals(form), guessing.hashing():
            recovery.recover_by_link(token=token, password=form.password.data or "")
            return done(url_for("security.login"), _("Your password is changed."))
    return _recovery_page(form, token)


def _recovery_page(form: RecoveryForm, token: str) -> tuple[str, int]:
    heading, user = _("Choose a new password"), recovery.holder(token)
    return page("staff/recover.html", form, heading=heading, user=user)


def _home_of(panel: Panel) -> str:
    """Return where somebody's work on a panel begins: whoever only rings people sees their list."""
    home = "panels_desk.show" if "observe" in permissions(panel) else "calls.show"
    return url_for(home, panel_slug=panel.slug)
