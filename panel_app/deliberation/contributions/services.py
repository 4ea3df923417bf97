"""Asking and proposing, wanting the same, and what the facilitator makes of it."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import delete, func, insert, select

from panel_app.core import audit, clock, disclosure, ids, upserts
from panel_app.core.db import db, dialect_name, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.deliberation import checking
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


def support(*, contribution: Contribution, person: Participant, wanted: bool, counter: int) -> None:
    """Keep whether a member or a guest wants it too, guests' apart; sent twice it counts once.

    A press with a lower counter than the one kept is older and changes nothing. Raises Conflict
    where the part is closed, or it is no longer shown.
    """
    item = contribution.item
    must_take_answers(item)
    if dialect_name() == "postgresql":
        # Whoever moderates holds the item: what is read from now on stays.
        db.session.refresh(contribution, ["state"])
    if contribution.state != "accepted":
        raise Conflict(_("This one is no longer shown, or was joined with another."))
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
    waits = moderated(item) or bool(checking.flags_in(item.session.panel, wording))
    locked(item)
    must_take_answers(item)
    before = queries.with_key(item, person, key)
    if before is not None:
        return before
    there = _same(item, text)
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
) -> None:
    """Show one to everybody, or don't; its author reads the `reason`.

    Raises Conflict for showing one once the part has closed: nobody could want it any more.
    """
    item = locked(contribution.item)
    locked(contribution)
    if state == "accepted" and item.state == "closed":
        raise Conflict(_("This round has closed: it is too late to show it."))
    contribution.state, contribution.same_as = state, None
    contribution.reason = reason if state == "rejected" else None
    if state == "rejected":
        contribution.on_wall = False
    _note(state, contribution, actor)


def join(*, contribution: Contribution, into: Contribution, actor: str) -> None:
    """Make one part of another that says the same; whoever wanted it wants that one.

    Raises Conflict where they are not two of one part, or the other one is not there itself.
    """
    item = locked(contribution.item)
    for one in sorted((contribution, into), key=lambda one: one.id):
        locked(one)
    if into is contribution or into.item_id != item.id or into.state not in {"pending", "accepted"}:
        raise Conflict(_("It can’t be joined with that one."))
    if item.state == "closed":
        raise Conflict(_("This round has closed: its figures stay as they are."))
    for model in (Support, GuestSupport):
        _move(model, contribution, into)
    contribution.state, contribution.same_as = "joined", into.number
    contribution.on_wall, contribution.reason = False, None
    _note("joined", contribution, actor, into=into.public_id)


def translate(*, contribution: Contribution, wording: Translated, actor: str) -> None:
    """Add translations, or change them.

    Raises Conflict where the original would change: people pressed for what they read.
    """
    locked(contribution.item)
    locked(contribution)
    before = contribution.wording
    if (wording.original, str(wording)) != (before.original, str(before)):
        raise Conflict(_("What was written stays as it is: only translations are added."))
    contribution.wording = wording
    _note("translated", contribution, actor)


def put_on_wall(*, contribution: Contribution, actor: str) -> None:
    """Show one large on the wall in place of the one before.

    Raises Conflict where it isn't shown to people.
    """
    item = locked(contribution.item)
    locked(contribution)
    if contribution.state != "accepted":
        raise Conflict(_("This one is no longer shown, or was joined with another."))
    _clear(item)
    contribution.on_wall, item.wall_page = True, 0
    _note("on_wall", contribution, actor)


def clear_wall(*, item: AgendaItem, actor: str) -> None:
    """Take what is on the wall off it."""
    there = _clear(locked(item))
    if there is not None:
        _note("off_wall", there, actor)


def mark(*, contribution: Contribution, mark: Mark, on: bool, actor: str) -> None:
    """Put one on the shortlist, or note that it was answered and take it off the wall; or undo."""
    item = locked(contribution.item)
    locked(contribution)
    if on and contribution.state != "accepted":
        raise Conflict(_("This one is no longer shown, or was joined with another."))
    if mark == "shortlisted":
        contribution.shortlisted = on
    else:
        contribution.answered_at = clock.now() if on else None
        if on and contribution.on_wall:
            _clear(item)
    _note(mark if on else f"not_{mark}", contribution, actor)


def close(item: AgendaItem, *, actor: str) -> None:
    """Take what is on the wall off it as the part closes, so that its results have the wall."""
    _clear(item)


def moderated(item: AgendaItem) -> bool:
    """Whether a person looks at everything before it is shown."""
    return bool(item.settings.get("moderated", True))


def erase_member(*, member: Member, actor: str) -> None:
    """Erase what a member wrote, wherever it is shown, and what they wanted.

    The figures of closed parts stay as they were told.
    """
    query = select(Contribution).where(Contribution.author_id == member.id)
    for one in db.session.scalars(query.order_by(Contribution.id)).all():
        locked(one.item)
        original = one.wording.original
        one.wording = Translated.of(original, **{original: "–"})
        one.state, one.same_as, one.on_wall = "rejected", None, False
        one.author_id, one.key = None, None
        _note("erased", one, actor)
    db.session.execute(delete(Support).where(Support.member_id == member.id))
    db.session.flush()


def _same(item: AgendaItem, text: str) -> Contribution | None:
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
    if len(queries.own(item, person)) >= MOST_A_PERSON:
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


def _note(what: str, contribution: Contribution, actor: str, **details: Any) -> None:
    db.session.flush()
    subject = f"contribution:{contribution.public_id}"
    audit.record(f"contribution.{what}", actor=actor, subject=subject, **details)
    versions.bump(contribution.item.session.topic)
