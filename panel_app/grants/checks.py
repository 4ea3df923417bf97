"""What is checked before an award is paid, by amount and kind: it can be decided without."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from panel_app.casework import subjects
from panel_app.core import audit, clock, crypto, errors
from panel_app.core.db import db, locked
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.grants import bank, rules
from panel_app.grants.award_models import AwardCheck
from panel_app.grants.models import Award

LONGEST_NOTE = 500
WORDS: dict[str, Any] = {
    "identity": _("Who they are"),
    "account": _("A bank account in a matching name"),
    "register": _("The charity or company number, against the register"),
    "safeguarding": _("How children and vulnerable people are kept safe"),
    "insurance": _("That they are insured"),
}


def needed(award: Award) -> list[str]:
    """Return what is to be checked of an award."""
    kind = award.application.applicant_kind or "individual"
    return rules.checks_needed(kind, award.amount, award.pay_by)


def done(award: Award) -> dict[str, AwardCheck]:
    """Return what was checked, by kind."""
    query = select(AwardCheck).where(AwardCheck.award_id == award.id)
    return {check.kind: check for check in db.session.scalars(query)}


def check(*, award: Award, kind: str, note: str, actor: str) -> None:
    """Keep that something was checked, with the evidence in words; the newest note counts.

    Raises Refused for what isn't checked here or without a note.
    """
    locked(award)
    if kind not in needed(award):
        raise errors.Refused(_("Choose one of these."), field="kind")
    words = cleaned(note)
    if not words or len(words) > LONGEST_NOTE:
        raise errors.Refused(
            _("Say what you saw, in at most %(max)d characters.", max=LONGEST_NOTE), field="note"
        )
    made = done(award).get(kind) or AwardCheck(award_id=award.id, kind=kind)
    made.by, made.at = actor, clock.now()
    made.note = crypto.seal({"note": words}, award.application.person_key)
    db.session.add(made)
    db.session.flush()
    audit.record("award.checked", actor=actor, subject=f"award:{award.public_id}", check=kind)


def note_of(made: AwardCheck, award: Award) -> str:
    """Return on what evidence something was checked."""
    return str(crypto.unseal(made.note, award.application.person_key).get("note", ""))


def missing(award: Award) -> list[Any]:
    """Return in words what stands between an award and its payment; empty where nothing does."""
    found = []
    if award.accepted_at is None:
        found.append(_("The applicant has not accepted it yet."))
    elif award.pay_by == "bank" and bank.details_of(award) is None:
        found.append(_("The applicant has not said where to pay it."))
    if subjects.conditions_of(award.decision) and award.conditions_met_at is None:
        found.append(_("The panel’s conditions are not met yet."))
    left = [WORDS[kind] for kind in needed(award) if kind not in done(award)]
    return [*found, *(_("Not checked yet: %(what)s.", what=what) for what in left)]
