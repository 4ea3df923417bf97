"""A budget ballot as part of a session: opening the item opens the ballot, closing it counts."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from markupsafe import Markup
from wtforms import SelectField

from panel_app.balloting import papers, services
from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.balloting.on_paper import queries as on_paper
from panel_app.budgets import paper_kind, pictures, queries
from panel_app.budgets.shares import result as shares
from panel_app.budgets.shares import terms as shares_terms
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.panels.current import this_panel
from panel_app.panels.models import Member
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem
from panel_app.sessions.queries import clock_of
from panel_app.web import i18n
from panel_app.web.forms import chosen
from panel_app.web.fragments import fragment


class BallotForm(activities.ActivityForm):
    """Which ballot the item is about."""

    ballot = SelectField(_("Ballot"), [chosen()])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        on_offer = queries.budget_ballots_of(this_panel())
        self.ballot.choices = [(b.public_id, i18n.wording(b.question).text) for b in on_offer]


def first() -> activities.First | None:
    """Say which step towards a ballot comes first: its pot, or the ballot itself."""
    panel = this_panel()
    if any(ballot.state in {"draft", "open"} for ballot in queries.budget_ballots_of(panel)):
        return None
    pots = queries.pots_of(panel)
    if not pots:
        words = _("A ballot shares out a pot of money between projects, and there is no pot yet.")
        return activities.First(words, _("Set up a pot now"), url_for("budgets_desk.new_pot"))
    words = _("There is no ballot yet that could open. A ballot is made on the page of its pot.")
    pot = url_for("budgets_desk.pot", public_id=pots[0].public_id)
    index = url_for("budgets_desk.index")
    return activities.First(words, _("Make a ballot now"), index if len(pots) > 1 else pot)


def ballot_of(item: AgendaItem) -> Ballot:
    """Return the item's ballot, of the session's own panel. Raises NotFound."""
    return balloting.ballot_of(item.session.panel_id, item.settings.get("ballot", ""))


def phone(item: AgendaItem, member: Member) -> Markup:
    """Show a way to the ballot page, and afterwards to the result."""
    ballot = ballot_of(item)
    return _fragment(
        "budgets/activity/phone.html",
        item,
        ballot,
        may_vote=balloting.may_vote(ballot, member),
        on_paper=on_paper.votes_on_paper(ballot, member),
        voted=balloting.has_voted(ballot, member),
        result_url=paper_kind.result_url(ballot),
        clock=clock_of(item),
    )


def ends(item: AgendaItem) -> datetime | None:
    """Return when the ballot closes by itself."""
    return ballot_of(item).closes_at


def screens(item: AgendaItem, results: bool) -> list[activities.Screen]:
    """Show the question and how many have voted; then the pot as it fills, project by project.

    What is not funded, and by how much, comes last.
    """
    ballot = ballot_of(item)
    if results and ballot.state == "closed" and ballot.kind == shares_terms.KIND:
        return _wall_of_lines(item, ballot)
    result = queries.result(ballot) if results and ballot.state == "closed" else None
    if result is None or not result.published:
        return _plain_wall(item, ballot)
    filling = [
        partial(_fragment, "budgets/activity/wall_pot.html", item, ballot, filled=filled)
        for filled in pictures.filling(result)
    ]
    lacking = [
        partial(_fragment, "budgets/activity/wall_lacking.html", item, ballot, lacking=some)
        for some in pictures.lacking(result)
    ]
    return [*filling, *lacking]


def _plain_wall(item: AgendaItem, ballot: Ballot) -> list[activities.Screen]:
    return [partial(_fragment, "budgets/activity/wall.html", item, ballot)]


def _wall_of_lines(item: AgendaItem, ballot: Ballot) -> list[activities.Screen]:
    """Show the pot as its service lines get their shares, one after the other."""
    result = shares.of(ballot)
    if result is None or not result.lines:
        return _plain_wall(item, ballot)
    counts = range(1, len(result.lines) + 1)
    firsts = {count: max(0, count - pictures.LINES) for count in counts}
    return [
        partial(
            _fragment,
            "budgets/activity/wall_lines.html",
            item,
            ballot,
            result=result,
            count=count,
            first=first,
            lines=result.lines[first:count],
        )
        for count, first in firsts.items()
    ]


def console(item: AgendaItem) -> Markup:
    """Show the facilitator how many have voted, never who."""
    ballot = ballot_of(item)
    return _fragment("budgets/activity/desk/console.html", item, ballot)


def snapshot(item: AgendaItem) -> dict[str, Any]:
    """Return what was decided, for the session's record."""
    ballot = ballot_of(item)
    kept = {
        "ballot": ballot.public_id,
        "fingerprint": ballot.fingerprint,
        "votes": None if balloting.too_few(ballot) else balloting.turnout(ballot),
    }
    if ballot.kind == shares_terms.KIND:
        return {**kept, **shares.record(ballot)}
    result = queries.result(ballot)
    funded = [str(p.title) for p in result.projects if p.funded] if result else []
    return {**kept, "funded": funded}


def published(item: AgendaItem) -> activities.Published:
    """Return what was decided, as it was kept."""
    result = item.snapshot or {}
    return activities.Published(result.get("votes"), result)


def minutes(item: AgendaItem) -> Markup:
    """Show anyone what the pot pays for, and the way to the whole count."""
    ballot = ballot_of(item)
    address = paper_kind.result_url(ballot)
    if ballot.kind == shares_terms.KIND:
        shared = {"result": shares.of(ballot), "result_url": address}
        return _fragment("budgets/activity/minutes_lines.html", item, ballot, **shared)
    told = {"result": queries.result(ballot), "result_url": address}
    return _fragment("budgets/activity/minutes.html", item, ballot, **told)


def lacks(item: AgendaItem) -> Any:
    """Say why the ballot couldn't be opened, if so."""
    ballot = ballot_of(item)
    if ballot.state == "closed":
        return _("Its ballot is over.")
    try:
        papers.of(ballot).freeze(ballot)
    except Refused as refused:
        return refused
    return None


def opened(item: AgendaItem, *, actor: str) -> None:
    """Open the ballot, unless it is open already."""
    ballot = ballot_of(item)
    if ballot.state == "draft":
        services.open_ballot(ballot=ballot, closes_at=None, actor=actor)


def closed(item: AgendaItem, *, actor: str) -> None:
    """Close the ballot and count it, unless that is done."""
    ballot = ballot_of(item)
    if ballot.state == "open":
        services.close_ballot(ballot=ballot, actor=actor)


def _fragment(template: str, item: AgendaItem, ballot: Ballot, **more: Any) -> Markup:
    turnout, few = balloting.turnout_told(ballot), balloting.too_few(ballot)
    return fragment(template, item=item, ballot=ballot, turnout=turnout, few=few, **more)


ACTIVITY = activities.Activity(
    kind="ballot",
    name=_("Secret ballot on a budget"),
    settings=BallotForm,
    phone=phone,
    screens=screens,
    console=console,
    snapshot=snapshot,
    published=published,
    minutes=minutes,
    opens_again="never",
    by_hand=_(
        "Nobody is made up for a ballot: papers of made-up people would be counted. Try it on a "
        "panel of five colleagues or more, with a pot and a ballot of its own, on your own phones."
    ),
    ends=ends,
    first=first,
    lacks=lacks,
    opened=opened,
    closed=closed,
)
