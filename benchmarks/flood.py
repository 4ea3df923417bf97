"""What a flood of wrong sign-ins leaves of the hall's page, beside a flood of requests for help.

`python -m benchmarks.flood` prints how long a member's page takes while as many strangers as
`--strangers` send wrong passwords at once, and while as many ask for the help page: by the ratio
of the two the machine's own speed cancels out.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.hall import Hall, milliseconds, phone, safeguard

#: Phones that follow the hall's page meanwhile.
MEMBERS = 4


@dataclass
class Measured:
    """Times of the member's page (seconds), and what the strangers were answered."""

    times: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def median(self) -> float:
        return statistics.median(self.times)


async def measure(hall: Hall, *, strangers: int, rounds: int) -> tuple[Measured, Measured]:
    """Return what was measured under wrong passwords and under requests for help, in turn."""
    flood, crowd = Measured(), Measured()
    address = hall.server.address
    page = f"{address}/my/session/{hall.session}"
    members = [phone({"seat": seat}) for seat in hall.seats]
    async with phone() as any_one:
        for turn in range(rounds):
            browsers = [phone() for _ in range(strangers)]
            tokens = await asyncio.gather(*(_token(one, address) for one in browsers))
            sends = [
                _wrong(browser, address, token, f"stranger{turn}.{number}@example.org")
                for number, (browser, token) in enumerate(zip(browsers, tokens, strict=True))
            ]
            await _under(sends, members, page, flood)
            asks = [_help(any_one, address) for _ in range(strangers)]
            await _under(asks, members, page, crowd)
            await asyncio.gather(*(one.close() for one in browsers))
    await asyncio.gather(*(one.close() for one in members))
    return flood, crowd


async def _under(
    sends: list[Awaitable[int]], members: list[aiohttp.ClientSession], page: str, found: Measured
) -> None:
    """Have the members fetch their page again and again while any of `sends` is on its way."""
    flood = asyncio.gather(*sends)
    await asyncio.gather(*(_follow(member, page, flood, found) for member in members))
    found.answers.update(await flood)


async def _follow(
    member: aiohttp.ClientSession, page: str, flood: asyncio.Future[list[int]], found: Measured
) -> None:
    while not flood.done():
        began = time.perf_counter()
        async with member.get(page) as answer:
            assert answer.status == 200
            await answer.read()
        found.times.append(time.perf_counter() - began)


async def _token(browser: aiohttp.ClientSession, address: str) -> str:
    return await safeguard(browser, f"{address}/staff/login")


async def _wrong(browser: aiohttp.ClientSession, address: str, token: str, email: str) -> int:
    fields = {"csrf_token": token, "email": email, "password": "a wrong password"}
    async with browser.post(f"{address}/staff/login", data=fields) as answer:
        await answer.read()
        return answer.status


async def _help(browser: aiohttp.ClientSession, address: str) -> int:
    async with browser.get(f"{address}/help") as answer:
        await answer.read()
        return answer.status


def main() -> None:
    """Print the member's times under both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strangers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hall = Hall(Path(folder), voters=MEMBERS)
        hall.server.start()
        try:
            flood, crowd = asyncio.run(
                measure(hall, strangers=options.strangers, rounds=options.rounds)
            )
        finally:
            hall.server.stop()
    for name, found in (("wrong passwords", flood), ("help pages", crowd)):
        times = sorted(found.times)
        answers = ", ".join(f"{status}: {n}" for status, n in sorted(found.answers.items()))
        middle, most = milliseconds(times, 0.5), milliseconds(times, 0.95)
        print(f"{options.strangers} {name}: median {middle}, 95th of 100 {most} ({answers})")
    print(f"{len(flood.times)} and {len(crowd.times)} pages of {MEMBERS} members")
    print(f"ratio of the medians: {flood.median / crowd.median:.2f}")


if __name__ == "__main__":
    main()
