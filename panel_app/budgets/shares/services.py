"""Making ballots on a pot's service lines, and counting them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select

from panel_app.balloting import queries as balloting
from panel_app.balloting import services as balloting_services
from panel_app.balloting.models import Ballot
from panel_app.budgets.models import BudgetBallot, Count, Pot
from panel_app.budgets.rules import Rules
from panel_app.budgets.shares import terms
from panel_app.core import audit, canonical
from panel_app.core.db import db, locked, one
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.counting import SharesResult, count_shares


def create_ballot(*, pot: Pot, question: Translated, agreed_by: str, actor: str) -> Ballot:
    """Make a draft ballot on how to share the pot out over its lines."""
    ballot = balloting_services.create_ballot(panel=pot.panel, question=question, kind=terms.KIND)
    db.session.add(BudgetBallot(ballot=ballot, pot=pot, rules=_rules(agreed_by)))
    db.session.flush()
    _record("ballot.drafted", pot, ballot, actor)
    return ballot


def change_draft(*, ballot: Ballot, question: Translated, agreed_by: str, actor: str) -> None:
    """Change a ballot that isn't open yet. Raises Conflict for any other."""
    locked(ballot)
    if ballot.state != "draft":
        raise Conflict(_("This ballot has been opened already."))
    link = one(select(BudgetBallot).where(BudgetBallot.ballot_id == ballot.id))
    ballot.question, link.rules = question, _rules(agreed_by)
    db.session.flush()
    _record("ballot.redrafted", link.pot, ballot, actor)


def counted(ballot: Ballot) -> SharesResult:
    """Count what is published of a closed ballot; nothing stored is believed."""
    put = terms.read(ballot.terms)
    lines = [line.id for line in put.lines]
    papers = [
        [choice.get(line, 0) for line in lines] for choice in balloting.counted_choices(ballot)
    ]
    return count_shares(lines, papers, pot=put.pot, rule=terms.RULE)


def written(result: SharesResult) -> dict[str, Any]:
    """Return a result as it is kept: JSON values."""
    return {**asdict(result), "lines": [asdict(line) for line in result.lines]}


def count_ballot(*, ballot: Ballot, actor: str) -> None:
    """Keep the count beside the fingerprint of what it was counted from.

    Raises Conflict where the ballot isn't closed, or its papers were altered after closing.
    """
    if ballot.state != "closed" or ballot.fingerprint is None:
        raise Conflict(_("This ballot is still open."))
    if not balloting.fingerprint_holds(ballot):
        raise Conflict(_("The papers were altered after the ballot closed. They are not counted."))
    db.session.execute(delete(Count).where(Count.ballot_id == ballot.id))
    result = written(counted(ballot))
    db.session.add(
        Count(
            ballot_id=ballot.id,
            rule=terms.RULE,
            counted_from=ballot.fingerprint,
            result=result,
            margins={},
        )
    )
    db.session.flush()
    results = {terms.RULE: canonical.fingerprint(result)}
    subject = f"ballot:{ballot.public_id}"
    audit.record("ballot.counted", actor=actor, subject=subject, results=results)


def _rules(agreed_by: str) -> dict[str, Any]:
    return Rules(way=terms.KIND, count=terms.RULE, agreed_by=agreed_by).written()


def _record(action: str, pot: Pot, ballot: Ballot, actor: str) -> None:
    told = {"ballot": ballot.public_id, "way": terms.KIND, "count": terms.RULE}
    audit.record(action, actor=actor, subject=f"pot:{pot.public_id}", **told)
