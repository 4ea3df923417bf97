"""Targets, people, draw and letters, for organisers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core import jobs
from panel_app.core.db import db, found
from panel_app.core.errors import DomainError
from panel_app.core.text import _
from panel_app.live.views import fragment
from panel_app.panels import services as panel_services
from panel_app.panels.current import this_panel
from panel_app.recruitment import (
    exports,
    letters,
    pool_files,
    queries,
    samples,
    services,
    wordings,
)
from panel_app.recruitment.desk import changes, lists, notices
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.desk.forms import (
    ColumnsForm,
    DiceForm,
    GiveUpForm,
    PeopleForm,
    TargetsForm,
    UploadForm,
    wordings_form,
)
from panel_app.recruitment.models import Lottery
from panel_app.recruitment.proposals import proposal_of
from panel_app.staff.identity import actor
from panel_app.staff.step_up import ask_again, fresh, is_fresh
from panel_app.web import access, i18n, listing
from panel_app.web.exports import csv_response
from panel_app.web.forms import page, refusals, saved

bp = Blueprint("recruitment_desk", __name__)

Page = tuple[str, int] | AnyResponse


@bp.route("/desk/<panel_slug>/targets", methods=["GET", "POST"])
@access.needs("organise")
def targets() -> Page:
    """Show the targets, and take a file of them."""
    panel, form = this_panel(), TargetsForm()
    if form.validate_on_submit():
        with refusals(form):
            targets = services.import_targets(
                panel=panel, source=form.source, drop_people=form.drop_people.data, actor=actor()
            )
            db.session.commit()
            flash(_("The targets are imported."))
            notices.tell(fault_words(targets.notices))
            return redirect(url_for(".targets"), 303)
    return _upload_page("targets", _("Targets"), form, features=queries.targets_of(panel))


@bp.route("/desk/<panel_slug>/targets/wordings", methods=["GET", "POST"])
@access.needs("organise")
def target_wordings() -> Page:
    """Take what residents read for features and values, in their languages."""
    panel = this_panel()
    features = queries.targets_of(panel)
    names = [(f, v) for f, targets in features for v in ("", *(t.value for t in targets))]
    form = wordings_form(names, wordings.wordings_of(panel))
    return saved(
        form,
        lambda: wordings.save_wordings(panel=panel, typed=form.typed(), actor=actor()),
        url_for(".targets"),
        says=_("Saved."),
    ) or page(
        "recruitment/desk/wordings.html",
        form,
        heading=_("What residents read"),
        panel=panel,
        features=features,
    )


@bp.route("/desk/<panel_slug>/people", methods=["GET", "POST"])
@access.needs("organise")
def people() -> Page:
    """Say how many people there are, and take a file of them."""
    panel, form = this_panel(), PeopleForm()
    if form.validate_on_submit():
        with refusals(form):
            read = services.import_people(
                panel=panel, source=form.source, leave_out=form.choices(), actor=actor()
            )
            db.session.commit()
            flash(notices.imported(len(read)))
            notices.tell(fault_words(read.notices))
            return redirect(url_for(".columns" if _has_columns() else ".people"), 303)
    form.doubts = queries.doubts(panel, form.source) if form.source else []
    return _upload_page("people", _("People"), form)


@bp.get("/desk/<panel_slug>/<any(targets, people, roll):kind>/sample.csv")
@access.needs("organise")
def sample(kind: str) -> Response:
    """Download a small file to begin with: it can be imported as it is."""
    make = {"targets": samples.targets, "people": samples.people, "roll": samples.roll}[kind]
    rows = make(this_panel().size)
    return csv_response(f"sample-{kind}", rows, list(rows[0]))


@bp.route("/desk/<panel_slug>/people/columns", methods=["GET", "POST"])
@access.needs("organise")
def columns() -> Page:
    """Ask which columns are the name and the address."""
    panel = this_panel()
    pool = found(queries.pool_of(panel))
    likely = pool.address_columns
    likely = pool_files.guess_addresses(pool.columns) if likely is None else likely
    form = ColumnsForm(data={"names": pool.name_columns, "addresses": likely})
    drawn = panel.kind == "drawn"
    form.offer(pool.columns, drawn=drawn)
    back = (url_for(".people"), _("People")) if drawn else (url_for("roll_desk.show"), _("Roll"))

    def warned(likely_homes: list[list[str]]) -> str:
        notices.tell([notices.likely_home(group) for group in likely_homes if drawn])
        return back[0]

    return saved(
        form,
        lambda: services.choose_columns(
            panel=panel,
            name_columns=form.names.data or [],
            address_columns=form.addresses.data or [],
            actor=actor(),
        ),
        warned,
    ) or page("staff/form.html", form, heading=_("Names and addresses"), back=back)


@bp.get("/desk/<panel_slug>/pool")
@access.needs("organise")
def pool() -> str | AnyResponse:
    """List the people of the pool with their features, never with their names."""
    panel = this_panel()
    if request.args.get("as") == "csv" and not is_fresh():
        return ask_again()
    heading = _("People in the pool")
    return listing.page("recruitment/desk/pool.html", lists.pool(panel), heading=heading)


@bp.get("/desk/<panel_slug>/draw")
@access.needs("observe")
def draw() -> Page:
    """Show how the draw of the whole panel stands."""
    return _draw_page(DiceForm(), queries.lottery_of(this_panel()))


@bp.get("/desk/<panel_slug>/draw/<lottery_id>")
@access.needs("observe")
def lottery(lottery_id: str) -> Page:
    """Show how one lottery stands: the panel's, or one of replacements."""
    return _draw_page(DiceForm(), queries.lottery_called(this_panel(), lottery_id))


