"""What members say of themselves: what would help them come."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.panels.current import only_with_seats, this_member, this_panel
from panel_app.recruitment import letters, support
from panel_app.recruitment.desk import lists
from panel_app.staff.identity import actor
from panel_app.web import access, listing
from panel_app.web.forms import (
    Form,
    Page,
    SelectChoice,
    TicksField,
    at_most,
    done,
    page,
    saved,
)

bp = Blueprint("support", __name__)
bp.before_request(only_with_seats)


class SupportForm(Form):
    """What would help to come."""

    kinds = TicksField(
        _("Tick what would help"),
        choices=[SelectChoice(kind, label) for kind, label in support.KINDS.items()],
    )
    words = TextAreaField(
        _("Anything we should know about it"),
        [at_most(support.LONGEST_WORDS)],
        filters=[lambda typed: cleaned(typed or "")],
        description=_("It is encrypted, and only the organisers read it."),
        render_kw={"rows": 3, "dir": "auto"},
    )


@bp.route("/my/support", methods=["GET", "POST"])
@access.needs("member")
def mine() -> Page:
    """Ask a member what would help, and say what became of it."""
    member = this_member()
    asked = support.asked_by(member)
    form = SupportForm(data={"kinds": list(asked.needs), "words": asked.words})
    return saved(
        form,
        lambda: support.ask(
            member=member, kinds=form.kinds.data or [], words=form.words.data or ""
        ),
        url_for(".mine"),
        says=_("Saved. The organisers see it, and say here what they can do."),
    ) or page("recruitment/support.html", form, heading=_("What would help you come?"), asked=asked)


@bp.get("/desk/<panel_slug>/support")
@access.needs("organise")
def asked() -> str | Response:
    """List what members asked for, and what is promised and done."""
    panel = this_panel()
    return listing.page(
        "recruitment/desk/support.html",
        lists.support(panel),
        heading=_("Help to take part"),
        panel=panel,
    )


@bp.post("/desk/<panel_slug>/support/<member_id>/<kind>/<any(promised, done, sorry):state>")
@access.needs("organise")
def answer(member_id: str, kind: str, state: support.State) -> Response:
    """Say that something is promised, done, or can't be."""
    member = letters.member_called(this_panel(), member_id)
    support.answer(member=member, kind=kind, state=state, actor=actor())
    return done(url_for(".asked"), _("Saved. They see it on their page."))
