"""Appealing against a decision on a phone, by the applicant's own link."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from wtforms import RadioField, TextAreaField

from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.grants import appeals
from panel_app.grants.queries import application_with
from panel_app.web import access
from panel_app.web.forms import Form, Page, SelectChoice, at_most, chosen, page, required, saved

bp = Blueprint("appeals", __name__)


class AppealForm(Form):
    """What was wrong with a decision."""

    about = RadioField(
        _("What was wrong?"),
        [chosen()],
        choices=[SelectChoice(key, words) for key, words in appeals.ABOUT.items()],
    )
    words = TextAreaField(
        _("Say what, in your own words"),
        [required(), at_most(appeals.LONGEST)],
        filters=[lambda typed: cleaned(typed or "")],
        render_kw={"rows": 6, "dir": "auto"},
        description=_("Write in any language, at most 1,500 characters."),
    )


@bp.route("/a/<token>/appeal", methods=["GET", "POST"])
@access.needs("anyone")
def appeal(token: str) -> Page:
    """Ask what was wrong with the decision, once, in time."""
    shown, form = application_with(token), AppealForm()
    back, last = url_for("grants.application", token=token), appeals.open_until(shown)
    if last is None:
        return redirect(back, 303)
    return saved(
        form,
        lambda: appeals.send(
            application=shown, about=form.about.data or "", words=form.words.data or ""
        ),
        back,
        says=_("Your appeal is sent. You get an answer with its reason."),
    ) or page(
        "grants/appeal.html",
        form,
        heading=_("Appeal against the decision"),
        programme=shown.programme,
        last=last,
        back=back,
    )
