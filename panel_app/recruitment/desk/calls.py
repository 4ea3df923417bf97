"""The call list: one person at a time, for callers and organisers."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import to_utc
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, RadioField, TextAreaField
from wtforms.validators import Optional

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.live.views import fragment
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import calls, letters, queries
from panel_app.staff.accounts import name_of as account_name
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.forms import Form, Page, SelectChoice, at_most, chosen, page, saved

bp = Blueprint("calls", __name__)
bp.before_request(only_with_seats)

#: How a call ended, as a caller says it.
OUTCOMES: dict[str, Any] = {
    "yes": _("Yes, they take part"),
    "no": _("No, they can’t or don’t want to"),
    "reached": _("Reached, but not decided"),
    "no_answer": _("No answer"),
    "back": _("They want another call"),
}


class CallForm(Form):
    """How a call ended."""

    outcome = RadioField(
        _("How did it end?"),
        [chosen()],
        choices=[SelectChoice(outcome, label) for outcome, label in OUTCOMES.items()],
    )
    back_at = DateTimeLocalField(_("When to ring again"), [Optional()])
    note = TextAreaField(
        _("Note"),
        [at_most(calls.LONGEST_NOTE)],
        filters=[lambda typed: cleaned(typed or "")],
        description=_("What the next caller needs to know. It is encrypted."),
        render_kw={"rows": 3},
    )


@bp.get("/desk/<panel_slug>/calls")
@access.needs("call")
def show() -> Page:
    """Say how the calls stand, and offer the next."""
    return page("recruitment/desk/calls.html", Form(), heading=_("Calls"), **_standing())


@bp.get("/desk/<panel_slug>/calls/now")
@access.needs("call")
def now() -> Response:
    """Return the part of the page that follows the calls."""
    panel, html = this_panel(), render_template("recruitment/desk/_calls_now.html", **_standing())
    subject = f"panel:{panel.public_id}"
    return fragment(html, topic=calls.topic_of(panel), audience="console", subject=subject)


def _standing() -> dict[str, Any]:
    panel = this_panel()
    return {
        "panel": panel,
        "topic": calls.topic_of(panel),
        "now": calls.standing(panel),
        "phones": calls.phones(queries.pool_of(panel)),
        "ringing": [(one, account_name(one.by)) for one in calls.ringing(panel)],
    }


@bp.post("/desk/<panel_slug>/calls")
@access.needs("call")
def take() -> Response:
    """Take the next person to ring."""
    member = calls.take_next(panel=this_panel(), actor=actor())
    db.session.commit()
    if member is None:
        flash(_("There is nobody to ring just now."))
        return redirect(url_for(".show"), 303)
    return redirect(url_for(".call", member_id=member.public_id), 303)


@bp.route("/desk/<panel_slug>/calls/<member_id>", methods=["GET", "POST"])
@access.needs("call")
def call(member_id: str) -> Page:
    """Show whom to ring and what to say, and take how it ended."""
    panel, form = this_panel(), CallForm()
    one = calls.to_ring(letters.member_called(panel, member_id), actor())
    return saved(
        form,
        lambda: calls.keep_call(
            member=one.member,
            outcome=form.outcome.data,
            back_at=to_utc(form.back_at.data).replace(tzinfo=UTC) if form.back_at.data else None,
            note=form.note.data or "",
            actor=actor(),
        ),
        url_for(".show"),
        says=_("Saved."),
    ) or page(
        "recruitment/desk/call.html",
        form,
        heading=_("Ring seat %(seat)s", seat=one.member.seat),
        panel=panel,
        one=one,
        outcomes=OUTCOMES,
        language=i18n.called(one.member.language),
    )
