"""What casework holds: what members declared, scored and voted; what was decided about a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, select, update

from panel_app.casework.models import (
    Assessment,
    Case,
    Conflict,
    Decision,
    DecisionVote,
    Note,
    NoteView,
    Substitute,
    TookPart,
)
from panel_app.core.db import db
from panel_app.core.holdings import ERASED, Held, Holder, NobodyIn, Place, Who
from panel_app.core.text import _
from panel_app.panels.holdings import members


def tell(who: Who) -> Iterator[Held]:
    """Tell what a member did with cases, and what was written about a person's own."""
    yield from _of_member([member.id for member in members(who)])
    for case in _cases(who):
        reasons = select(Assessment.reason).where(Assessment.case_id == case.id)
        notes = select(Note.text).where(Note.case_id == case.id)
        yield Held(
            _("The panel’s case"),
            [
                (_("Title"), case.title),
                *((_("What a member wrote"), reason) for reason in db.session.scalars(reasons)),
                *((_("What a member wrote"), note) for note in db.session.scalars(notes)),
                *_decided(case),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Delete what a member declared, scored and voted; take the words out of a person's cases."""
    mine = [member.id for member in members(who)]
    for assessment in db.session.scalars(select(Assessment).where(Assessment.member_id.in_(mine))):
        db.session.delete(assessment)
    notes = select(Note.id).where(Note.member_id.in_(mine))
    db.session.execute(delete(NoteView).where(NoteView.note_id.in_(notes)))
    for model in (Conflict, DecisionVote, TookPart, NoteView, Note, Substitute):
        db.session.execute(delete(model).where(model.member_id.in_(mine)))
    for case in _cases(who):
        case.title = ERASED
        for words in (Assessment, Decision):
            db.session.execute(update(words).where(words.case_id == case.id).values(reason=ERASED))
        own = update(Note).where(Note.case_id == case.id)
        db.session.execute(own.values(text=ERASED))
        asked = (Decision.case_id == case.id) & (Decision.condition != "")
        db.session.execute(update(Decision).where(asked).values(condition=ERASED))
        changed = (Assessment.case_id == case.id) & (Assessment.why != "")
        db.session.execute(update(Assessment).where(changed).values(why=ERASED))
        annulled = (Decision.case_id == case.id) & Decision.annulled_at.is_not(None)
        db.session.execute(update(Decision).where(annulled).values(annulled_for=ERASED))
    db.session.flush()


def _decided(case: Case) -> Iterator[tuple[Any, str]]:
    """Tell the reasons of a case's decisions, and why one was annulled."""
    for decision in case.decisions:
        yield _("The panel’s reason"), decision.reason
        if decision.condition:
            yield _("The panel’s condition"), decision.condition
        if decision.annulled_for:
            yield _("Why the decision was annulled"), decision.annulled_for


def _of_member(mine: list[int]) -> Iterator[Held]:
    """Tell connections, scores and votes, each with the case's title."""
    declared = select(Case.title, Conflict.level).join(Conflict, Conflict.case_id == Case.id)
    scored = select(Case.title, Assessment.reason).join(Assessment, Assessment.case_id == Case.id)
    noted = select(Case.title, Note.text).join(Note, Note.case_id == Case.id)
    voted = select(Case.title, DecisionVote.outcome).join(
        DecisionVote, DecisionVote.case_id == Case.id
    )
    for heading, query, member in (
        (_("Declared connections"), declared, Conflict.member_id),
        (_("Reasons for scores"), scored, Assessment.member_id),
        (_("Notes in discussion"), noted, Note.member_id),
        (_("Votes on cases"), voted, DecisionVote.member_id),
    ):
        rows = [(title, kept) for title, kept in db.session.execute(query.where(member.in_(mine)))]
        if rows:
            yield Held(heading, rows)


def _cases(who: Who) -> list[Case]:
    return list(db.session.scalars(select(Case).where(Case.public_id.in_(who.ids("case")))))


HOLDER = Holder(
    name="cases",
    places=[
        Place(
            what="Connections that members declared, scores with reasons, notes, votes"
            " on cases, that they took part in deciding them or were called for one, by seat",
            columns=[
                "conflict",
                "assessment",
                "score",
                "case_note",
                "note_view",
                "decision_vote",
                "took_part",
                "substitute",
            ],
            seen_by="the panel sees scores and notes without names",
            goes="the member's are deleted; a person's own case loses the words of its reasons",
        ),
        Place(
            what="A case's title, the reasons and conditions of decisions, why one was annulled",
            columns=[
                "case.title",
                "decision.reason",
                "decision.condition",
                "decision.annulled_for",
            ],
            seen_by="the panel; once decided, anyone who may read the register",
            goes="a dash; outcome, amount, quorum and votes stay",
        ),
    ],
    tell=tell,
    erase=erase,
)
NOBODY = NobodyIn(
    {
        "scheme": "how cases are scored",
        "criterion": "what is scored",
        "case.panel_id": "whose case it is",
        "case.scheme_id": "how it is scored",
        "case.kind": "which feature's it is",
        "case.language": "which language it was written in",
        "case.state": "how far it is",
        "case.told": "whether figures of its scores are told",
        "case.told_until": "which scores they hold",
        "case.voting": "whether its vote is open",
        "case.vote_anew": "that its vote is taken anew, for a late connection",
        "decision.basis": "how the decision follows from the votes, in figures",
        "decision.case_id": "which case it decides",
        "decision.number": "first, or decided again",
        "decision.outcome": "what was decided, as accounts",
        "decision.reason_code": "the reason in short, of a list",
        "decision.conditions": "what has to be done first, of a list",
        "decision.defers": "whether the case comes back",
        "decision.flagged_at": "when somebody who took part declared a connection, not who",
        "decision.corrected_at": "when its words were corrected",
        "decision.annulled_at": "when it was annulled, as accounts",
        "decision.amount": "what was decided, as accounts",
        "decision.reason_language": "which language the reason is in",
        "decision.quorum": "how many had to take part",
        "decision.eligible": "how many could",
        "decision.voted": "how many did",
        "decision.votes": "how many votes each outcome had",
        "decision.decided_at": "when, as accounts",
    }
)
