"""Programmes, rounds and decisions, for organisers and facilitators."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.casework.subjects import Fact
from panel_app.core.db import db, found
from panel_app.core.text import _, ngettext
from panel_app.grants import (
    annulments,
    awards,
    corrections,
    letters,
    live_item,
    nameless,
    rounds,
    services,
    ties,
)
from panel_app.grants.desk import lists, pages
from panel_app.grants.desk.forms import (
    FORTNIGHT,
    AnnulForm,
    CorrectionForm,
    DecisionForm,
    YearForm,
    decision_form,
    last_round,
    programme_form,
    round_form,
    words_form,
    zone_name,
)
from panel_app.grants.models import Application
from panel_app.grants.outcomes import BASES, DECIDED
from panel_app.grants.queries import (
    application_of,
    programme_of,
    round_of,
    tally,
)
from panel_app.outbox import queries as outbox
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.staff.identity import actor
from panel_app.staff.step_up import fresh
from panel_app.web import access, addresses, i18n, listing
from panel_app.web.addresses import local_address
from panel_app.web.forms import done, page, refusals, saved
from panel_app.web.listing import Listed

bp = Blueprint("grants_desk", __name__)
bp.before_request(only_with_seats)

Page = tuple[str, int] | Response


@bp.get("/desk/<panel_slug>/grants")
@access.needs("observe")
def overview() -> Listed:
    """Show the panel's programmes and rounds."""
    panel = this_panel()
    return listing.page(
        "grants/desk/overview.html",
        pages.overview(panel),
        heading=_("Grants"),
        panel=panel,
        waiting=outbox.to_do(panel),
    )


@bp.route("/desk/<panel_slug>/grants/programmes/new", methods=["GET", "POST"])
@access.needs("organise")
def new_programme() -> Page:
    """Set up a programme."""
    form = programme_form()
    return saved(
        form,
        lambda: services.create_programme(panel=this_panel(), **form.facts(), actor=actor()),
        url_for(".overview"),
    ) or page(
        "grants/desk/programme.html",
        form,
        heading=_("Set up a programme"),
        panel=this_panel(),
    )


@bp.route("/desk/<panel_slug>/grants/programmes/<programme_id>/edit", methods=["GET", "POST"])
@access.needs("organise")
def edit_programme(programme_id: str) -> Page:
    """Change what a programme says."""
    programme = programme_of(this_panel(), programme_id)
    form = words_form(programme)
    return saved(
        form,
        lambda: services.reword_programme(programme=programme, **form.words(), actor=actor()),
        url_for(".overview"),
    ) or page(
        "grants/desk/programme.html",
        form,
        heading=_("Change the words of a programme"),
        panel=this_panel(),
    )


@bp.post("/desk/<panel_slug>/grants/programmes/<programme_id>/open")
@access.needs("organise")
def open_programme(programme_id: str) -> Response:
    """Take new applications."""
    return _set_open(programme_id, True)


@bp.post("/desk/<panel_slug>/grants/programmes/<programme_id>/close")
@access.needs("organise")
def close_programme(programme_id: str) -> Response:
    """Take no new applications."""
    return _set_open(programme_id, False)


@bp.get("/desk/<panel_slug>/grants/programmes/<programme_id>/rounds")
@access.needs("observe")
def all_rounds(programme_id: str) -> listing.Listed:
    """List every round of a programme."""
    programme = programme_of(this_panel(), programme_id)
    return listing.page(
        "grants/desk/rounds.html",
        lists.rounds(programme),
        heading=_("All rounds"),
        programme=programme,
    )


@bp.route("/desk/<panel_slug>/grants/programmes/<programme_id>/rounds/new", methods=["GET", "POST"])
@access.needs("organise")
def new_round(programme_id: str) -> Page:
    """Add a round, a fortnight after the last unless changed."""
    programme = programme_of(this_panel(), programme_id)
    form = round_form(last_round(programme), later=FORTNIGHT)
    return saved(
        form,
        lambda: rounds.add_round(programme=programme, **form.facts(), actor=actor()),
        url_for(".overview"),
    ) or page("grants/desk/round_form.html", form, heading=_("Add a round"), zone=zone_name())


