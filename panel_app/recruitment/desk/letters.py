"""The letters to the people drawn, for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core.text import _
from panel_app.panels import services as panel_services
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import letters
from panel_app.recruitment.desk import lists
from panel_app.recruitment.desk.printing import letters_page
from panel_app.staff.identity import actor
from panel_app.staff.step_up import fresh
from panel_app.web import access, i18n, listing
from panel_app.web.forms import done

bp = Blueprint("letters_desk", __name__)
bp.before_request(only_with_seats)


@bp.get("/desk/<panel_slug>/letters")
@access.needs("organise")
def letters_list() -> str | AnyResponse:
    """List the people drawn, their languages and whether they said yes."""
    panel = this_panel()
    return listing.page(
        "recruitment/desk/letters.html",
        lists.drawn(panel),
        heading=_("Letters"),
        panel=panel,
        seats=letters.seats_of(panel),
        a_page=letters.LETTERS_A_PAGE,
        longest_run=letters.LONGEST_RUN,
        answers=lists.ANSWERS,
        tongues=[i18n.called(code) for code in panel.languages],
    )


@bp.get("/desk/<panel_slug>/letters/print")
@access.needs("organise")
@fresh
def print_letters() -> Any:
    """Show letters ready to print, a sheet each: a page of them, or the whole run."""
    first = request.args.get("from", "0")
    if first == "all" and letters.seats_of(this_panel()) <= letters.LONGEST_RUN:
        return _letters_page(letters.letters(this_panel(), whole_run=True))
    start_at = int(first) if first.isascii() and first.isdigit() and len(first) < 6 else 0
    return _letters_page(letters.letters(this_panel(), start_at))


@bp.get("/desk/<panel_slug>/letters/<member_id>")
@access.needs("organise")
@fresh
def print_letter(member_id: str) -> Any:
    """Show one person's letter ready to print."""
    panel = this_panel()
    return _letters_page([letters.letter_of(panel, letters.member_called(panel, member_id))])


@bp.post("/desk/<panel_slug>/letters/<member_id>/language")
@access.needs("organise")
def letter_language(member_id: str) -> AnyResponse:
    """Set the language of a person's letter."""
    member = letters.member_called(this_panel(), member_id)
    language = request.form.get("language", "")
    panel_services.choose_letter_language(member=member, language=language, actor=actor())
    return done(url_for(".letters_list"))


@bp.get("/desk/<panel_slug>/letters/<member_id>/reissue")
@access.needs("organise")
def ask_to_reissue(member_id: str) -> str:
    """Ask again before an old letter stops working."""
    member = letters.member_called(this_panel(), member_id)
    heading = _("Make a new letter for seat %(seat)s?", seat=member.seat)
    return render_template("recruitment/desk/reissue.html", heading=heading, member=member)


@bp.post("/desk/<panel_slug>/letters/<member_id>/reissue")
@access.needs("organise")
def reissue(member_id: str) -> AnyResponse:
    """Make a new code; the old letter stops working."""
    member = letters.member_called(this_panel(), member_id)
    panel_services.reissue_letter(member=member, actor=actor())
    return done(url_for(".print_letter", member_id=member.public_id))


def _letters_page(shown: list[letters.Letter]) -> Any:
    drawn = this_panel().kind == "drawn"
    empty = _("There are letters after the draw.") if drawn else _("Once the list is loaded.")
    return letters_page(shown, back=url_for(".letters_list"), empty=empty)
