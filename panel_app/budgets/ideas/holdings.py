"""What ideas hold of a person: their words, and how to reach them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from panel_app.budgets.ideas import services
from panel_app.budgets.ideas.models import Idea
from panel_app.core.db import db
from panel_app.core.holdings import Found, Held, Holder, NobodyIn, Place, Sought, Who, sealed_ids
from panel_app.core.text import _
from panel_app.web.i18n import moment


def find(sought: Sought) -> Iterator[Found]:
    """Find ideas by their words, or by how their author is reached."""
    ideas = select(Idea).where(sealed_ids(Idea, sought), Idea.state != "withdrawn")
    for idea in db.session.scalars(ideas.order_by(Idea.id)):
        if sought.within([*idea.title.texts().values(), *idea.why.texts().values(), idea.contact]):
            yield Found(f"idea:{idea.public_id}", str(idea.title))


def called(public_id: str) -> Iterator[str]:
    """Name the idea with this identifier."""
    if db.session.scalar(select(Idea.id).where(Idea.public_id == public_id)):
        yield f"idea:{public_id}"


def tell(who: Who) -> Iterator[Held]:
    """Tell the idea and how its author is reached."""
    for idea in _of(who):
        yield Held(
            _("Idea"),
            [
                (_("Number"), idea.number),
                (_("Received"), moment(idea.created_at)),
                (str(idea.title), str(idea.why)),
                (_("To"), idea.contact),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Empty the idea, also where it is part of a project; its number and its costs stay."""
    for idea in _of(who):
        services.forget(idea)


def _of(who: Who) -> list[Idea]:
    query = select(Idea).where(Idea.public_id.in_(who.ids("idea")), Idea.state != "withdrawn")
    return list(db.session.scalars(query))


HOLDER = Holder(
    name="ideas",
    places=[
        Place(
            what="What somebody would change, in their own words, and where",
            columns=["idea.title", "idea.why", "idea.folded", "idea.place_id"],
            seen_by="everybody, once a person has read it where it may name somebody",
            goes="a dash in place of the words; the place is emptied",
        ),
        Place(
            what="How its author is told what becomes of it, encrypted with a key of its own",
            columns=["idea.person_key", "idea.sealed"],
            seen_by="nobody but the outbox, which writes to them",
            goes="emptied",
        ),
        Place(
            what="In which language it came, how, and when; a keyed hash of the page that sent it",
            columns=[
                "idea.language",
                "idea.known_by",
                "idea.origin",
                "idea.key",
                "idea.created_at",
                "idea.entered_by",
            ],
            seen_by="organisers; the way it came, everybody",
            goes="stays, without anything that names them",
        ),
        Place(
            what="Who wants an idea too, as a keyed hash of a seat or a browser, another for each"
            " idea",
            columns=["idea_wish"],
            seen_by="nobody; how many, everybody, in steps of five",
            goes="stays: nobody can say whose it is",
        ),
    ],
    find=find,
    called=called,
    tell=tell,
    erase=erase,
    sealed=Idea,
)
NOBODY = NobodyIn(
    {
        "idea_call": "how ideas are asked for",
        "idea.call_id": "which pot it is for",
        "idea.number": "its number",
        "idea.state": "whether it is shown",
        "idea.doubts": "why a person reads it first",
        "idea.photo": "which photo came with it; the photo itself is among the answers’ photos",
        "idea.photo_shown": "whether a person has let it be shown",
        "idea.costing": "whether it has a cost",
        "idea.project_id": "which project it is part of",
        "costing": "what an officer says an idea costs",
        "idea_step": "the steps of an idea, and what was said with each",
    }
)
