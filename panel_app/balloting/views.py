"""Voting on a member's phone, and the public list of receipts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from panel_app.balloting import lists, origins, papers, queries, services
from panel_app.balloting.forms import OpenReceiptForm, counter_in
from panel_app.balloting.models import Ballot, Paper, Receipt
from panel_app.balloting.on_paper import queries as on_paper
from panel_app.core import ids
from panel_app.core.db import db, found
from panel_app.core.errors import Refused
from panel_app.core.text import _, gettext
from panel_app.live import views as live
from panel_app.panels.current import may_read, this_member, this_panel
from panel_app.web import access, addresses, exports, i18n, listing, typed
from panel_app.web import forms as web_forms
from panel_app.web.listing import Listed

bp = Blueprint("ballots", __name__)


@bp.get("/my/ballots/<public_id>")
@access.needs("member")
def vote(public_id: str) -> str:
    """Show the ballot with what this member has stored, or how it ended."""
    ballot = queries.ballot_of(this_member().panel_id, public_id)
    if not queries.takes_papers(ballot) or not queries.may_vote(ballot, this_member()):
        return _not_open(ballot)
    paper = queries.own_paper(ballot, this_member())
    typed_before = typed.fields()
    if typed_before is not None:
        choice = papers.of(ballot).read(ballot, typed_before)
        return _sheet(ballot, paper, choice, _next_counter(paper))
    return _sheet(ballot, paper, paper.choice if paper else None, _next_counter(paper))


@bp.post("/my/ballots/<public_id>")
@access.needs("member")
def choose_again(public_id: str) -> Any:
    """Show the ballot with the choice that was just sent; nothing is stored."""
    ballot = _open_ballot(public_id)
    if ballot is None:
        return redirect(url_for(".vote", public_id=public_id), 303)
    paper = queries.own_paper(ballot, this_member())
    choice = papers.of(ballot).read(ballot, request.form)
    return _sheet(ballot, paper, choice, _next_counter(paper))


@bp.post("/my/ballots/<public_id>/check")
@access.needs("member")
@addresses.shown_on(".vote")
def check(public_id: str) -> Any:
    """Show a choice once more before it is cast, or say what doesn't fit; nothing is stored."""
    ballot = _open_ballot(public_id)
    if ballot is None:
        return redirect(url_for(".vote", public_id=public_id), 303)
    kind = papers.of(ballot)
    sent = kind.read(ballot, request.form)
    paper = queries.own_paper(ballot, this_member())
    counter = _next_counter(paper)
    try:
        choice = kind.check(ballot.terms, sent)
    except Refused as refusal:
        return _sheet(ballot, paper, sent, counter, refusal.message), 422
    return render_template(
        "balloting/check.html",
        heading=_("Is this your vote?"),
        ballot=ballot,
        words=kind.words(ballot, choice),
        fields=kind.fields(ballot, choice),
        counter=counter,
        stored=paper,
        helpers=origins.HELPERS,
    )


