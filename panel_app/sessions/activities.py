"""Activities: what an agenda item can ask of people.

A new kind is an `Activity` that a feature offers; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, Literal, Protocol

from markupsafe import Markup

from panel_app.core.errors import NotFound
from panel_app.core.feature import offered
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Member, Panel
from panel_app.panels.services import must_have_seats
from panel_app.sessions.models import AgendaItem, Guest
from panel_app.web.desk.texts import MAIN, TextsForm


class ActivityForm(TextsForm):
    """The settings of an activity, shown when a facilitator makes an agenda item.

    A listed text in `texts` is asked for in every language; every other field is kept as it is.
    """

    def settings(self) -> dict[str, Any]:
        """Return what `AgendaItem.settings` is to hold, as JSON values."""
        listed = {text.name: written(self.entries(text.name)) for text in self.texts}
        return listed | {field.short_name: field.data for field in self.own_fields()}


def written(entries: Iterable[Translated]) -> list[dict[str, str]]:
    """Return the entries of a listed text as `AgendaItem.settings` holds them."""
    return [entry.texts() for entry in entries]


def listed(settings: Mapping[str, Any], name: str) -> list[Translated]:
    """Read back what `written` returned."""
    return [Translated.of(MAIN, **texts) for texts in settings.get(name, [])]


def nothing(item: AgendaItem) -> None:
    """Do nothing when an item is added or removed."""


class Turn(Protocol):
    """What happens as an item opens or closes; `actor` is whoever had it done, for the log."""

    def __call__(self, item: AgendaItem, *, actor: str) -> None: ...


def no_turn(item: AgendaItem, *, actor: str) -> None:
    """Do nothing when an item opens or closes."""


@dataclass(frozen=True, slots=True)
class First:
    """What has to be made before an agenda can have a part of a kind."""

    #: What is missing, in a sentence.
    words: Any
    #: What the button says that leads to `address`, where it is made.
    button: Any
    address: str


@dataclass(frozen=True, slots=True)
class Portable:
    """How the settings of a kind of part travel to another evening, panel or council."""

    #: Return what an item asks, as settings that make it anew.
    taken: Callable[[AgendaItem], dict[str, Any]]
    #: Return settings that were read from a file, cleaned. Raises ValueError for what they lack.
    read: Callable[[Mapping[str, Any]], dict[str, Any]]


def nobody(item: AgendaItem, member: Member, random: Random) -> None:
    """Do nothing: a made-up person has nothing to do in a rehearsal of such a part."""


def nothing_first() -> First | None:
    """Return None: a part needs nothing that may not exist yet."""
    return None


def nothing_lacking(item: AgendaItem) -> Any:
    """Return None: a part that was set up can be opened."""
    return None


def nowhere(item: AgendaItem) -> tuple[str, Any] | None:
    """Return None: the settings form asks for everything."""
    return None


@dataclass(frozen=True, slots=True)
class Published:
    """What anyone may read of a part: how many took part, and its result as JSON values."""

    people: int | None
    result: Mapping[str, Any]


def with_the_part(item: AgendaItem) -> datetime | None:
    """Return None: it ends when the facilitator ends the part."""
    return None


def unpublished(item: AgendaItem) -> Published | None:
    """Return None: the minutes say of the part only when it was."""
    return None


def without_words(item: AgendaItem) -> Markup:
    """Return nothing: the minutes say of the part only when it was."""
    return Markup("")


#: One thing on the wall at a time, rendered when it is its turn.
Screen = Callable[[], Markup]


def its_wall(item: AgendaItem, results: bool) -> Sequence[Screen]:
    """Return what `Activity.wall` shows as the only screen."""
    activity = of(item)
    return [partial(activity.wall, item)] if activity else []


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPart:
    """What a kind of activity asks of guests, whose answers never touch the panel's figures.

    In a session of an open panel, where nobody has a seat, the figures are those of guests:
    `phone` alone is used, and the activity's own functions count guests.
    """

    #: What a guest's phone shows while the item is open, or its results once revealed.
    phone: Callable[[AgendaItem, Guest], Markup]
    #: How many guests answered.
    people: Callable[[AgendaItem], int]
    #: The guests' results as JSON values, kept when the item closes.
    snapshot: Callable[[AgendaItem], dict[str, Any]]
    #: Those results as a fragment, to stand apart from the panel's.
    shown: Callable[[AgendaItem], Markup]
    #: The same for the wall, a screen each, after the panel's.
    screens: Callable[[AgendaItem], Sequence[Screen]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One kind of activity; its views return fragments of a page, without an h1."""

    #: What `AgendaItem.kind` holds.
    kind: str
    #: Its name for facilitators (a lazy string).
    name: Any
    settings: type[ActivityForm]
    #: What a member's phone shows while the item is open, or its results once revealed.
    phone: Callable[[AgendaItem, Member], Markup]
    #: What the wall shows where that is one screen; results only where `item.revealed`.
    wall: Callable[[AgendaItem], Markup] = without_words
    #: What the wall shows otherwise, screen by screen as the facilitator turns them: the results
    #: of a closed part, or what is asked.
    screens: Callable[[AgendaItem, bool], Sequence[Screen]] = its_wall
    #: The facilitator's figures and controls; results only where `item.shown_at`.
    console: Callable[[AgendaItem], Markup]
    #: The results as JSON values, kept when the item closes; never a person's single answer.
    snapshot: Callable[[AgendaItem], dict[str, Any]]
    #: What the minutes tell once the results were revealed; figures of fewer than five never.
    published: Callable[[AgendaItem], Published | None] = unpublished
    #: The same for readers, as a fragment of the public minutes: pictures with their words.
    minutes: Callable[[AgendaItem], Markup] = without_words
    #: When it ends by itself; the part's clock then counts down to that, and to nothing else.
    ends: Callable[[AgendaItem], datetime | None] = with_the_part
    #: Whether it has rounds of its own, so that the console closes a part, not a round.
    rounds: bool = False
    #: Whether the phone view puts a question of its own, larger than the item's title.
    asks_itself: bool = False
    #: Whether an item may be opened again once it closed. Not once its results were seen, be it by
    #: the facilitator alone: two looks at figures that moved would tell what one person answered.
    #: "always" is for results without answers; "never" makes the console ask before it closes.
    opens_again: Literal["always", "until_shown", "never"] = "until_shown"
    #: Called inside the transaction that adds, opens or closes an item of this kind; `added`
    #: again whenever its settings change before it was first opened.
    added: Callable[[AgendaItem], None] = nothing
    opened: Turn = no_turn
    closed: Turn = no_turn
    #: Called before an item that was never opened is deleted.
    removed: Callable[[AgendaItem], None] = nothing
    #: What it asks of guests; None where only the panel takes part.
    guests: GuestPart | None = None
    #: How its settings go into a template; None where they are bound to this panel's things.
    portable: Portable | None = None
    #: Where nothing of it goes into a template: how staff try it, as a rehearsal can't.
    by_hand: Any = ""
    #: Do the next thing that a made-up person of a rehearsal would do on their phone, if any.
    made_up: Callable[[AgendaItem, Member, Random], None] = nobody
    #: The blueprints of the staff's pages that belong to it, which a rehearsal has too.
    pages: frozenset[str] = frozenset()
    #: What is missing on this page's panel before such a part can be set up.
    first: Callable[[], First | None] = nothing_first
    #: What is still missing before an item can be opened, in a sentence; None for nothing.
    lacks: Callable[[AgendaItem], Any] = nothing_lacking
    #: Where more of what an item asks is written: an address, and the words that lead there.
    more: Callable[[AgendaItem], tuple[str, Any] | None] = nowhere


