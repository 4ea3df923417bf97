"""Results of budget ballots."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, url_for

from panel_app.balloting import origins
from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import counts, exports, paper_kind, queries
from panel_app.budgets.services import KIND
from panel_app.budgets.shares import exports as shares_exports
from panel_app.budgets.shares import result as shares_result
from panel_app.budgets.shares import terms as shares
from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.current import may_read, this_panel
from panel_app.panels.models import Member
from panel_app.panels.next_steps import NextStep
from panel_app.web import access, i18n
from panel_app.web.exports import Dataset, as_csv, as_json, attachment

bp = Blueprint("budgets", __name__)


@bp.get("/p/<panel_slug>/budget/<public_id>")
@access.needs("anyone")
def result(public_id: str) -> str:
    """Show what a pot pays for, who paid what, and what most votes alone would have done."""
    ballot = _closed_ballot(public_id)
    if balloting.too_few(ballot):
        heading = i18n.said(ballot.question)
        return render_template("budgets/uncounted.html", heading=heading, ballot=ballot)
    if ballot.kind == shares.KIND:
        return _shared_out(ballot)
    counted = found(queries.result(ballot))
    return render_template(
        "budgets/result.html",
        heading=_("What the %(pot)s will pay for", pot=i18n.money_text(counted.pot)),
        ballot=ballot,
        result=counted,
        came=origins.shown(ballot),
        titles=queries.titles,
    )


def _shared_out(ballot: Ballot) -> str:
    """Show what each service line gets of a pot, beside the plain average."""
    counted = found(shares_result.of(ballot))
    return render_template(
        "budgets/shares/result.html",
        heading=_("How %(pot)s is shared out", pot=i18n.money_text(counted.pot)),
        ballot=ballot,
        result=counted,
        came=origins.shown(ballot),
    )


@bp.get("/p/<panel_slug>/budget/<public_id>.json")
@access.needs("anyone")
def result_json(public_id: str) -> Response:
    """Everything published of the ballot, to count again."""
    ballot = _closed_ballot(public_id)
    return as_json(_data_of(ballot), ballot, f"ballot-{public_id}")


@bp.get("/p/<panel_slug>/budget/<public_id>/projects.csv")
@access.needs("anyone")
def projects_csv(public_id: str) -> Response:
    """The projects, or service lines, with what became of them."""
    ballot = _closed_ballot(public_id)
    data = _data_of(ballot)
    name = "lines" if data is shares_exports.LINES else "projects"
    return as_csv(data, ballot, f"{name}-{public_id}")


@bp.get("/p/<panel_slug>/budget/<public_id>/papers.csv")
@access.needs("anyone")
def papers_csv(public_id: str) -> Response:
    """The papers, in the order of their text."""
    ballot = _publishable(public_id)
    data = shares_exports.SHARES if ballot.kind == shares.KIND else exports.PAPERS
    return as_csv(data, ballot, f"papers-{public_id}")


@bp.get("/p/<panel_slug>/budget/<public_id>.pb")
@access.needs("anyone")
def election_pb(public_id: str) -> Response:
    """The election in the .pb format that counting tools read."""
    ballot = _publishable(public_id)
    body = exports.election_pb(found(ballot if ballot.kind == KIND else None))
    return attachment(f"ballot-{public_id}.pb", body, "text/plain")


def _closed_ballot(public_id: str) -> Ballot:
    """Return a closed budget ballot that may be read. Raises NotFound for any other."""
    panel = this_panel()
    ballot = balloting.ballot_of(panel.id, public_id)
    shown = may_read() and ballot.state == "closed" and ballot.kind in {KIND, shares.KIND}
    return found(ballot if shown else None)


def _data_of(ballot: Ballot) -> Dataset:
    return shares_exports.LINES if ballot.kind == shares.KIND else exports.RESULT


def _publishable(public_id: str) -> Ballot:
    ballot = _closed_ballot(public_id)
    return found(ballot if counts.published(ballot) else None)


def steps(member: Member) -> Iterator[NextStep]:
    """Offer the member the ballots of their panel that take votes, and the results."""
    for ballot in queries.budget_ballots_of(member.panel):
        if balloting.takes_papers(ballot) and balloting.may_vote(ballot, member):
            yield _vote_step(ballot, voted=bool(balloting.has_voted(ballot, member)))
        elif address := paper_kind.result_url(ballot):
            yield NextStep(
                title=i18n.said(ballot.question),
                words=_("The ballot has closed.")
                if balloting.too_few(ballot)
                else _("The ballot has closed and was counted."),
                url=address,
                button=_("See the result"),
            )


def _vote_step(ballot: Ballot, *, voted: bool) -> NextStep:
    return NextStep(
        title=i18n.said(ballot.question),
        words=_("Your vote is in. You can change it until the ballot closes.")
        if voted
        else _("A secret ballot. It takes a few minutes."),
        url=url_for("ballots.vote", public_id=ballot.public_id),
        button=_("Change my vote") if voted else _("Vote"),
        now=not voted,
        at=ballot.closes_at,
    )
