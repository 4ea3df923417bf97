"""Ways in, who came by them, entries by staff, and people who look alike; for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import to_user_timezone
from sqlalchemy import select
from werkzeug.wrappers import Response

from panel_app.core import clock
from panel_app.core.db import db, found, one
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.panels.models import Panel
from panel_app.questions import asking
from panel_app.questions.question import Question
from panel_app.recruitment.models import Person
from panel_app.recruitment.registration import asked, letters, queries, services, ways
from panel_app.recruitment.registration.desk import lists
from panel_app.recruitment.registration.desk.forms import ConsentForm, EntryForm, WayInForm
from panel_app.recruitment.registration.models import RegistrationPage
from panel_app.staff.identity import actor
from panel_app.staff.step_up import ask_again, is_fresh
from panel_app.web import access, listing, qr
from panel_app.web.desk.texts import in_languages
from panel_app.web.forms import Form, Page, page, saved

bp = Blueprint("registration_desk", __name__)
bp.before_request(only_with_seats)


@bp.get("/desk/<panel_slug>/registration")
@access.needs("organise")
def show() -> str | Response:
    """List the ways in with their counts, and who registered last."""
    panel = _panel()
    if request.args.get("as") == "csv" and not is_fresh():
        return ask_again()
    return listing.page(
        "registration/desk/show.html",
        lists.registrations(panel),
        heading=_("Registration"),
        panel=panel,
        ways=queries.ways_into(panel),
        states=lists.STATES,
        consent=asked.consent_of(panel),
        questionnaire=asked.questionnaire_of(panel),
    )


@bp.route("/desk/<panel_slug>/registration/new", methods=["GET", "POST"])
@access.needs("organise")
def new() -> Page:
    """Make a way in."""
    panel, form = _panel(), WayInForm()
    return saved(
        form,
        lambda: ways.open_way(panel=panel, terms=form.terms(), actor=actor()),
        lambda way: url_for(".way_in", page_id=way.public_id),
    ) or _form_page(form, _("A new way in"))


@bp.get("/desk/<panel_slug>/registration/<page_id>")
@access.needs("organise")
def way_in(page_id: str) -> Page:
    """Show a way in: its address, its QR code, who came by it."""
    panel = this_panel()
    way = queries.way_into(panel, page_id)
    link = queries.address("registration.way_in", page_id=way.public_id)
    return page(
        "registration/desk/way_in.html",
        Form(),
        heading=way.name,
        way=next(each for each in queries.ways_into(panel) if each.page is way),
        link=link,
        picture=qr.svg(link, _("QR code of %(name)s", name=way.name)),
    )


@bp.route("/desk/<panel_slug>/registration/<page_id>/edit", methods=["GET", "POST"])
@access.needs("organise")
def edit(page_id: str) -> Page:
    """Change a way in."""
    way = queries.way_into(this_panel(), page_id)
    form = WayInForm.of(way)
    return saved(
        form,
        lambda: ways.change_way(page=way, terms=form.terms(), actor=actor()),
        url_for(".way_in", page_id=page_id),
        says=_("Saved."),
    ) or _form_page(form, _("Change %(name)s", name=way.name))


@bp.route("/desk/<panel_slug>/registration/consent", methods=["GET", "POST"])
@access.needs("organise")
def consent() -> Page:
    """Change the text that people are asked to consent to."""
    panel = _panel()
    form = in_languages(ConsentForm, found(asked.consent_of(panel)))()
    return saved(
        form,
        lambda: ways.reword_consent(panel=panel, wording=form.text("wording"), actor=actor()),
        url_for(".show"),
        says=_("Saved. Whoever agreed before did to the text before."),
    ) or _form_page(form, _("What people agree to"))


@bp.route("/desk/<panel_slug>/registration/<page_id>/enter", methods=["GET", "POST"])
@access.needs("organise")
def enter(page_id: str) -> Page:
    """Type in what somebody said by phone, or wrote on paper."""
    way = queries.way_into(this_panel(), page_id)
    today = to_user_timezone(clock.now()).date()
    form, typed = EntryForm(data={"agreed_on": today}), asked.asked_now(way)
    answers = asking.as_typed(typed.questions, request.form)
    wrong = typed.faults(answers) if request.method == "POST" else {}
    if request.method == "POST" and not (form.validate() and wrong):
        return saved(
            form,
            lambda: services.enter(
                page=way,
                origin=form.origin.data,
                answers=asking.read(typed.put(answers), request.form),
                language=form.spoken.data,
                consented_at=form.agreed_at(),
                actor=actor(),
            ),
            url_for(".way_in", page_id=page_id),
            says=_("Registered."),
        ) or _entry_page(way, form, typed.questions, answers, wrong)
    return _entry_page(way, form, typed.questions, answers, wrong)


@bp.get("/desk/<panel_slug>/registration/duplicates")
@access.needs("organise")
def duplicates() -> Page:
    """Show people who look like one side by side."""
    return page(
        "registration/desk/duplicates.html",
        Form(),
        heading=_("People who look alike"),
        pairs=queries.duplicates(_panel()),
        reasons=REASONS,
    )


@bp.post("/desk/<panel_slug>/registration/duplicates/<first>/<second>")
@access.needs("organise")
def both_stay(first: str, second: str) -> Response:
    """Say that two who look alike are two people."""
    panel = this_panel()
    ways.both_stay(
        panel=panel, first=_person(panel, first), second=_person(panel, second), actor=actor()
    )
    db.session.commit()
    return redirect(url_for(".duplicates"), 303)


@bp.post("/desk/<panel_slug>/registration/entries/<registration_id>/<any(out, back):way>")
@access.needs("organise")
def change(registration_id: str, way: str) -> Response:
    """Withdraw somebody who registered, or put them back."""
    shown = queries.registration_of(this_panel(), registration_id)
    if way == "out":
        services.withdraw(registration=shown, actor=actor())
        letters.give_back(shown)
    else:
        services.put_back(registration=shown, actor=actor())
        letters.use(shown)
    db.session.commit()
    back = request.form.get("from") == "duplicates"
    return redirect(url_for(".duplicates" if back else ".show"), 303)


REASONS: dict[str, Any] = {
    "contact": _("The same e-mail address or phone number"),
    "name": _("The same name, at a like address"),
    "initial": _("A like name, at a like address"),
}


def _panel() -> Panel:
    """Return the panel of this page. Raises NotFound for one whom nobody is drawn for."""
    panel = this_panel()
    return found(panel if panel.kind == "drawn" else None)


def _person(panel: Panel, public_id: str) -> Person:
    mine = select(Person).where(Person.panel_id == panel.id)
    return one(mine.where(Person.public_id == public_id))


def _form_page(form: Form, heading: Any) -> tuple[str, int]:
    back = url_for(".show"), _("Registration")
    return page("staff/form.html", form, heading=heading, back=back)


def _entry_page(
    way: RegistrationPage,
    form: EntryForm,
    questions: tuple[Question, ...],
    answers: Any,
    wrong: Any,
) -> Page:
    shown = page(
        "registration/desk/enter.html",
        form,
        heading=_("By phone or on paper"),
        way=way,
        asked=list(asking.on_page(questions, answers, wrong)),
    )
    return (shown[0], 422) if wrong else shown