@bp.get("/desk/<panel_slug>/draw/<lottery_id>/state")
@access.needs("observe")
def draw_state(lottery_id: str) -> AnyResponse:
    """Return the part of the page that follows a lottery."""
    lottery = queries.lottery_called(this_panel(), lottery_id)
    html = render_template(
        "recruitment/desk/_state.html", form=DiceForm(), **_draw_context(lottery)
    )
    topic = f"lottery:{lottery.public_id}"
    return fragment(html, topic=topic, audience="console", subject=topic)


@bp.post("/desk/<panel_slug>/draw/start")
@access.needs("organise")
def start() -> Page:
    """Have a lottery computed."""
    form = DiceForm()
    try:
        lottery = services.start_lottery(panel=this_panel(), actor=actor())
    except DomainError as refusal:
        db.session.rollback()
        form.refuse(refusal)
        return _draw_page(form, queries.lottery_of(this_panel()))
    public_id = lottery.public_id
    db.session.commit()
    jobs.queue(services.compute_lottery, public_id)
    return redirect(url_for(".draw"), 303)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/stop")
@access.needs("organise")
def stop(lottery_id: str) -> AnyResponse:
    """Give up a computation."""
    return _done(lottery_id, services.stop_lottery)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/best")
@access.needs("organise")
def use_the_best(lottery_id: str) -> AnyResponse:
    """End a computation with the best lottery so far."""
    return _done(lottery_id, services.use_the_best)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/commit")
@access.needs("organise")
def commit(lottery_id: str) -> AnyResponse:
    """Commit to the lottery that was looked at."""
    return _done(lottery_id, services.commit_lottery)


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/leave")
@access.needs("organise")
def leave(lottery_id: str) -> AnyResponse:
    """Leave a lottery that nobody has committed to."""
    return _done(lottery_id, services.leave_lottery)


@bp.route("/desk/<panel_slug>/draw/<lottery_id>/give-up", methods=["GET", "POST"])
@access.needs("organise")
def give_up(lottery_id: str) -> Page:
    """Ask why, then give up the committed lottery."""
    lottery, form = queries.lottery_called(this_panel(), lottery_id), GiveUpForm()
    return saved(
        form,
        lambda: services.give_up_lottery(
            lottery=lottery, reason=form.reason.data or "", actor=actor()
        ),
        url_for(".lottery", lottery_id=lottery_id),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Give up this lottery?"),
        words=[
            _(
                "Targets and people can then be changed, and another lottery can be computed. The"
                " fingerprint and your reason stay on the public page and in the record."
            )
        ],
        button=_("Give up this lottery"),
        kind="stop",
        keep=_("Keep it"),
        back=(url_for(".draw"), _("The draw")),
    )


