"""Asking and proposing, wanting the same, and what the facilitator makes of it."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import delete, func, insert, select

from panel_app.core import audit, clock, disclosure, ids, upserts
from panel_app.core.db import db, dialect_name, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.deliberation import checking, written
from panel_app.deliberation.contributions import queries, rules
from panel_app.deliberation.contributions.models import (
    Contribution,
    GuestSupport,
    Reason,
    Support,
    kept_in,
)
from panel_app.live import versions
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem, Guest, Participant
from panel_app.sessions.services import answered, must_take_answers

#: What one person may write in one part, and all together.
MOST_A_PERSON, MOST_IN_A_PART = 5, 500
LONGEST = 140

Mark = Literal["shortlisted", "answered"]


def support(
    *,
    contribution: Contribution,
    person: Participant,
    wanted: bool,
    counter: int,
    revision: int = 0,
) -> None:
    """Keep whether a member or a guest wants it too, guests' apart; sent twice it counts once.

    A press with a lower counter than the one kept is older and changes nothing. Raises Conflict
    where the part is closed, it is no longer shown, or is no longer the `revision` that was read.
    """
    item = contribution.item
    must_take_answers(item)
    if dialect_name() == "postgresql":
        # Whoever moderates or corrects holds the item: what is read from now on stays.
        db.session.refresh(contribution, ["state", "revision"])
    if contribution.state != "accepted":
        raise Conflict(_("This one is no longer shown, or was joined with another."))
    if contribution.revision != revision:
        raise Conflict(_("Its author has corrected it meanwhile. Read it again."))
    _keep(contribution, person, wanted, counter)
    answered(item, person)
    number = queries.supporters(contribution, kept_in(person))
    # Phones tell the figure in steps of five: they look again as it takes one.
    if number % disclosure.FEWEST == (0 if wanted else disclosure.FEWEST - 1):
        versions.bump(item.session.topic)


def contribute(
    *, item: AgendaItem, person: Participant, text: str, language: str, key: str
) -> Contribution:
    """Take what a member or a guest writes; the same `key` adds one.

    Who writes what is there already is counted with it, and gets that one. What may hurt, names
    somebody or says where they live waits for a person also where nothing else does. Raises
    Conflict where the part is closed, Refused where somebody wrote enough.
    """
    wording = Translated.of(language, **{language: text})
    waits = must_wait(item, wording)
    locked(item)
    must_take_answers(item)
    before = written.with_key(Contribution, item, person, key)
    if before is not None:
        return before
    there = same(item, text)
    if there is not None:
        _want(there, person)
    else:
        _must_have_room(item, person)
        there = _write(item, person, wording, key, "pending" if waits else "accepted")
    answered(item, person)
    if there.state == "accepted":
        versions.bump(item.session.topic)
    return there


def moderate(
    *,
    contribution: Contribution,
    state: Literal["accepted", "rejected"],
    actor: str,
    reason: Reason | None = None,
    revision: int | None = None,
) -> None:
    """Show one to everybody, or don't; its author reads the `reason`.

    Raises Conflict for showing one once the part has closed: nobody could want it any more; and
    for showing a wording that is no longer the `revision` that was read.
    """
    item = hold(contribution)
    if state == "accepted" and item.state == "closed":
        raise Conflict(_("This round has closed: it is too late to show it."))
    if state == "accepted" and revision not in {None, contribution.revision}:
        raise Conflict(_("Its author has corrected it meanwhile. Read it again."))
    contribution.state, contribution.same_as = state, None
    contribution.reason = reason if state == "rejected" else None
    if state == "rejected":
        contribution.on_wall = False
    note(state, contribution, actor)


def join(*, contribution: Contribution, into: Contribution, actor: str) -> None:
    """Make one part of another that says the same; whoever wanted it wants that one.

    Raises Conflict where they are not two of one part, or the other one is not there itself.
    """
    item = locked(contribution.item)
    for one in sorted((contribution, into), key=lambda one: one.id):
        hold(one)
    if into is contribution or into.item_id != item.id or into.state not in {"pending", "accepted"}:
        raise Conflict(_("It can’t be joined with that one."))
    if item.state == "closed":
        raise Conflict(_("This round has closed: its figures stay as they are."))
    for model in (Support, GuestSupport):
        _move(model, contribution, into)
    contribution.state, contribution.same_as = "joined", into.number
    contribution.on_wall, contribution.reason = False, None
    note("joined", contribution, actor, into=into.public_id)


def put_on_wall(*, contribution: Contribution, actor: str) -> None:
    """Show one large on the wall in place of the one before.

    Raises Conflict where it isn't shown to people.
    """
    item = hold(contribution)
    if contribution.state != "accepted":
        raise Conflict(_("This one is no longer shown, or was joined with another."))
    _clear(item)
    contribution.on_wall, item.wall_page = True, 0
    note("on_wall", contribution, actor)


def clear_wall(*, item: AgendaItem, actor: str) -> None:
    """Take what is on the wall off it."""
    there = _clear(locked(item))
    if there is not None:
        note("off_wall", there, actor)


def mark(*, contribution: Contribution, mark: Mark, on: bool, actor: str) -> None:
    """Put one on the shortlist, or note that it was answered and take it off the wall; or undo."""
    item = hold(contribution)
    if on and contribution.state != "accepted":
        raise Conflict(_("This one is no longer shown, or was joined with another."))
    if mark == "shortlisted":
        contribution.shortlisted = on
    else:
        contribution.answered_at = clock.now() if on else None
        if on and contribution.on_wall:
            _clear(item)
    note(mark if on else f"not_{mark}", contribution, actor)


def close(item: AgendaItem, *, actor: str) -> None:
    """Take what is on the wall off it as the part closes, so that its results have the wall."""
    _clear(item)


def moderated(item: AgendaItem) -> bool:
    """Whether a person looks at everything before it is shown."""
    return bool(item.settings.get("moderated", True))


def must_wait(item: AgendaItem, wording: Translated) -> bool:
    """Whether a person has to look at a wording before it is shown."""
    return moderated(item) or bool(checking.flags_in(item.session.panel, wording))


def hold(contribution: Contribution) -> AgendaItem:
    """Lock one and its part, which is returned. Raises Conflict where its author took it back."""
    item = locked(contribution.item)
    if locked(contribution).state == "withdrawn":
        raise Conflict(_("Its author took it back: its words are deleted."))
    return item


def empty(contribution: Contribution, state: Literal["rejected", "withdrawn"]) -> None:
    """Keep no word of one, and show it nowhere; the caller holds it."""
    original = contribution.wording.original
    contribution.wording = Translated.of(original, **{original: "–"})
    contribution.state, contribution.same_as, contribution.reason = state, None, None
    contribution.on_wall = contribution.shortlisted = False


def erase_member(*, member: Member, actor: str) -> None:
    """Erase what a member wrote, wherever it is shown, and what they wanted.

    The figures of closed parts stay as they were told.
    """
    query = select(Contribution).where(Contribution.author_id == member.id)
    for one in db.session.scalars(query.order_by(Contribution.id)).all():
        locked(one.item)
        empty(one, "withdrawn" if one.state == "withdrawn" else "rejected")
        one.author_id, one.key = None, None
        note("erased", one, actor)
    db.session.execute(delete(Support).where(Support.member_id == member.id))
    db.session.flush()


def same(item: AgendaItem, text: str) -> Contribution | None:
    """Return what says the same in the same words, and is shown or waits."""
    typed = rules.folded(text)
    return next(
        (
            one
            for one in queries.contributions_of(item)
            if one.state in {"pending", "accepted"} and rules.folded(str(one.wording)) == typed
        ),
        None,
    )


def _must_have_room(item: AgendaItem, person: Participant) -> None:
    if len(written.own(Contribution, item, person)) >= MOST_A_PERSON:
        raise Refused(
            _(
                "You have written %(most)s already. You can press for what others wrote.",
                most=MOST_A_PERSON,
            ),
            field="text",
        )
    query = select(func.count()).where(Contribution.item_id == item.id)
    if (db.session.scalar(query) or 0) >= MOST_IN_A_PART:
        raise Refused(
            _("Very many were written already: no more are taken in this part."), field="text"
        )


def _write(
    item: AgendaItem, person: Participant, wording: Translated, key: str, state: str
) -> Contribution:
    """Add one under the part's next number; the caller holds the part."""
    last = select(func.max(Contribution.number)).where(Contribution.item_id == item.id)
    made = Contribution(
        public_id=ids.public_id(),
        item_id=item.id,
        number=(db.session.scalar(last) or 0) + 1,
        author_id=person.id if isinstance(person, Member) else None,
        guest_id=person.id if isinstance(person, Guest) else None,
        wording=wording,
        key=key,
        state=state,
    )
    db.session.add(made)
    db.session.flush()
    _want(made, person)
    return made


