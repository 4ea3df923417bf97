"""Who is in the room by their phone: live where a stream is open, slow where it only asks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from panel_app.live.hub import CONSOLE, Hub

#: Seconds after which a phone that asks now and then counts as gone.
SLOW_HOLDS = 20.0


@dataclass(frozen=True, slots=True)
class Presence:
    """How many phones listen, and how many only look now and then."""

    live: int
    slow: int


@dataclass(slots=True)
class Rooms:
    """The phones seen by this worker, in memory: a report, not a record."""

    hub: Hub
    _looked: dict[str, dict[str, float]] = field(default_factory=dict)

    def looked(self, topic: str, subject: str) -> None:
        """Remember that a phone without a stream has just looked."""
        present = self._looked.setdefault(topic, {})
        present[subject] = time.monotonic()
        if len(present) > 4 * max(len(self.hub.phones(topic)), 50):
            self._forget_old(topic)

    def of(self, topic: str) -> Presence:
        """Count the phones of a topic; over all workers where Redis answers."""
        relay = self.hub.relay
        elsewhere = relay.live_elsewhere(topic) if relay else None
        live = self.hub.phones(topic) | (elsewhere or frozenset())
        self._forget_old(topic)
        slow = set(self._looked.get(topic, ())) - live
        return Presence(live=len(live), slow=len(slow))

    def consoles(self, topic: str) -> frozenset[str]:
        """Return the staff who have the console open; over all workers where Redis answers."""
        relay = self.hub.relay
        elsewhere = relay.live_elsewhere(topic + CONSOLE) if relay else None
        return self.hub.consoles(topic) | (elsewhere or frozenset())

    def _forget_old(self, topic: str) -> None:
        oldest = time.monotonic() - SLOW_HOLDS
        kept = {s: at for s, at in tuple(self._looked.get(topic, {}).items()) if at > oldest}
        self._looked[topic] = kept
        if not kept:
            self._looked.pop(topic, None)
