"""A hall that scans at once: how soon everyone is in, from one address."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import NamedTuple

from benchmarks.hall import Hall, phone, safeguard

#: Seconds within which the people scan.
WITHIN = 10.0


class Joined(NamedTuple):
    """When a phone was in, in seconds after the first scan, and how it was answered."""

    at: float
    status: int


async def measure(hall: Hall) -> None:
    """Have every letter scanned within ten seconds, and tell when the last was in."""
    began = time.monotonic()
    every = WITHIN / len(hall.letters)
    scans = [_join(hall, letter, began, n * every) for n, letter in enumerate(hall.letters)]
    joined = sorted(await asyncio.gather(*scans))
    answers = ", ".join(f"{n} times {s}" for s, n in Counter(j.status for j in joined).items())
    print(
        f"joining: {len(joined)} phones scan within {WITHIN:g} s; the last is in"
        f" {joined[-1].at:.1f} s after the first scan; answered {answers}"
    )


async def _join(hall: Hall, letter: str, began: float, wait: float) -> Joined:
    """Scan, press the button, and see one's own panel."""
    await asyncio.sleep(wait)
    base = hall.server.address
    async with phone({"language": "en"}) as browser:
        token = await safeguard(browser, f"{base}/j/{letter}")
        async with browser.post(f"{base}/j/{letter}", data={"csrf_token": token}) as answer:
            await answer.read()
            status = answer.status if answer.url.path == "/my/" else 0
    return Joined(time.monotonic() - began, status)
