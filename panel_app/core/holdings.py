"""What is held about people: each feature says where, who sees it, how it is told and erased.

A feature offers a `Holder` for each kind of thing that it keeps about a person, and a `NobodyIn`
for tables that tell of nobody. Together they name every column, which a test holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from panel_app.core.db import db
from panel_app.core.feature import offered

#: How many sealed rows of a table one search opens; further ones are opened on request.
BATCH = 10_000
#: What stands for a text that was erased: in any language, and where nothing may be empty.
ERASED = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Columns that can tell of a person, as the map of personal data describes them."""

    what: str
    #: Tables, or single columns as `person.sealed`.
    columns: Sequence[str]
    seen_by: str
    #: What erasing does to it.
    goes: str


@dataclass(frozen=True, slots=True)
class NobodyIn:
    """Tables, or single columns as `ballot.terms`, that tell of nobody: each with the reason."""

    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody typed to find a person."""

    words: str
    #: Sealed rows up to this id were opened before.
    after: int = 0

    def within(self, texts: Iterable[Any]) -> bool:
        """Whether one of the texts holds the words; case and white space don't count."""
        wanted = _folded(self.words)
        return any(wanted in _folded(str(text)) for text in texts)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody found: as the audit log names them, and in words."""

    ref: str
    label: Any


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held: a heading, and labels with what is kept under each."""

    heading: Any
    rows: Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Who:
    """One person, under every name by which features know them: `member:…`, `application:…`."""

    refs: tuple[str, ...]

    def ids(self, kind: str) -> list[str]:
        """Return the public identifiers of one kind."""
        named = (ref.partition(":") for ref in self.refs)
        return [public_id for mine, _colon, public_id in named if mine == kind]


def _nothing(*_arguments: Any) -> Iterable[Any]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What a feature holds about a person, and how that goes. It flushes, and never commits."""

    name: str
    places: Sequence[Place]
    #: Who fits what was typed.
    find: Callable[[Sought], Iterable[Found]] = _nothing
    #: Who has this public identifier, where it is the feature's own to give.
    called: Callable[[str], Iterable[str]] = _nothing
    #: Under which other names the same person is kept.
    linked: Callable[[Who], Iterable[str]] = _nothing
    tell: Callable[[Who], Iterable[Held]]
    #: Erases what `tell` told but for what `stays`, for the actor; safe to call twice.
    erase: Callable[[Who, str], object]
    #: What stays after that and why, in sentences.
    stays: Callable[[Who], Iterable[Any]] = _nothing
    #: The model whose sealed rows `find` opens, if any.
    sealed: Any = None


def sealed_ids(model: Any, sought: Sought) -> Any:
    """Return the condition that holds a search to the batch of sealed rows that is its turn."""
    return model.id.between(sought.after + 1, sought.after + BATCH)


def next_batch(sought: Sought) -> int | None:
    """Return after which id a search goes on; None once every sealed row was opened."""
    models = [holder.sealed for holder in offered(Holder) if holder.sealed is not None]
    first = [select(func.min(m.id)).where(m.id > sought.after + BATCH) for m in models]
    further = [number for query in first if (number := db.session.scalar(query)) is not None]
    return min(further) - 1 if further else None


def everything(who: Who) -> Iterator[Held]:
    """Return all that is held about somebody, feature by feature."""
    for holder in offered(Holder):
        yield from holder.tell(who)


def whole(ref: str) -> Who:
    """Return a person under all their names, from one of them."""
    known: tuple[str, ...] = (ref,)
    while True:
        further = (each for holder in offered(Holder) for each in holder.linked(Who(known)))
        now = tuple(dict.fromkeys((*known, *further)))
        if now == known:
            return Who(known)
        known = now


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
