"""The kind of paper that a budget ballot takes, in the way of voting that its rules name."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict

from panel_app.balloting import papers
from panel_app.balloting.models import Ballot
from panel_app.budgets import ballot_page, counts, frozen_terms, ways, wording
from panel_app.budgets.models import BudgetBallot
from panel_app.budgets.rules import EQUAL_SHARES, Rules
from panel_app.budgets.services import KIND, count_ballot
from panel_app.budgets.ways.way import Way
from panel_app.core.db import db, one
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.counting import own_share
from panel_app.live import versions
from panel_app.sessions.models import AgendaItem, Session
from panel_app.web.fragments import fragment


def freeze(ballot: Ballot) -> dict[str, Any]:
    """Return the pot's terms as they are now.

    Raises Refused where it holds no project, and where a price is lowered by work that nobody has
    agreed to do.
    """
    link = one(select(BudgetBallot).where(BudgetBallot.ballot_id == ballot.id))
    if not link.pot.projects:
        raise Refused(_("Add at least one project to the pot before opening its ballot."))
    for project in link.pot.projects:
        if project.lowered and not any(c.state in {"agreed", "done"} for c in project.commitments):
            raise Refused(
                _(
                    "“%(project)s” costs less because residents or partners do a part, but nobody"
                    " has agreed to do it. Write down who does what, on the project’s page.",
                    project=str(project.title),
                )
            )
    return frozen_terms.write(link.pot, Rules.read(link.rules))


def read(ballot: Ballot, form: MultiDict[str, str]) -> Any:
    """Return the choice as it was sent."""
    return way_of(ballot).read(form)


def check(frozen: dict[str, Any], choice: Any) -> Any:
    """Return the choice in its canonical form.

    Raises Refused for anything that the ballot's way of voting doesn't allow.
    """
    put = frozen_terms.read(frozen)
    return ways.named(put.rules.way).check(put, choice)


def way_of(ballot: Ballot) -> Way:
    """Return the way of voting of an opened ballot."""
    return ways.named(frozen_terms.read(ballot.terms).rules.way)


def form(sheet: papers.Sheet) -> Markup:
    """Return the form of the ballot page."""
    return fragment("budgets/_ballot.html", page=ballot_page.page_for(sheet), sheet=sheet)


def printed(ballot: Ballot) -> Markup:
    """Return the projects with a box before each, and what to write into it."""
    put, way = frozen_terms.read(ballot.terms), way_of(ballot)
    told = wording.rules_told(put)
    return fragment("budgets/_printed.html", put=put, hint=way.on_paper(put), rules=told)


def words(ballot: Ballot, choice: Any) -> Markup:
    """Return a choice as a list with its costs."""
    return fragment("budgets/_choice.html", chosen=ballot_page.chosen(ballot, choice))


def outcome(ballot: Ballot, choice: Any) -> Markup:
    """Return what a paper's equal share paid for, worked out from it and the public result."""
    result = counts.stored(ballot).get(counts.deciding(ballot))
    if result is None or not counts.published(ballot) or result.rule.name != EQUAL_SHARES:
        return Markup("")
    share = ballot_page.own_share_in_words(ballot, own_share(result, choice))
    return fragment("budgets/_share.html", share=share)


def removed(ballot: Ballot) -> None:
    """Take the ballot off its pot. Raises Conflict while an agenda has it."""
    kept = select(AgendaItem.settings).join(Session).where(Session.panel_id == ballot.panel_id)
    if any(settings.get("ballot") == ballot.public_id for settings in db.session.scalars(kept)):
        raise Conflict(_("A session’s agenda has this ballot. Take that part off it first."))
    db.session.execute(delete(BudgetBallot).where(BudgetBallot.ballot_id == ballot.id))


def result_url(ballot: Ballot) -> str | None:
    """Return the address of the result, once the ballot is closed."""
    if ballot.state != "closed":
        return None
    slug = ballot.panel.slug
    return url_for("budgets.result", panel_slug=slug, public_id=ballot.public_id)


def draft_url(ballot: Ballot) -> str | None:
    """Return the address of the rules of a ballot that isn't open yet."""
    if ballot.state != "draft":
        return None
    pot = one(select(BudgetBallot).where(BudgetBallot.ballot_id == ballot.id)).pot
    return url_for(
        "budgets_desk.draft",
        panel_slug=ballot.panel.slug,
        public_id=pot.public_id,
        ballot_id=ballot.public_id,
    )


def changed(ballot: Ballot) -> None:
    """Tell the screens of sessions that show the ballot."""
    shown = (
        select(AgendaItem)
        .join(Session)
        .where(Session.panel_id == ballot.panel_id, AgendaItem.kind == "ballot")
    )
    for item in db.session.scalars(shown):
        if item.settings.get("ballot") == ballot.public_id:
            versions.bump(f"session:{item.session.public_id}")


KIND_OF_PAPER = papers.PaperKind(
    kind=KIND,
    freeze=freeze,
    read=read,
    check=check,
    form=form,
    printed=printed,
    fields=lambda ballot, choice: way_of(ballot).fields(choice),
    words=words,
    outcome=outcome,
    result_url=result_url,
    draft_url=draft_url,
    removed=removed,
    count=lambda ballot, actor: count_ballot(ballot=ballot, actor=actor),
    changed=changed,
)
