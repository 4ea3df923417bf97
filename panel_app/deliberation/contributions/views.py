"""Questions and ideas on a phone."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core import ids
from panel_app.core.db import db, found
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.deliberation import written
from panel_app.deliberation.contributions import activity, queries, services, wordings, words
from panel_app.deliberation.contributions.forms import ContributionForm, SupportForm
from panel_app.deliberation.contributions.models import Contribution
from panel_app.live import views as live
from panel_app.sessions.guests import taking_part
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.queries import item_called
from panel_app.web import access
from panel_app.web.forms import Page, done, page, saved

bp = Blueprint("contributions", __name__)

#: As many as one page of all of them shows.
A_PAGE = 50


@bp.post("/my/contributions/<public_id>/support")
@access.needs("participant")
def support(public_id: str) -> Response:
    """Keep whether somebody wants it too."""
    form = SupportForm()
    if not form.validate():
        raise Refused(_("Something is missing. Open the page again and press again."))
    contribution, person = taking_part(
        partial(queries.contribution_of, public_id), lambda one: one.item.session
    )
    services.support(
        contribution=contribution,
        person=person,
        wanted=bool(form.value.data),
        counter=form.counter.data or 1,
        revision=form.revision.data or 0,
    )
    item = contribution.item
    everything = request.form.get("back") == "all"
    back = url_for(".all_of", public_id=item.public_id) if everything else _session_page(item)
    db.session.commit()
    return live.received(back)


@bp.route("/my/contributions/<public_id>/new", methods=["GET", "POST"])
@access.needs("participant")
def add(public_id: str) -> Page:
    """Take a question or an idea."""
    item, person = _item(public_id)
    form = ContributionForm(key=ids.token()[:24])
    return saved(
        form,
        lambda: services.contribute(item=item, person=person, **form.statement()),
        lambda made: _told(made, person, form.key.data or ""),
    ) or page(
        "deliberation/contributions/new.html",
        form,
        heading=words.of(item).add,
        back=_session_page(item),
    )


@bp.route("/my/contributions/<public_id>/own", methods=["GET", "POST"])
@access.needs("participant")
def own(public_id: str) -> Page:
    """Correct what one wrote, or be led to taking it back."""
    one = _own(public_id)
    form = ContributionForm(
        text=str(one.wording), language=one.wording.original, key=ids.token()[:24]
    )
    return saved(
        form,
        lambda: wordings.correct_own(
            contribution=one, text=form.text.data or "", language=form.language.data
        ),
        _thanked,
    ) or page(
        "deliberation/contributions/own.html",
        form,
        heading=_("Correct it, or take it back"),
        one=one,
        may_correct=one.item.state == "open" and wordings.may_correct(one),
        back=_session_page(one.item),
    )


@bp.post("/my/contributions/<public_id>/withdraw")
@access.needs("participant")
def withdraw(public_id: str) -> Response:
    """Take back what one wrote."""
    one = _own(public_id)
    wordings.withdraw(contribution=one)
    return done(_session_page(one.item), _("It is taken back: its words are deleted."))


@bp.get("/my/contributions/<public_id>/all")
@access.needs("participant")
def all_of(public_id: str) -> str:
    """List everything that is shown, the newest first."""
    item, person = _item(public_id)
    seen = activity.seen_by(item, person)
    newest = sorted(seen["seen"].all, key=lambda one: -one.contribution.number)
    pages = max(1, -(-len(newest) // A_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "deliberation/contributions/all.html",
        heading=_("Everything that was written"),
        shown=newest[(number - 1) * A_PAGE : number * A_PAGE],
        number=number,
        pages=pages,
        this_page=url_for(".all_of", public_id=public_id, page=number),
        back=_session_page(item),
        **seen,
    )


def _told(made: Contribution, person: Participant, key: str) -> str:
    """Tell somebody what became of what they sent; return the session's page."""
    if not written.is_own(made, person) or made.key != key:
        flash(_("Somebody wrote the same before: you are counted with them."))
        return _session_page(made.item)
    return _thanked(made)


def _thanked(made: Contribution) -> str:
    """Tell somebody who sees what they wrote; return the session's page."""
    if made.state == "accepted":
        flash(_("Thank you. Everybody can see it now."))
    else:
        flash(
            _("Thank you. A facilitator looks at it first: if they let it in, everybody sees it.")
        )
    return _session_page(made.item)


def _item(public_id: str) -> tuple[AgendaItem, Participant]:
    """Return a part that was opened, and who is on this phone."""
    item, person = taking_part(partial(item_called, public_id), lambda item: item.session)
    return found(item if item.kind in words.WORDS and item.opened_at else None), person


def _own(public_id: str) -> Contribution:
    """Return what somebody wrote on this phone and didn't take back."""
    one, person = taking_part(
        partial(queries.contribution_of, public_id), lambda one: one.item.session
    )
    return found(one if written.is_own(one, person) and one.state != "withdrawn" else None)


def _session_page(item: AgendaItem) -> str:
    return url_for("sessions.phone", public_id=item.session.public_id)
