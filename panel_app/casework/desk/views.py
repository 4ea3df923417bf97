"""What facilitators do with a case: open and close the vote, clear a mistaken declaration."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from panel_app.casework import queries, schemes, services, substitutes
from panel_app.casework.desk.forms import scheme_form
from panel_app.casework.forms import assessment_form
from panel_app.casework.models import Scheme
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.staff.identity import actor, this_user
from panel_app.web import access, i18n
from panel_app.web.addresses import local_address
from panel_app.web.forms import Page, page, saved

bp = Blueprint("cases_desk", __name__)
bp.before_request(only_with_seats)


@bp.post("/desk/<panel_slug>/cases/<case_id>/voting/open")
@access.needs("facilitate")
def open_voting(case_id: str) -> Response:
    """Let members vote on the decision."""
    services.open_voting(case=queries.case_of(this_panel().id, case_id), actor=actor())
    db.session.commit()
    return _back()


@bp.post("/desk/<panel_slug>/cases/<case_id>/voting/close")
@access.needs("facilitate")
def close_voting(case_id: str) -> Response:
    """Take no more votes."""
    services.close_voting(case=queries.case_of(this_panel().id, case_id), actor=actor())
    db.session.commit()
    return _back()


@bp.post("/desk/<panel_slug>/cases/<case_id>/connections/<member_id>/clear")
@access.needs("organise")
def clear_connection(case_id: str, member_id: str) -> Response:
    """Let a member declare anew after a mistake."""
    panel = this_panel()
    services.clear_conflict(
        case=queries.case_of(panel.id, case_id),
        member=queries.member_in_seat(panel, member_id),
        actor=actor(),
    )
    db.session.commit()
    return _back()


@bp.post("/desk/<panel_slug>/cases/<case_id>/substitutes/<member_id>")
@access.needs("organise")
def call_substitute(case_id: str, member_id: str) -> Response:
    """Let somebody who was asked to the panel decide on this case."""
    panel = this_panel()
    substitutes.call(
        case=queries.case_of(panel.id, case_id),
        member=queries.member_in_seat(panel, member_id),
        actor=actor(),
    )
    db.session.commit()
    return _back()


@bp.route("/desk/<panel_slug>/schemes/<scheme_id>", methods=["GET", "POST"])
@access.needs("organise")
def scheme(scheme_id: str) -> Page:
    """Change how cases are scored; once it is fixed, by a new version that says what it voids."""
    shown = queries.scheme_of(this_panel(), scheme_id)
    form, back = scheme_form(shown), url_for("panels_desk.show")
    return saved(
        form,
        lambda: schemes.revise(scheme=shown, **form.facts(), actor=actor()),
        lambda made: url_for(".scheme", scheme_id=made.public_id),
        says=_("Saved."),
    ) or page(
        "staff/form.html",
        form,
        heading=_("How it is scored, version %(number)d", number=shown.version),
        words=[
            _("Weights sum to 100. Empty a question to take it out; the last is room for another.")
        ],
        warning=_warning(shown) if shown.frozen_at else None,
        button=_("Save as a new version") if shown.frozen_at else None,
        back=(back, this_panel().name.in_language(i18n.code()).text),
    )


def _warning(shown: Scheme) -> object:
    lost = schemes.voids(shown)
    return _(
        "This is fixed since %(moment)s, when the first score or vote came in. A change makes a new"
        " version and voids what was given for cases that are not decided. Scores: %(scores)d;"
        " cases: %(cases)d; votes on cases: %(votes)d. Everybody is asked to score again.",
        moment=i18n.moment(shown.frozen_at) if shown.frozen_at else "",
        scores=lost.scores,
        cases=lost.cases,
        votes=lost.votes,
    )


@bp.route("/desk/<panel_slug>/cases/<case_id>/score", methods=["GET", "POST"])
@access.needs("facilitate")
def score(case_id: str) -> Page:
    """Let a member of staff score a case whose scheme asks staff."""
    case, user = queries.case_of(this_panel().id, case_id), this_user()
    own = queries.assessment_of(case, user)
    form = assessment_form(case, own, why=queries.needs_why(case, user))
    back = url_for("panels_desk.show")
    return saved(
        form,
        lambda: services.save_assessment(case=case, by=user, **form.given()),
        back,
        says=_("Your score is saved."),
    ) or page(
        "staff/form.html",
        form,
        heading=i18n.theirs(case.title, case.language),
        button=_("Save my score"),
        back=(back, this_panel().name.in_language(i18n.code()).text),
    )


def _back() -> Response:
    """Go back to the page that the button stood on."""
    home = url_for("panels_desk.show")
    return redirect(local_address(request.form.get("next") or home), 303)