@bp.post("/desk/<panel_slug>/draw/<lottery_id>/dice")
@access.needs("organise")
def dice(lottery_id: str) -> Page:
    """Draw the panel that the dice name."""
    lottery, form = queries.lottery_called(this_panel(), lottery_id), DiceForm()
    return saved(
        form,
        lambda: services.draw_panel(lottery=lottery, dice=form.digits, actor=actor()),
        url_for(".lottery", lottery_id=lottery_id),
    ) or _draw_page(form, lottery)


@bp.get("/desk/<panel_slug>/draw/<lottery_id>/bundle.zip")
@access.needs("observe")
def bundle(lottery_id: str) -> Response:
    """Download the public bundle."""
    return exports.bundle_download(queries.lottery_called(this_panel(), lottery_id))


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
        answers=lists.ANSWERS,
        tongues=[i18n.KNOWN[code] for code in panel.languages if code in i18n.KNOWN],
    )


@bp.get("/desk/<panel_slug>/letters/print")
@access.needs("organise")
@fresh
def print_letters() -> Any:
    """Show letters ready to print, a sheet each."""
    first = request.args.get("from", "0")
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
    db.session.commit()
    return redirect(url_for(".letters_list"), 303)


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
    db.session.commit()
    return redirect(url_for(".print_letter", member_id=member.public_id), 303)


def _upload_page(name: str, heading: Any, form: UploadForm, **context: Any) -> Page:
    kept = form.keep_text() if form.is_submitted() else True
    return page(
        f"recruitment/desk/{name}.html",
        form,
        heading=heading,
        panel=this_panel(),
        kept=kept,
        state=queries.preparation(this_panel()),
        **context,
    )


def _has_columns() -> bool:
    pool = queries.pool_of(this_panel())
    return bool(pool and pool.columns)


def _done(lottery_id: str, act: Callable[..., None]) -> AnyResponse:
    """Have one thing done to the panel's lottery, and show how the draw stands."""
    act(lottery=queries.lottery_called(this_panel(), lottery_id), actor=actor())
    db.session.commit()
    return redirect(url_for(".lottery", lottery_id=lottery_id), 303)


def _draw_page(form: DiceForm, lottery: Lottery | None) -> Page:
    first = lottery is None or lottery.kind == "panel"
    heading = _("The draw") if first else _("The draw of replacements")
    return page("recruitment/desk/draw.html", form, heading=heading, **_draw_context(lottery))


def _draw_context(lottery: Lottery | None) -> dict[str, Any]:
    panel = this_panel()
    first = lottery is None or lottery.kind == "panel"
    return {
        "panel": panel,
        "lottery": lottery,
        "story": queries.story_of(lottery) if lottery else None,
        "proposal": proposal_of(lottery) if lottery else None,
        "features": queries.composition(panel) if first else queries.sitting_composition(panel),
        "people": panel.size if first else queries.standing(panel).sitting,
        "state": queries.preparation(panel),
        "folder": exports.FOLDER,
        "check_command": exports.check_command,
        "fault_lines": changes.fault_lines,
        "change_lines": changes.change_lines,
    }


def _letters_page(shown: list[letters.Letter]) -> Any:
    """Show letters; every page sends people with questions to the address that stands on them."""
    if not this_panel().sender:
        flash(_("Say first who the letters are from: people with questions write to that address."))
        return redirect(url_for("panels_desk.edit", panel_slug=this_panel().slug), 303)
    return render_template(
        "recruitment/desk/print.html",
        heading=_("Letters to print"),
        panel=this_panel(),
        letters=shown,
    )
