"""What a panel can decide on one kind of case: in whose words, with money or not, or later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way in which a case can end. Each kind of case has one that defers."""

    #: What votes and decisions hold.
    key: str
    #: What the ballot says, and what is said once it is decided.
    words: Any
    decided: Any
    #: Whether it gives all that was asked, a part of it that each voter names, or nothing.
    gives: Literal["nothing", "all", "part"] = "nothing"
    #: Whether the case comes back to the panel.
    defers: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A usual reason or condition, to be chosen from a short list beside free words."""

    key: str
    words: Any


def words_of(phrases: Sequence[Phrase], keys: Sequence[str]) -> list[Any]:
    """Return the words of the chosen phrases, in the list's order."""
    return [phrase.words for phrase in phrases if phrase.key in keys]