@bp.route("/desk/<panel_slug>/grants/programmes/<programme_id>/year", methods=["GET", "POST"])
@access.needs("organise")
def new_year(programme_id: str) -> Page:
    """Show the dates that follow from a rule, and add its rounds once somebody says so."""
    programme, form = programme_of(this_panel(), programme_id), YearForm()
    dates = []
    if form.validate_on_submit():
        with refusals(form):
            added = rounds.add_year(
                programme=programme, rule=form.rule(), pot=form.pot.pence or 0, actor=actor()
            )
            if "sure" in request.form:
                db.session.commit()
                return redirect(url_for(".all_rounds", programme_id=programme_id), 303)
            dates = pages.preview(added, form.rule())
            db.session.rollback()
    return page(
        "grants/desk/year.html",
        form,
        heading=_("Plan a year of rounds"),
        programme=programme,
        dates=dates,
        zone=zone_name(),
    )


@bp.get("/desk/<panel_slug>/grants/rounds/<round_id>")
@access.needs("observe")
def show_round(round_id: str) -> str | Response:
    """List a round's applications by state."""
    shown = round_of(this_panel(), round_id)
    return listing.page(
        "grants/desk/round.html",
        lists.applications(shown),
        heading=_("Round %(number)d", number=shown.number),
        panel=this_panel(),
        round=shown,
        tally=tally(shown),
    )


@bp.get("/desk/<panel_slug>/grants/rounds/<round_id>/ranking")
@access.needs("observe")
def ranking(round_id: str) -> str:
    """List a round's applications by score."""
    shown = round_of(this_panel(), round_id)
    return render_template(
        "grants/desk/ranking.html",
        heading=_("Applications by score"),
        round=shown,
        rows=pages.ranking(shown),
    )


@bp.route("/desk/<panel_slug>/grants/rounds/<round_id>/edit", methods=["GET", "POST"])
@access.needs("organise")
def edit_round(round_id: str) -> Page:
    """Change a round's dates and pot."""
    shown = round_of(this_panel(), round_id)
    form = round_form(shown)
    return saved(
        form,
        lambda: rounds.change_round(round_=shown, **form.facts(), actor=actor()),
        url_for(".show_round", round_id=round_id),
    ) or page("grants/desk/round_form.html", form, heading=_("Change the round"), zone=zone_name())


@bp.get("/desk/<panel_slug>/grants/rounds/<round_id>/close")
@access.needs("organise")
def ask_to_close_round(round_id: str) -> str:
    """Ask again before a round is closed."""
    shown = round_of(this_panel(), round_id)
    return render_template(
        "grants/desk/close_round.html",
        heading=_("Close round %(number)d?", number=shown.number),
        panel=this_panel(),
        round=shown,
        tally=tally(shown),
    )


@bp.post("/desk/<panel_slug>/grants/rounds/<round_id>/close")
@access.needs("organise")
def close_round(round_id: str) -> Response:
    """Close a round; what is undecided moves to the next."""
    moved = rounds.close_round(round_=round_of(this_panel(), round_id), actor=actor())
    return done(
        url_for(".show_round", round_id=round_id),
        ngettext(
            "Closed; %(num)d application moved on.", "Closed; %(num)d applications moved on.", moved
        ),
    )


@bp.get("/desk/<panel_slug>/grants/applications/<application_id>")
@access.needs("facilitate")
def application(application_id: str) -> Page:
    """Show an application with its scores and votes, and the form for the decision."""
    shown = application_of(this_panel(), application_id)
    return _application_page(shown, decision_form(pages.can_record(shown)))


@bp.post("/desk/<panel_slug>/grants/applications/<application_id>")
@access.needs("organise")
def show_contact(application_id: str) -> Page:
    """Show as well who asks and how to reach them; the record says who looked."""
    shown = application_of(this_panel(), application_id)
    contact = pages.contact(services.look_up_contact(application=shown, actor=actor()), shown)
    db.session.commit()
    return _application_page(shown, decision_form(pages.can_record(shown)), contact=contact)


