"""The roll: everybody on a list, for organisers."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import found
from panel_app.core.text import _, ngettext
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.panels.models import Panel
from panel_app.recruitment import letters, queries, roll
from panel_app.recruitment.desk import lists, notices
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.desk.forms import RollForm
from panel_app.recruitment.roll import Loaded
from panel_app.staff.identity import actor
from panel_app.staff.step_up import ask_again, fresh, is_fresh
from panel_app.web import access, listing
from panel_app.web.forms import Form, Page, done, saved
from panel_app.web.i18n import apart

bp = Blueprint("roll_desk", __name__)
bp.before_request(only_with_seats)

#: Ids of people who look alike that a page names.
ALIKE_SHOWN = 8


@bp.route("/desk/<panel_slug>/roll", methods=["GET", "POST"])
@access.needs("organise")
def show() -> Page:
    """Show who is on the roll, and take a list."""
    if request.args.get("as") == "csv" and not is_fresh():
        return ask_again()
    panel, form = _panel(), RollForm()
    return saved(
        form,
        lambda: roll.load_roll(
            panel=panel,
            source=form.source,
            leave_out=form.choices(),
            apart=form.apart.data,
            actor=actor(),
        ),
        _told,
    ) or _page(form)


@bp.get("/desk/<panel_slug>/roll/door")
@access.needs("organise")
@fresh
def door() -> str:
    """Show a list to print for the door of a hall: names, seats and codes."""
    return render_template(
        "recruitment/desk/door.html",
        heading=_("For the door"),
        people=letters.door_list(_panel()),
    )


@bp.post("/desk/<panel_slug>/roll/<member_id>/<any(off, back):way>")
@access.needs("organise")
def change(member_id: str, way: str) -> Response:
    """Take somebody off the roll, or put them back."""
    member = letters.member_called(this_panel(), member_id)
    act = roll.take_off if way == "off" else roll.put_back
    act(member=member, actor=actor())
    return done(url_for(".show"))


def _panel() -> Panel:
    """Return the panel of this page. Raises NotFound for one that is drawn."""
    panel = this_panel()
    return found(panel if panel.kind == "roll" else None)


def _told(done: Loaded) -> str:
    flash(ngettext("%(num)s person is new.", "%(num)s people are new.", done.added))
    lines = fault_words(done.notices)
    known = ngettext(
        "%(num)s person was on the roll before.",
        "%(num)s people were on the roll before.",
        done.known,
    )
    absent = ngettext(
        "%(num)s person on the roll is not in this list, and stays on it.",
        "%(num)s people on the roll are not in this list, and stay on it.",
        done.absent,
    )
    lines += [str(known)] * bool(done.known) + [str(absent)] * bool(done.absent)
    notices.tell(lines + [_alike(done.alike)] * bool(done.alike))
    return url_for(".show")


def _alike(ids: list[str]) -> str:
    named = ", ".join(apart(one) for one in ids[:ALIKE_SHOWN])
    more = "…" if len(ids) > ALIKE_SHOWN else ""
    words = ngettext(
        "%(num)s row has the name and address of somebody else and got no seat: %(ids)s.",
        "%(num)s rows have the name and address of somebody else and got no seat: %(ids)s.",
        len(ids),
        ids=named + more,
    )
    return str(words)


def _page(form: Form) -> Page:
    panel = this_panel()
    kept = form.keep_text() if form.is_submitted() else True
    form.doubts = queries.doubts(panel, form.source) if form.source else []
    answer = listing.page(
        "recruitment/desk/roll.html",
        lists.roll(panel),
        heading=_("Roll"),
        panel=panel,
        form=form,
        kept=kept,
        answers=lists.ANSWERS,
    )
    return make_response(answer, 422 if form.errors or form.form_errors else 200)
