"""What recruitment holds about a person of the pool, and how that goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import or_, select

from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict
from panel_app.core.holdings import Found, Held, Holder, NobodyIn, Place, Sought, Who, sealed_ids
from panel_app.core.text import _
from panel_app.panels.models import Member, Panel
from panel_app.recruitment import calls, near_matches, reserves, support
from panel_app.recruitment.importing.services import empty_waiting
from panel_app.recruitment.letters import name_of
from panel_app.recruitment.lotteries import in_use
from panel_app.recruitment.models import TO_BE_DRAWN, Lottery, Person, Pool

#: What stands in place of a reference; the public id keeps it apart from others.
_NAMELESS = "–{}"


def find(sought: Sought) -> Iterator[Found]:
    """Find people by their id in the file, or by any sealed cell: name, contact, address."""
    which = or_(Person.reference == sought.words, sealed_ids(Person, sought))
    pools = {pool.panel_id: pool for pool in db.session.scalars(select(Pool))}
    for person in db.session.scalars(select(Person).where(which).order_by(Person.id)):
        details = person.details
        if person.reference == sought.words or sought.within(details.values()):
            name = name_of(pools.get(person.panel_id), details) or person.reference
            yield Found(f"person:{person.public_id}", name)


def called(public_id: str) -> Iterator[str]:
    """Name the person of the pool with this identifier."""
    if db.session.scalar(select(Person.id).where(Person.public_id == public_id)):
        yield f"person:{public_id}"


def linked(who: Who) -> Iterator[str]:
    """Name the seat of a person drawn, and the person in a seat."""
    joined = select(Person.public_id, Member.public_id).join(Member, Person.member_id == Member.id)
    either = or_(Person.public_id.in_(who.ids("person")), Member.public_id.in_(who.ids("member")))
    for person, member in db.session.execute(joined.where(either)):
        yield from (f"person:{person}", f"member:{member}")


def tell(who: Who) -> Iterator[Held]:
    """Tell a person's row: reference, what the lottery balances, every other cell."""
    for person in _people(who):
        panel = db.session.get_one(Panel, person.panel_id)
        yield Held(
            _("In the pool of %(panel)s", panel=str(panel.name)),
            [
                (_("Id"), person.reference),
                *person.features.items(),
                *person.details.items(),
                (_("Imported"), person.created_at.isoformat()),
                *reserves.told(person),
                *calls.told(person),
                *support.told(person),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Forget a person's key and reference; without a lottery the whole row goes.

    Raises Conflict while a lottery is being computed from it.
    """
    for person in _people(who):
        lottery = in_use(db.session.get_one(Panel, person.panel_id))
        if lottery is not None and lottery.state in {"waiting", "working"}:
            raise Conflict(_("A lottery is being computed. Wait for it, or stop it first."))
        _forget_pseudonym(person)
        calls.forget(person)
        near_matches.forget(person)
        support.forget(person)
        empty_waiting(db.session.get_one(Panel, person.panel_id))
        if lottery is None:
            db.session.delete(person)
        else:
            person.person_key, person.sealed, person.household = b"", b"", None
            person.reference = _NAMELESS.format(person.public_id)
    db.session.flush()


def stays(who: Who) -> Iterator[Any]:
    """Say what the draw's proof keeps."""
    people = _people(who)
    if any(in_use(db.session.get_one(Panel, person.panel_id)) for person in people):
        yield _(
            "What the lottery balanced (such as an age group), without a name: the published draw"
            " could not be checked without it."
        )


def _people(who: Who) -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.public_id.in_(who.ids("person")))))


def _forget_pseudonym(person: Person) -> None:
    """Take a person out of the keys to the published bundles; one not yet drawn needs its own."""
    lotteries: Iterable[Lottery] = db.session.scalars(
        select(Lottery).where(
            Lottery.panel_id == person.panel_id, Lottery.state.not_in(TO_BE_DRAWN)
        )
    )
    for lottery in lotteries:
        private = locked(lottery).private or {}
        names = private.get("key", {})
        kept = {name: whose for name, whose in names.items() if whose != person.public_id}
        if len(kept) != len(names):
            lottery.private = {**private, "key": kept}