@bp.post("/desk/<panel_slug>/grants/applications/<application_id>/decision")
@access.needs("facilitate")
@addresses.shown_on(".application")
def decide(application_id: str) -> Page:
    """Record the panel's decision and commit the money."""
    shown = application_of(this_panel(), application_id)
    form = decision_form(pages.can_record(shown))
    telling: list[str] = []
    if form.validate():
        with refusals(form):
            telling = nameless.check_reason(shown, form.reason.data or "")
            if not telling or "anyway" in request.form:
                services.decide_application(application=shown, **form.facts(), actor=actor())
                db.session.commit()
                here = url_for(".application", application_id=application_id)
                return redirect(local_address(request.form.get("next") or here), 303)
    return _application_page(shown, form, telling)


@bp.route("/desk/<panel_slug>/grants/applications/<application_id>/annul", methods=["GET", "POST"])
@access.needs("organise")
@fresh
def annul(application_id: str) -> Page:
    """Ask why, then annul a decision that somebody close to the application took part in."""
    shown, form = application_of(this_panel(), application_id), AnnulForm()
    back = url_for(".application", application_id=application_id)
    return saved(
        form,
        lambda: annulments.annul_decision(
            application=shown, reason=form.reason.data or "", actor=actor()
        ),
        back,
        says=_("Annulled. The money is back in the pot, and the panel can vote anew."),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Annul this decision?"),
        words=[
            _(
                "The applicant is told, with your reason. The panel decides again, without whoever"
                " declared a connection. Anything awarded goes back to the pot."
            )
        ],
        button=_("Annul the decision"),
        kind="stop",
        back=(back, _("The application")),
        keep=_("Keep the decision"),
    )


@bp.route(
    "/desk/<panel_slug>/grants/applications/<application_id>/correct", methods=["GET", "POST"]
)
@access.needs("organise")
@fresh
def correct(application_id: str) -> Page:
    """Put other words in place of a decision's public title and reason."""
    shown = application_of(this_panel(), application_id)
    case, back = found(shown.case), url_for(".application", application_id=application_id)
    form = CorrectionForm(data={"title": case.title, "reason": found(case.decision).reason})
    return saved(
        form,
        lambda: corrections.correct_words(
            application=shown,
            title=form.title.data or "",
            reason=form.reason.data or "",
            actor=actor(),
        ),
        back,
        says=_("Corrected, wherever these words stood."),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Correct public words"),
        words=[
            _(
                "For a name or a slip in what everybody reads. What was decided stays, pages say"
                " that its words were corrected, and the record says by whom. A letter that was"
                " sent keeps its words."
            )
        ],
        button=_("Correct these words"),
        back=(back, _("The application")),
    )


@bp.post("/desk/<panel_slug>/grants/live/<item_id>/<application_id>")
@access.needs("facilitate")
def put_on_table(item_id: str, application_id: str) -> Response:
    """Show another application on phones and wall."""
    live_item.put_on_table(
        item=live_item.item_of(this_panel(), item_id),
        application=application_of(this_panel(), application_id),
    )
    return done(local_address(request.form.get("next") or url_for(".overview")))


def _set_open(programme_id: str, open_now: bool) -> Response:
    programme = programme_of(this_panel(), programme_id)
    services.set_open(programme=programme, open_now=open_now, actor=actor())
    return done(url_for(".overview"))


def _application_page(
    shown: Application,
    form: DecisionForm,
    telling: Sequence[str] = (),
    contact: list[Fact] | None = None,
) -> Page:
    """Show an application; `telling` are words of the typed reason that may name somebody."""
    case = found(shown.case)
    return page(
        "grants/desk/application.html",
        form,
        heading=i18n.theirs(case.title, shown.language),
        panel=this_panel(),
        application=shown,
        case=case,
        desk=pages.case_desk(case),
        decision=shown.decision,
        decided=DECIDED,
        bases=BASES,
        ties=[ties.WORDS[tie] for tie in shown.ties] if access.may("organise") else [],
        award=awards.standing_award(shown),
        telling=telling,
        contact=contact,
        messages=outbox.about(letters.ref(shown)),
    )