def of(item: AgendaItem) -> Activity | None:
    """Return the item's activity, or None where it asks nothing of phones."""
    return named(item.kind) if item.kind else None


def in_record(item: AgendaItem) -> bool:
    """Return whether a part's result is in the public record: shown, and not kept back."""
    return item.state == "closed" and item.revealed and not item.kept_back


def published(item: AgendaItem) -> Published | None:
    """Return what anyone may read of a closed part; None before its results were revealed."""
    activity = of(item) if in_record(item) else None
    return activity.published(item) if activity else None


def in_minutes(item: AgendaItem) -> Markup:
    """Return what the public minutes say of a part; nothing before its results were revealed."""
    activity = of(item) if in_record(item) else None
    return activity.minutes(item) if activity else Markup("")


def more_of(item: AgendaItem) -> tuple[str, Any] | None:
    """Return where more of what an item asks is written, or None."""
    activity = of(item)
    return activity.more(item) if activity else None


def opens_again(item: AgendaItem) -> bool:
    """Return whether an item may be opened again once it is closed."""
    activity = of(item)
    if activity is None or activity.opens_again == "always":
        return True
    return activity.opens_again == "until_shown" and item.shown_at is None


def named(kind: str) -> Activity:
    """Return the activity called `kind`. Raises NotFound where none is."""
    for activity in offered(Activity):
        if activity.kind == kind:
            return activity
    raise NotFound(_("There is no such kind of activity."))


def all_kinds(panel: Panel | None = None) -> list[Activity]:
    """Return every activity, by kind; of those that a panel can have where one is given.

    What asks nothing of guests rests on people with a seat.
    """
    kinds = sorted(offered(Activity), key=lambda activity: activity.kind)
    return [kind for kind in kinds if kind.guests or panel is None or not panel.is_open]


def must_suit(panel: Panel, activity: Activity | None) -> None:
    """Raise Conflict for what rests on people with a seat where nobody has one."""
    if activity and activity.guests is None:
        must_have_seats(panel)
