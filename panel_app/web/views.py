"""The pages that belong to no feature: languages, help, information, health."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core import jobs, schema
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.web import access, i18n, typed
from panel_app.web.addresses import local_address

bp = Blueprint("web", __name__)


@bp.get("/language")
@access.needs("anyone")
def languages() -> str:
    """Offer the languages, each in its own name."""
    return render_template(
        "web/languages.html",
        heading=_("Choose your language"),
        next=local_address(request.args.get("next")),
    )


@bp.post("/language")
@access.needs("anyone")
def choose_language() -> AnyResponse:
    """Keep the choice on this phone and go back to where the person was, and what was typed."""
    known = {offered.code for offered in i18n.offered()}
    asked = request.form.get("language", "en")
    language = asked if asked in known else "en"
    address = i18n.without_language(local_address(request.form.get("next")))
    if request.form.get("kept"):
        back = typed.again(
            i18n.in_language(address, language), typed.unpacked(request.form["kept"])
        )
    else:
        back = make_response(redirect(address, 303))
    return i18n.remember(back, language)


@bp.post("/language/keep")
@access.needs("anyone")
def keep_and_choose_language() -> str:
    """Offer the languages, and keep what was typed on the page that asked."""
    return render_template(
        "web/languages.html",
        heading=_("Choose your language"),
        next=local_address(request.args.get("next")),
        kept=typed.packed(typed.sent()),
    )


@bp.get("/help", endpoint="help")
@access.needs("anyone")
def help_page() -> str:
    """Say how to get in and whom to ask."""
    return render_template("web/help.html", heading=_("Help"))


@bp.get("/information")
@access.needs("anyone")
def information() -> str:
    """Say what is kept about people and what is promised."""
    return render_template("web/information.html", heading=_("Your information"))


@bp.get("/accessibility")
@access.needs("anyone")
def accessibility() -> str:
    """Say how far the pages are usable by everyone."""
    return render_template("web/accessibility.html", heading=_("Accessibility"))


@bp.get("/health")
@access.needs("anyone")
def health() -> Response:
    """Answer `ok` where pages can be served: the database answers and has this release's schema.

    A queue that doesn't answer is told, and keeps nobody from voting.
    """
    if schema.pending(db.session.connection()):
        return Response("The schema is behind.\n", 503, mimetype="text/plain")
    fault = "The job queue does not answer.\n" if jobs.fault(current_app) else ""
    return Response(f"ok\n{fault}", mimetype="text/plain")
