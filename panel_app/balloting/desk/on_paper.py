"""Paper ballots on the desk: printed, handed out, and typed by two people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from panel_app.balloting import papers
from panel_app.balloting import queries as balloting
from panel_app.balloting.desk.paper_forms import (
    BatchForm,
    CorrectForm,
    GiveBackForm,
    PrintForm,
    SizeForm,
    TypeForm,
)
from panel_app.balloting.models import Ballot
from panel_app.balloting.on_paper import queries, services
from panel_app.balloting.on_paper.models import PaperBatch
from panel_app.core import ids
from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment.letters import member_called, named
from panel_app.staff.identity import actor
from panel_app.web import access, i18n, typed
from panel_app.web.forms import Form, Page, done, page, saved
from panel_app.web.fragments import fragment

bp = Blueprint("paper_desk", __name__)
bp.before_request(only_with_seats)
#: How many people a search finds at most.
MOST_FOUND = 10


@bp.get("/desk/<panel_slug>/ballots/<public_id>/paper")
@access.needs("facilitate")
def show(public_id: str) -> str:
    """Show what was printed and handed out, and how the batches stand."""
    ballot = _ballot(public_id)
    return render_template(
        "balloting/desk/paper.html",
        heading=_("Paper ballots"),
        ballot=ballot,
        runs=queries.runs(ballot),
        handed_out=queries.handed_out(ballot),
        batches=queries.batches(ballot),
        tongue=i18n.called,
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/paper/print", methods=["GET", "POST"])
@access.needs("facilitate")
def print_(public_id: str) -> Page:
    """Ask how many papers, and make them."""
    ballot, form = _ballot(public_id), PrintForm()

    def act() -> int:
        number = form.papers.data or 0
        return services.print_run(
            ballot=ballot, language=form.language.data, papers=number, actor=actor()
        )

    def to(run: int) -> str:
        return url_for(".sheets", public_id=public_id, run=run)

    words = [_("Each paper has a number of its own, which says nothing about who gets it.")]
    return saved(form, act, to) or _ask(_("Print papers"), form, ballot, _("Make them"), words)


@bp.get("/desk/<panel_slug>/ballots/<public_id>/paper/runs/<int:run>")
@access.needs("facilitate")
def sheets(public_id: str, run: int) -> str:
    """Show a page of a run's papers ready to print, a sheet each."""
    ballot = _ballot(public_id)
    printed = found(next((one for one in queries.runs(ballot) if one.number == run), None))
    pages = -(-printed.papers // queries.PAPERS_A_PAGE)
    asked = request.args.get("page", 1, type=int)
    with force_locale(printed.language):
        body = papers.of(ballot).printed(ballot)
        paper = fragment("balloting/_paper.html", ballot=ballot, body=body)
    return render_template(
        "balloting/desk/sheets.html",
        heading=_("Papers to print"),
        ballot=ballot,
        run=run,
        numbers=queries.numbers_of(ballot, run, min(max(asked, 1), pages)),
        pages=pages,
        language=i18n.called(printed.language),
        paper=paper,
    )


@bp.route("/desk/<panel_slug>/ballots/<public_id>/paper/hand-out", methods=["GET", "POST"])
@access.needs("facilitate")
def find(public_id: str) -> str:
    """Find somebody by name or seat; what is typed goes into no address."""
    ballot, words = _ballot(public_id), request.form.get("words", "")[:80]
    people = named(ballot.panel, words, MOST_FOUND)
    return render_template(
        "balloting/desk/hand_out.html",
        heading=_("Hand out a paper"),
        ballot=ballot,
        words=words,
        people=[(m, name, queries.votes_on_paper(ballot, m)) for m, name in people],
    )


@bp.post("/desk/<panel_slug>/ballots/<public_id>/paper/hand-out/<member_id>")
@access.needs("facilitate")
def hand_out(public_id: str, member_id: str) -> Response:
    """Note that somebody votes on paper from now on."""
    ballot = _ballot(public_id)
    member = member_called(ballot.panel, member_id)
    fresh = services.hand_out(ballot=ballot, member=member, actor=actor())
    said = _("Noted: seat %(seat)s votes on paper.", seat=member.seat)
    had = _("Seat %(seat)s was handed a paper before. One person has one paper.", seat=member.seat)
    return done(url_for(".find", public_id=public_id), said if fresh else had)


@bp.route(
    "/desk/<panel_slug>/ballots/<public_id>/paper/give-back/<member_id>", methods=["GET", "POST"]
)
@access.needs("facilitate")
def give_back(public_id: str, member_id: str) -> Page:
    """Take an unused paper back by its number."""
    ballot, form = _ballot(public_id), GiveBackForm()
    member = member_called(ballot.panel, member_id)

    def act() -> None:
        services.give_back(
            ballot=ballot, member=member, number=form.number.data or "", actor=actor()
        )

    words = [_("The paper is never counted, and the person votes on a phone as before.")]
    heading = _("Seat %(seat)s gives a paper back unused", seat=member.seat)
    to = url_for(".show", public_id=public_id)
    return saved(form, act, to) or _ask(heading, form, ballot, _("Take it back"), words)


@bp.route("/desk/<panel_slug>/ballots/<public_id>/paper/batches/new", methods=["GET", "POST"])
@access.needs("facilitate")
def new_batch(public_id: str) -> Page:
    """Note a batch of papers that came back."""
    ballot, form = _ballot(public_id), BatchForm()

    def act() -> PaperBatch:
        return services.open_batch(
            ballot=ballot,
            number=form.number.data or 0,
            place=form.place.data or "",
            size=form.size.data or 0,
            actor=actor(),
        )

    return saved(form, act, _to_batch) or _ask(_("Note a batch"), form, ballot, _("Save"))


@bp.get("/desk/<panel_slug>/ballots/<public_id>/paper/batches/<int:number>")
@access.needs("facilitate")
def batch(public_id: str, number: int) -> str:
    """Show one's own part of a batch, and where two people differ once both have typed all."""
    batch = _batch(public_id, number)
    side = queries.side_of(batch, actor())
    mine = queries.typed(batch, side) if side else {}
    return render_template(
        "balloting/desk/batch.html",
        heading=_("Batch %(number)s", number=number),
        ballot=batch.ballot,
        batch=batch,
        mine=[(ids.spell(n), n, queries.in_words(batch.ballot, p)) for n, p in mine.items()],
        taken=side is None and batch.checked_by is not None,
        finished=batch.entered if side == 1 else bool(side) and batch.checked,
        settled=queries.is_settled(batch),
        differences=queries.differences(batch),
    )


@bp.route(
    "/desk/<panel_slug>/ballots/<public_id>/paper/batches/<int:number>/change",
    methods=["GET", "POST"],
)
@access.needs("facilitate")
def change_batch(public_id: str, number: int) -> Page:
    """Correct how many papers lie in a batch."""
    batch = _batch(public_id, number)
    form = SizeForm(size=batch.size)

    def act() -> None:
        services.change_batch(batch=batch, size=form.size.data or 0, actor=actor())

    heading = _("Batch %(number)s", number=number)
    also = url_for(".delete_batch", public_id=public_id, number=number), _("Delete this batch…")
    return saved(form, act, _to_batch(batch)) or _ask(
        heading, form, batch.ballot, _("Save"), also=also
    )


@bp.route(
    "/desk/<panel_slug>/ballots/<public_id>/paper/batches/<int:number>/delete",
    methods=["GET", "POST"],
)
@access.needs("facilitate")
def delete_batch(public_id: str, number: int) -> Page:
    """Ask once more, then forget a batch and what was typed of it."""
    batch, form = _batch(public_id, number), Form()
    ballot, to = batch.ballot, url_for(".show", public_id=public_id)
    words = [
        _("What was typed of it is forgotten. Its papers can be typed again, in another batch.")
    ]
    return saved(form, lambda: services.delete_batch(batch=batch, actor=actor()), to) or _ask(
        _("Delete this batch?"), form, ballot, _("Delete it"), words, kind="stop"
    )


@bp.post("/desk/<panel_slug>/ballots/<public_id>/paper/batches/<int:number>/done")
@access.needs("facilitate")
def finish(public_id: str, number: int) -> Response:
    """Note that one of the two has typed all."""
    batch = _batch(public_id, number)
    services.finish(batch=batch, who=actor())
    return done(_to_batch(batch))


@bp.route(
    "/desk/<panel_slug>/ballots/<public_id>/paper/batches/<int:number>/type",
    methods=["GET", "POST"],
)
@access.needs("facilitate")
def type_(public_id: str, number: int) -> Page:
    """Type one paper after the other, on the ballot's own form."""
    batch, form = _batch(public_id, number), TypeForm()

    def act(choice: Any) -> None:
        services.type_paper(
            batch=batch,
            who=actor(),
            number=form.number.data or "",
            said=form.said.data,
            choice=choice,
        )

    here = url_for(".type_", public_id=public_id, number=number)
    return _typing(batch, form, None, act, here)


@bp.route(
    "/desk/<panel_slug>/ballots/<public_id>/paper/batches/<int:number>/type/<code>",
    methods=["GET", "POST"],
)
@access.needs("facilitate")
def correct(public_id: str, number: int, code: str) -> Page:
    """Correct what one typed of a paper."""
    batch = _batch(public_id, number)
    side = queries.side_of(batch, actor())
    paper = found(queries.typed(batch, side).get(code) if side else None)
    form = CorrectForm(said=paper.said)

    def act(choice: Any) -> None:
        services.correct_paper(
            batch=batch, who=actor(), number=code, said=form.said.data, choice=choice
        )

    return _typing(batch, form, paper.choice, act, _to_batch(batch), code=code)


@bp.post("/desk/<panel_slug>/ballots/<public_id>/paper/batches/<int:number>/type/<code>/out")
@access.needs("facilitate")
def take_out(public_id: str, number: int, code: str) -> Response:
    """Forget what one typed of a paper."""
    batch = _batch(public_id, number)
    services.take_out(batch=batch, who=actor(), number=code)
    return done(_to_batch(batch))


def _typing(
    batch: PaperBatch,
    form: CorrectForm,
    choice: Any,
    act: Callable[[Any], None],
    to: str,
    code: str = "",
) -> Page:
    """Keep what was typed, unless a button of the form only changed it; show the form."""
    ballot, kind = batch.ballot, papers.of(batch.ballot)
    sent = typed.fields() or request.form
    if sent:
        choice = kind.read(ballot, sent)
    kept = None
    if "press" not in request.form:
        kept = saved(form, lambda: act(choice), to, says=_("The paper is kept."))
    return kept or page(
        "balloting/desk/type.html",
        form,
        heading=_("Paper %(number)s", number=ids.spell(code)) if code else _("Type a paper"),
        ballot=ballot,
        batch=batch,
        code=code,
        sheet=kind.form(_sheet(ballot, form, choice, sent)),
    )


def _sheet(ballot: Ballot, form: CorrectForm, choice: Any, sent: Any) -> papers.Sheet:
    return papers.Sheet(
        ballot=ballot,
        member=None,
        choice=choice,
        counter=0,
        action=request.path,
        again=request.path,
        sent=sent,
        head=fragment("balloting/desk/_paper_fields.html", form=form),
        button=_("Keep this paper"),
    )


def _ask(
    heading: Any, form: Form, ballot: Ballot, button: Any, words: Any = (), **more: Any
) -> Page:
    back = url_for(".show", public_id=ballot.public_id), _("Paper ballots")
    more |= {"heading": heading, "back": back, "button": button, "words": words}
    return page("staff/form.html", form, **more)


def _to_batch(batch: PaperBatch) -> str:
    return url_for(".batch", public_id=batch.ballot.public_id, number=batch.number)


def _batch(public_id: str, number: int) -> PaperBatch:
    return queries.batch_of(_ballot(public_id), number)


def _ballot(public_id: str) -> Ballot:
    return balloting.ballot_of(this_panel().id, public_id)