def _want(contribution: Contribution, person: Participant) -> None:
    """Count somebody with it, whatever they pressed before."""
    _keep(contribution, person, True, queries.counter_of(contribution, person) + 1)


def _keep(contribution: Contribution, person: Participant, wanted: bool, counter: int) -> None:
    who = "guest_id" if isinstance(person, Guest) else "member_id"
    upserts.keep_newest(
        kept_in(person),
        whose={"contribution_id": contribution.id, who: person.id},
        answer={"wanted": wanted, "counter": counter},
        fresh={},
    )


def _move(model: type[Support] | type[GuestSupport], one: Contribution, into: Contribution) -> None:
    """Count those who wanted one with the other, but for whoever pressed for that one too."""
    who = model.__table__.c["guest_id" if model is GuestSupport else "member_id"]
    there = select(who).where(model.contribution_id == into.id)
    query = select(who).where(model.contribution_id == one.id, model.wanted, who.not_in(there))
    rows = [
        {"contribution_id": into.id, who.name: person, "wanted": True, "counter": 1}
        for person in db.session.scalars(query)
    ]
    if rows:
        db.session.execute(insert(model), rows)


def _clear(item: AgendaItem) -> Contribution | None:
    """Take what is on the wall off it; the caller holds the part."""
    there = queries.on_wall(item)
    if there is not None:
        there.on_wall = False
        db.session.flush()
    return there


def note(what: str, contribution: Contribution, actor: str, **details: Any) -> None:
    """Log what staff did with one, and have wall and phones look."""
    db.session.flush()
    subject = f"contribution:{contribution.public_id}"
    audit.record(f"contribution.{what}", actor=actor, subject=subject, **details)
    versions.bump(contribution.item.session.topic)
