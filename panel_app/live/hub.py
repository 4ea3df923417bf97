"""Who listens to which topic on this worker; a hint without content goes to each."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

Audience = Literal["phone", "wall", "console"]

#: A hint that figures have changed: the topic's number stays, only wall and console look again.
FIGURES = 0
#: Streams that one person may hold in one place; the oldest makes room.
STREAMS_A_SUBJECT = 2
#: Seconds within which those who come and go together are told of once.
GATHER = 0.5
#: What follows a topic's name where its consoles are meant.
CONSOLE = "#console"
#: Topics whose newest number is remembered; sessions of long ago are forgotten.
REMEMBERED = 1_000


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream, on the event loop's thread alone."""

    topic: str
    audience: Audience
    subject: str
    #: The newest number to send, or None where there is nothing new.
    news: int | None = None
    #: Whether the stream should end: the server stops, or the person opened others.
    ended: bool = False
    crowded: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, number: int) -> None:
        """Have the stream send `number`; several hints before it does become one."""
        if number == FIGURES and self.audience == "phone":
            return
        self.news = max(self.news or FIGURES, number)
        self.wake.set()

    def look(self) -> None:
        """Have the page look again whatever it knows."""
        self.news = self.news or FIGURES
        self.wake.set()

    def end(self) -> None:
        """Have the stream end."""
        self.ended = True
        self.wake.set()


class Relay(Protocol):
    """What carries hints to other workers and machines."""

    def send(self, topic: str, number: int) -> None:
        """Pass a hint on, or lose it; never raise, never take longer than a second."""

    def live_elsewhere(self, topic: str) -> frozenset[str] | None:
        """Return the members whose phones listen anywhere, or None where nobody can tell."""


class Hub:
    """The listeners of this worker. `publish` may be called from any thread."""

    def __init__(self, relay: Relay | None = None) -> None:
        self.relay = relay
        self.newest: OrderedDict[str, int] = OrderedDict()
        self._listeners: dict[str, list[Listener]] = {}
        #: Topics whose wall and console are about to hear that somebody came or went.
        self._soon: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def publish(self, topic: str, number: int) -> None:
        """Tell every listener, here and elsewhere, that `topic` has reached `number`."""
        self.on_loop(lambda: self.deliver(topic, number))
        if self.relay is not None:
            self.relay.send(topic, number)

    def on_loop(self, action: Callable[[], None]) -> None:
        """Run `action` on the event loop's thread, where there is one."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(action)

    def deliver(self, topic: str, number: int) -> None:
        """Tell this worker's listeners; a number they were told before is nothing new."""
        if number != FIGURES:
            if number <= self.newest.get(topic, 0):
                return
            self.newest[topic] = number
            while len(self.newest) > REMEMBERED:
                self.newest.popitem(last=False)
        for listener in self._listeners.get(topic, ()):
            listener.tell(number)

    def listen(self, topic: str, audience: Audience, subject: str) -> Listener:
        """Return a new listener; the person's oldest stream ends where there are too many."""
        self._loop = asyncio.get_running_loop()
        listener = Listener(topic, audience, subject)
        others = self._listeners.setdefault(topic, [])
        same = [o for o in others if (o.audience, o.subject) == (audience, subject)]
        for surplus in same[: len(same) - STREAMS_A_SUBJECT + 1]:
            surplus.crowded = True
            surplus.end()
        others.append(listener)
        self._came_or_went(topic)
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a listener."""
        others = self._listeners.get(listener.topic, [])
        if listener in others:
            others.remove(listener)
        if not others:
            self._listeners.pop(listener.topic, None)
        self._came_or_went(listener.topic)

    def _came_or_went(self, topic: str) -> None:
        """Have this worker's wall and console look in a moment, once for all who come together."""
        if topic not in self._soon and self._loop is not None:
            self._soon.add(topic)
            self._loop.call_later(GATHER, self._tell_of_presence, topic)

    def _tell_of_presence(self, topic: str) -> None:
        self._soon.discard(topic)
        self.deliver(topic, FIGURES)

    def listening(self, topic: str) -> int:
        """Return how many streams of `topic` this worker holds."""
        return len(self._listeners.get(topic, ()))

    def phones(self, topic: str) -> frozenset[str]:
        """Return the members whose phones listen on this worker; safe from any thread."""
        return self._present(topic, "phone")

    def consoles(self, topic: str) -> frozenset[str]:
        """Return the staff whose consoles listen on this worker; safe from any thread."""
        return self._present(topic, "console")

    def _present(self, topic: str, audience: Audience) -> frozenset[str]:
        present = tuple(self._listeners.get(topic, ()))
        return frozenset(one.subject for one in present if one.audience == audience)

    def everybody(self) -> dict[str, frozenset[str]]:
        """Return who listens on this worker, by topic: members, and staff under CONSOLE."""
        topics = tuple(self._listeners)
        consoles = {topic + CONSOLE: self.consoles(topic) for topic in topics}
        return {topic: self.phones(topic) for topic in topics} | consoles

    def tell_everyone(self) -> None:
        """Have every stream's page look again; hints may have been lost."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.look()

    def end_all(self) -> None:
        """End every stream, so that the server can stop."""
        for listeners in tuple(self._listeners.values()):
            for listener in tuple(listeners):
                listener.end()