@bp.post("/my/ballots/<public_id>/cast")
@access.needs("member")
@addresses.shown_on(".vote")
def cast(public_id: str) -> Any:
    """Put the paper into the box and show the receipt; safe to send again."""
    ballot = queries.ballot_of(this_member().panel_id, public_id)
    if services.close_if_due(ballot):
        db.session.commit()
    kind, member = papers.of(ballot), this_member()
    sent, counter = kind.read(ballot, request.form), counter_in(request.form)
    try:
        helper = request.form.get("helper", "")
        services.cast_paper(
            ballot=ballot, member=member, choice=sent, counter=counter, helper=helper
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        paper = queries.own_paper(ballot, this_member())
        return _sheet(ballot, paper, sent, _next_counter(paper), refusal.message), 422
    return live.received(url_for(".receipt", public_id=public_id))


@bp.get("/my/ballots/<public_id>/receipt")
@access.needs("member")
def receipt(public_id: str) -> Any:
    """Show the member's receipt while the ballot is open, and on request what is stored."""
    ballot = queries.ballot_of(this_member().panel_id, public_id)
    paper = queries.own_paper(ballot, this_member()) if queries.takes_papers(ballot) else None
    if paper is None or not queries.may_vote(ballot, this_member()):
        return redirect(url_for(".vote", public_id=public_id), 303)
    return render_template(
        "balloting/receipt.html",
        heading=_("Your vote is in"),
        ballot=ballot,
        tracker=ids.spell(paper.tracker),
        nonce=ids.spell(paper.nonce),
        words=papers.of(ballot).words(ballot, paper.choice) if "show" in request.args else None,
        result_url=papers.of(ballot).result_url(ballot),
    )


@bp.get("/my/ballots/<public_id>/receipt/keep")
@access.needs("member")
def keep_receipt(public_id: str) -> Any:
    """Give the member their receipt as a small page of its own, with the second code on request."""
    ballot = queries.ballot_of(this_member().panel_id, public_id)
    paper = queries.own_paper(ballot, this_member()) if queries.takes_papers(ballot) else None
    if paper is None or not queries.may_vote(ballot, this_member()):
        return redirect(url_for(".vote", public_id=public_id), 303)
    slug, code = ballot.panel.slug, ids.spell(paper.tracker)
    there = url_for(".receipts", panel_slug=slug, public_id=public_id, code=code)
    page = render_template(
        "balloting/kept_receipt.html",
        ballot=ballot,
        tracker=code,
        nonce=ids.spell(paper.nonce) if "both" in request.args else None,
        address=current_app.config["PUBLIC_URL"] + there,
    )
    return exports.attachment(f"receipt-{code}.html", page, "text/html")


@bp.get("/p/<panel_slug>/ballots/<public_id>")
@access.needs("anyone")
def receipts(public_id: str) -> Listed:
    """Show the public list of a closed ballot, and whether a code is on it."""
    ballot = _published_ballot(public_id)
    looked_for = ids.normalise_code(request.args.get("code", ""))[:20]
    listed = db.session.get(Receipt, (ballot.id, looked_for))
    return listing.page(
        "balloting/receipts.html",
        lists.receipts(ballot),
        heading=_("The receipts of this ballot"),
        ballot=ballot,
        looked_for=ids.spell(looked_for),
        is_listed=listed is not None,
        voters=queries.voters(ballot),
        few=queries.too_few(ballot),
        came=origins.shown(ballot),
        holds=queries.fingerprint_holds(ballot),
        result_url=papers.of(ballot).result_url(ballot),
    )


@bp.get("/p/<panel_slug>/ballots/<public_id>/open")
@access.needs("anyone")
def ask_for_codes(public_id: str) -> Any:
    """Ask for the two codes of a receipt."""
    return _ask_for_codes(_published_ballot(public_id), OpenReceiptForm())


@bp.post("/p/<panel_slug>/ballots/<public_id>/open")
@access.needs("anyone")
def open_receipt(public_id: str) -> Any:
    """Show what a receipt seals. Nothing is stored; the codes are never part of an address."""
    ballot, form = _published_ballot(public_id), OpenReceiptForm()
    if not form.validate_on_submit():
        return _ask_for_codes(ballot, form)
    choice = queries.choice_behind(ballot, form.tracker_code, form.nonce_code)
    if choice is None:
        unlisted = gettext("These two codes open nothing on this list. Check both of them.")
        form.refuse(Refused(unlisted, field="nonce"))
        return _ask_for_codes(ballot, form)
    kind = papers.of(ballot)
    return render_template(
        "balloting/opened.html",
        heading=_("Your vote was recorded like this"),
        ballot=ballot,
        words=kind.words(ballot, choice),
        outcome=kind.outcome(ballot, choice),
    )


def _ask_for_codes(ballot: Ballot, form: OpenReceiptForm) -> tuple[str, int]:
    heading = _("Check your own vote")
    return web_forms.page("balloting/open.html", form, heading=heading, ballot=ballot)


def _sheet(
    ballot: Ballot, paper: Paper | None, choice: Any, counter: int, refusal: Any = None
) -> str:
    sheet = papers.Sheet(
        ballot=ballot,
        member=this_member(),
        choice=choice,
        counter=counter,
        action=url_for(".check", public_id=ballot.public_id),
        again=url_for(".choose_again", public_id=ballot.public_id),
        sent=typed.fields() or request.form,
    )
    return render_template(
        "balloting/vote.html",
        heading=i18n.said(ballot.question),
        ballot=ballot,
        form=papers.of(ballot).form(sheet),
        stored=paper,
        refusal=refusal,
    )


def _not_open(ballot: Ballot) -> str:
    return render_template(
        "balloting/not_open.html",
        heading=i18n.said(ballot.question),
        ballot=ballot,
        voted=queries.has_voted(ballot, this_member()),
        few=queries.too_few(ballot),
        takes_papers=queries.takes_papers(ballot),
        on_paper=on_paper.votes_on_paper(ballot, this_member()),
        result_url=papers.of(ballot).result_url(ballot),
    )


def _open_ballot(public_id: str) -> Ballot | None:
    """Return the ballot where it takes the member's paper; one whose time is up is closed now."""
    ballot = queries.ballot_of(this_member().panel_id, public_id)
    if not queries.may_vote(ballot, this_member()):
        return None
    if services.close_if_due(ballot):
        db.session.commit()
    if queries.takes_papers(ballot):
        return ballot
    flash(_("This ballot is not open, so nothing was counted just now."), "warn")
    return None


def _published_ballot(public_id: str) -> Ballot:
    """Return a closed ballot that may be read. Raises NotFound for any other."""
    ballot = queries.ballot_of(this_panel().id, public_id)
    return found(ballot if may_read() and ballot.state == "closed" else None)


def _next_counter(paper: Paper | None) -> int:
    return paper.counter + 1 if paper else 1
