"""What every carrier of messages does, and how it says what became of one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from panel_app.outbox.models import Channel


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, opened for its carrier."""

    #: The message's public identifier: the same letter has the same one wherever it turns up.
    number: str
    channel: Channel
    to: str
    title: str
    body: str
    language: str


class NotSent(Exception):
    """The other side has certainly not taken the letter; `answer` is its status, if it gave one.

    Says nothing else: what a server answers may repeat an address.
    """

    def __init__(self, answer: int | None = None) -> None:
        super().__init__(answer)
        self.answer = answer


class NotNow(NotSent):
    """It may be taken later."""


class Never(NotSent):
    """It won't be taken: nobody is there, or the other side refuses it for good."""


class BadAddress(Never):
    """Nothing can be sent to what stands as its address."""


class Unsure(Exception):
    """Nobody can tell whether the letter was taken: the line broke before the answer."""


class Unreachable(Exception):
    """The other side does not answer at all, or doesn't know us; no letter was begun."""


#: Sends one letter. Raises NotSent or Unsure; anything else that it raises counts as Unsure.
Send = Callable[[Letter], None]


class Carrier(Protocol):
    """A way out for messages."""

    @property
    def name(self) -> str:
        """What the settings call it."""

    @property
    def carries(self) -> frozenset[Channel]:
        """What it can send; a person sends the rest."""

    def opened(self) -> AbstractContextManager[Send]:
        """Open a line for some letters. Raises Unreachable."""
