"""Recording what a panel decided on a case, and annulling it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from panel_app.casework import rules, services, subjects
from panel_app.casework.models import Case, Decision, DecisionVote, TookPart
from panel_app.casework.outcomes import Outcome
from panel_app.casework.queries import members_staying_out, standing, told_votes
from panel_app.core import clock, errors
from panel_app.core.db import db, locked
from panel_app.core.text import _
from panel_app.core.typed import cleaned


@dataclass(frozen=True, slots=True)
class Terms:
    """A short reason, and what has to be done before money is paid; chosen from the lists."""

    reason: str = ""
    conditions: Sequence[str] = ()
    #: A condition in words of the panel's own.
    condition: str = ""


def decide(
    *,
    case: Case,
    outcome: str,
    most: int | None = None,
    reason: str,
    reason_language: str = "en",
    terms: Terms = Terms(),
) -> Decision:
    """Record what the panel decided, with who could take part and how it follows from the votes.

    Only what the votes say can be recorded, or that it is deferred; of the money they give, at most
    `most` pence. Who voted what is forgotten. The caller spends any money, writes the audit entry
    and tells of it in the same transaction. Raises Conflict where the case is decided, the vote is
    open or says something else, Refused without a reason.
    """
    services.hold_undecided(case)
    if case.voting:
        raise errors.Conflict(_("Close the vote first."))
    reason = services.checked_reason(reason, _("Give the reason in plain words."))
    chosen, stands = services.outcome_called(case, outcome), standing(case)
    terms = _checked(case, terms, gives=chosen.gives != "nothing")
    offer = _offered(case, stands, outcome, most)
    decision = _added(case, chosen, offer, stands, terms)
    decision.reason, decision.reason_language = reason, reason_language
    db.session.add(decision)
    db.session.flush()
    _keep_who_took_part(decision)
    case.state = "deferred" if chosen.defers else "decided"
    case.vote_anew = False
    services.adjourn(case=case)
    return decision


def annul(*, case: Case, reason: str, appealed: bool = False) -> Decision:
    """Take back a decision that is flagged, or that an appeal was right about (`appealed`).

    It stays on record and counts no longer; the case is open.
    Those who stay out by now lose their scores. The caller frees any money, writes the audit entry
    and tells of it in the same transaction. Raises Conflict where nothing is decided or nobody who
    took part declared a connection since, Refused without a reason.
    """
    decision = locked(case).decision
    if decision is None or decision.defers or not (appealed or decision.flagged_at):
        raise errors.Conflict(
            _("Nobody who took part in this decision has declared a close connection since.")
        )
    decision.annulled_for = services.checked_reason(reason, _("Give the reason in plain words."))
    decision.annulled_at = clock.now()
    case.state, case.vote_anew = "open", decision.flagged_at is not None
    for member in members_staying_out(case):
        services.take_back(case, member)
    db.session.flush()
    return decision


def _checked(case: Case, terms: Terms, *, gives: bool) -> Terms:
    """Return the terms as they are kept. Raises Refused for any that don't go with the case."""
    subject, own = subjects.of(case), cleaned(terms.condition)
    reasons = {"", *(phrase.key for phrase in subject.reasons)}
    if terms.reason not in reasons:
        raise errors.Refused(_("Choose one of these."), field="reason_code")
    usual = [one.key for one in subject.conditions if one.key in terms.conditions]
    if len(usual) != len(set(terms.conditions)):
        raise errors.Refused(_("Choose one of these."), field="conditions")
    if (usual or own) and not gives:
        raise errors.Refused(_("Conditions go with money only. Take them out."), field="conditions")
    return Terms(terms.reason, usual, own)


def _added(
    case: Case, chosen: Outcome, offer: rules.Offer, stands: rules.Standing, terms: Terms
) -> Decision:
    """Return the case's next decision, with how it follows from the votes."""
    return Decision(
        case=case,
        number=len(case.decisions) + 1,
        outcome=offer.outcome,
        defers=chosen.defers,
        basis=offer.basis,
        amount=offer.amount,
        reason_code=terms.reason,
        conditions=list(terms.conditions),
        condition=terms.condition,
        quorum=stands.quorum,
        eligible=stands.eligible,
        voted=stands.voted,
        votes=told_votes(case, stands),
        decided_at=clock.now(),
    )


def _keep_who_took_part(decision: Decision) -> None:
    """Write down who voted, in no order and without what for, before the votes are forgotten."""
    voted = select(DecisionVote.member_id).where(DecisionVote.case_id == decision.case_id)
    rows = [{"decision_id": decision.id, "member_id": n} for n in db.session.scalars(voted)]
    random.SystemRandom().shuffle(rows)
    if rows:
        db.session.execute(insert(TookPart), rows)


def _offered(case: Case, stands: rules.Standing, outcome: str, most: int | None) -> rules.Offer:
    """Return what the votes let the panel record as `outcome`, of at most `most` pence."""
    outcomes = subjects.of(case).outcomes
    both = [*rules.offers(stands, outcomes, most), *rules.offers(stands, outcomes)]
    offer = next((offer for offer in both if offer.outcome == outcome), None)
    if offer is None:
        raise errors.Conflict(_refusal(case, stands), field="outcome")
    return offer


def _refusal(case: Case, stands: rules.Standing) -> object:
    if stands.verdict == "below_quorum":
        return _(
            "%(voted)d members have voted; at least %(quorum)d without a connection must."
            " Wait for more votes, or record that it is decided another time.",
            voted=stands.voted,
            quorum=stands.quorum,
        )
    if stands.verdict == "no_majority":
        return _(
            "No more than half of those who voted want the same."
            " Talk and vote again, or record that it is decided later."
        )
    return _(
        "The votes say: %(outcome)s. Record that, or talk and vote again.",
        outcome=services.outcome_called(case, stands.outcome).words,
    )