HOLDER = Holder(
    name="pool",
    places=[
        Place(
            what="Names, contacts and addresses of people in the pool",
            columns=["person.sealed", "person.person_key"],
            seen_by="organisers, on letters",
            goes="the row's key and what it sealed are emptied",
        ),
        Place(
            what="Their id in the uploaded file; that two share an address",
            columns=["person.reference", "person.household"],
            seen_by="organisers; the address is a keyed hash that nobody sees",
            goes="emptied",
        ),
        Place(
            what="A file of people while it is imported, sealed with a key of its own",
            columns=["pool_import.key", "pool_import.source", "pool_import.found", "staged_person"],
            seen_by="organisers",
            goes="emptied once its people are in the pool, when it is left, within a day, and when"
            " anybody of the pool is erased",
        ),
        Place(
            what="What the lottery balances",
            columns=["person.features", "lottery.bundle"],
            seen_by="organisers; the public reads totals, and in the bundle everyone's features"
            " under invented names",
            goes="before a lottery the row is deleted; from its start on it stays without a name,"
            " and the bundle as the draw's proof",
        ),
        Place(
            what="Who may share a home with whom, or be one person, and what was decided",
            columns=["near_match"],
            seen_by="organisers",
            goes="deleted",
        ),
        Place(
            what="Who is who in the bundle",
            columns=["lottery.private"],
            seen_by="nobody",
            goes="the person is taken out; between publishing and drawing the draw needs it",
        ),
        Place(
            what="When they were rung, how that ended, a note",
            columns=["call.outcome", "call.back_at", "call.note"],
            seen_by="callers and organisers",
            goes="deleted",
        ),
        Place(
            what="What would help them come, and what became of it",
            columns=["support.content"],
            seen_by="organisers, and they themselves",
            goes="deleted",
        ),
        Place(
            what="Who sits in which seat, and which lottery gave it to them",
            columns=["person.member_id", "person.lottery_id"],
            seen_by="organisers",
            goes="stays, between a row and a seat that both have no name",
        ),
        Place(
            what="That they are a reserve, in which place of the order, and when they were called",
            columns=["reserve.person_id", "reserve.position", "reserve.called_at"],
            seen_by="organisers; the public reads the place and the day, without a name",
            goes="stays, beside a row that has no name",
        ),
        Place(
            what="How they came into the pool; their consent; when they withdrew",
            columns=[
                "person.origin",
                "person.way_in_id",
                "person.consent_id",
                "person.consented_at",
                "person.withdrawn_at",
            ],
            seen_by="organisers",
            goes="goes or stays with the row",
        ),
    ],
    find=find,
    called=called,
    linked=linked,
    tell=tell,
    erase=erase,
    stays=stays,
    sealed=Person,
)
NOBODY = NobodyIn(
    {
        "support.member_id": "which seat asked for something",
        "call.member_id": "which seat was rung",
        "call.by": "which member of staff rang",
        "calling": "who rings whom just now; gone within two hours",
        "target": "quotas that a panel is drawn by",
        "feature_wording": "what residents read for a feature",
        "pool": "the headings of the uploaded file",
        "person.panel_id": "which pool it is in",
        "person.consent_by": "whether they or which member of staff noted the consent",
        "pool_import.panel_id": "whose pool a file is for",
        "pool_import.by": "which member of staff uploaded it",
        "pool_import.state": "how far it is",
        "pool_import.plan": "what the headings of the file mean; emptied with it",
        "pool_import.counts": "how many people it changed",
        "pool_import.compared_with": "a fingerprint of the pool's edition and the targets",
        "pool_import.done": "how far it is",
        "pool_import.beat_at": "how far it is",
        "pool_import.fault": "why it ended",
        "lottery.panel_id": "whose draw it is",
        "reserve.lottery_id": "which list of reserves it is",
        "reserve.reason": "why one was called before others; public, and without a name",
        "lottery.kind": "what it fills",
        "lottery.parent_id": "of which draw it fills seats",
        "lottery.plan": "how many were expected to leave, and figures of what reserves mend",
        "lottery.typed": "dice that somebody typed",
        "lottery.eased": "targets that were eased for it",
        "lottery.state": "how far the draw is",
        "lottery.panels": "how many panels the portfolio holds",
        "lottery.seed": "published with the lottery",
        "lottery.size": "how many are drawn",
        "lottery.pool_size": "from how many",
        "lottery.commitment": "a published fingerprint",
        "lottery.smallest_chance": "a published figure",
        "lottery.uncoverable": "groups that no panel can hold, and how many people each has",
        "lottery.chances": "figures by group, of a pool whose features are published",
        "lottery.enough": "how far the computation is",
        "lottery.stage": "how far the computation is",
        "lottery.done": "how far the computation is",
        "lottery.beat_at": "how far the computation is",
        "lottery.fault": "why there is none, in figures",
        "lottery.committed_at": "when it was published",
        "lottery.dice": "what was rolled in public",
        "lottery.drawn_index": "which panel was drawn",
        "lottery.drawn_at": "when it was drawn",
    }
)
