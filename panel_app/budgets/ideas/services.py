"""What can be done to ideas: ask for, add, want too, show, hide, take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from panel_app.budgets.ideas import road, rules
from panel_app.budgets.ideas.models import Idea, IdeaCall, KnownBy, Origin, Wish
from panel_app.budgets.models import Pot
from panel_app.core import audit, clock, crypto, ids, upserts
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.outbox import services as outbox
from panel_app.places.models import Place
from panel_app.questions import photos
from sortition.folding import fold

LONGEST_TITLE, LONGEST_WHY = 100, 1_000
AUTHOR = "author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How ideas are asked for."""

    taking: bool = True
    closes_on: date | None = None
    costed_by: date | None = None
    all_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody would change, as they said it."""

    title: str
    why: str
    language: str
    place: Place | None = None
    contact: str = ""
    photo: bytes | None = None


def ask_for_ideas(*, pot: Pot, terms: Terms, actor: str) -> IdeaCall:
    """Ask for ideas for a pot, or change how that is done."""
    locked(pot)
    call = db.session.scalar(select(IdeaCall).where(IdeaCall.pot_id == pot.id))
    if call is None:
        call = IdeaCall(pot=pot, public_id=ids.public_id())
        db.session.add(call)
    call.taking, call.all_held = terms.taking, terms.all_held
    call.closes_on, call.costed_by = terms.closes_on, terms.costed_by
    db.session.flush()
    audit.record(
        "ideas.asked_for", actor=actor, subject=f"pot:{pot.public_id}", taking=terms.taking
    )
    return call


def takes_ideas(call: IdeaCall) -> bool:
    """Whether people can send ideas today."""
    return call.taking and (call.closes_on is None or clock.now().date() <= call.closes_on)


def add_idea(
    *,
    call: IdeaCall,
    said: Said,
    known_by: KnownBy,
    origin: Origin = "phone",
    key: str | None = None,
    actor: str = AUTHOR,
) -> Idea:
    """Add an idea in its author's words; the same `key` adds one.

    One with a doubt waits for a person. Raises Refused for an idea of one word, one that is there
    word for word, and a photo that is none; Conflict where no ideas are taken.
    """
    locked(call)
    if key is not None:
        mine = select(Idea).where(Idea.call_id == call.id, Idea.key == key)
        if (before := db.session.scalar(mine)) is not None:
            return before
    if known_by != "staff" and not takes_ideas(call):
        raise Conflict(_("Ideas are not taken any more."))
    _check(call, said)
    idea = _written(call, said, origin=origin, known_by=known_by)
    idea.key, idea.entered_by = key, None if actor == AUTHOR else actor
    db.session.add(idea)
    db.session.flush()
    if said.photo:
        idea.photo = photos.keep(f"idea:{idea.public_id}", said.photo)
    road.take(idea, "received")
    audit.record("idea.received", actor=actor, subject=_subject(idea), origin=origin)
    return idea


def want_too(*, idea: Idea, who: str) -> bool:
    """Note that somebody wants an idea too; return False where that was noted before.

    `who` names the seat or the browser; what is kept of it is a keyed hash that no other idea has.
    Raises Conflict where the idea isn't shown.
    """
    if idea.state != "shown":
        raise Conflict(_("This idea is not shown any more."))
    wish = {"idea_id": idea.id, "who": crypto.blind_index(f"{idea.public_id}:{who}", "wish")}
    return upserts.write_once(Wish, wish)


def wants(idea: Idea, who: str | None) -> bool:
    """Whether somebody said that they want this idea."""
    if who is None:
        return False
    index = crypto.blind_index(f"{idea.public_id}:{who}", "wish")
    return db.session.get(Wish, (idea.id, index)) is not None


def show(*, idea: Idea, actor: str) -> None:
    """Show an idea that a person has read, with its photo. Raises Conflict for one taken back."""
    if locked(idea).state == "withdrawn":
        raise Conflict(_("Its author took it back."))
    if idea.state == "shown" and idea.photo_shown == bool(idea.photo):
        return
    was_hidden = idea.state != "shown"
    idea.state, idea.photo_shown = "shown", bool(idea.photo)
    db.session.flush()
    if was_hidden:
        road.take(idea, "shown")
    audit.record("idea.shown", actor=actor, subject=_subject(idea))


def hide(*, idea: Idea, reason: Translated, actor: str) -> None:
    """Show an idea to nobody, and tell its author why. Raises Refused without a reason."""
    if not str(reason):
        raise Refused(_("Write why: the author reads it."), field="reason_en")
    if locked(idea).project_id is not None:
        raise Conflict(_("It is part of a project. Take it out first."))
    if idea.state == "withdrawn":
        raise Conflict(_("Its author took it back."))
    idea.state, idea.photo_shown = "hidden", False
    db.session.flush()
    road.take(idea, "hidden", about=ids.code(8), words=reason)
    audit.record("idea.hidden", actor=actor, subject=_subject(idea))


def translate(*, idea: Idea, title: Translated, why: Translated, actor: str) -> None:
    """Put an idea into other languages; what its author wrote stays word for word."""
    locked(idea)
    for before, after in ((idea.title, title), (idea.why, why)):
        if after.only_in(before.original) != str(before):
            raise Refused(_("What the author wrote stays as it is."))
    idea.title, idea.why = title, why
    idea.folded = folded(title, why)
    db.session.flush()
    audit.record("idea.translated", actor=actor, subject=_subject(idea))


def withdraw(*, idea: Idea) -> None:
    """Take an idea back, for its author: it is shown no more, and how to reach them is deleted.

    Raises Conflict once it is part of a project, which others share.
    """
    if locked(idea).project_id is not None:
        raise Conflict(_("It is part of a project by now, which other people share."))
    if idea.state == "withdrawn":
        return
    forget(idea)
    audit.record("idea.withdrawn", actor=AUTHOR, subject=_subject(idea))


def forget(idea: Idea) -> None:
    """Empty an idea of its words, its photo and how to reach its author; its number stays."""
    nothing = Translated.of(idea.language, **{idea.language: "–"})
    idea.title = idea.why = nothing
    idea.folded, idea.photo, idea.photo_shown, idea.doubts = "", None, False, []
    idea.place_id = idea.project_id = None
    idea.state = "withdrawn"
    idea.person_key = idea.sealed = b""
    photos.forget(f"idea:{idea.public_id}")
    outbox.forget(f"idea:{idea.public_id}")
    db.session.flush()
    road.take(idea, "withdrawn")


def folded(*texts: Translated) -> str:
    """Return texts, in every language that they have, as a search compares them."""
    return fold(" ".join(version.text for text in texts for version in text.versions.values()))


def _check(call: IdeaCall, said: Said) -> None:
    if rules.too_short(said.title):
        raise Refused(
            _("Say it in a few words: one word alone leaves people guessing."), field="title"
        )
    same = select(Idea.number).where(
        Idea.call_id == call.id, Idea.state != "withdrawn", Idea.folded == fold(_both(said))
    )
    if (number := db.session.scalar(same)) is not None:
        raise Refused(
            _(
                "This is there already, as number %(number)s. Say there that you want it too.",
                number=number,
            ),
            field="title",
        )


def _written(call: IdeaCall, said: Said, *, origin: Origin, known_by: KnownBy) -> Idea:
    doubts = rules.doubts(f"{said.title}\n{said.why}", photo=bool(said.photo), every=call.all_held)
    # A photo waits alone: the words need not wait for it.
    waits = [doubt for doubt in doubts if doubt != "photo"]
    idea = Idea(
        call=call,
        public_id=ids.public_id(),
        number=_next(call),
        origin=origin,
        known_by=known_by,
        language=said.language,
        title=Translated.of(said.language, **{said.language: said.title}),
        why=Translated.of(said.language, **{said.language: said.why}),
        place=said.place,
        state="held" if waits else "shown",
        doubts=doubts,
        folded=fold(_both(said)),
    )
    if said.contact:
        idea.person_key = crypto.new_person_key()
        idea.sealed = crypto.seal({"contact": said.contact}, idea.person_key)
    return idea


def _both(said: Said) -> str:
    return f"{said.title} {said.why}"


def _next(call: IdeaCall) -> int:
    highest = db.session.scalar(select(func.max(Idea.number)).where(Idea.call_id == call.id))
    return (highest or 0) + 1


def _subject(idea: Idea) -> str:
    return f"idea:{idea.public_id}"
