"""Streams and votes at once on one server: how soon phones hear, how fast votes go in."""

from __future__ import annotations

import argparse
import asyncio
import re
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import aiohttp

from benchmarks import joining
from benchmarks.bare import Bare
from benchmarks.hall import Hall, cpu, milliseconds, phone, safeguard
from tests.factories.staff import PASSWORD

Vote = Callable[[aiohttp.ClientSession, int, int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Votes:
    """How long each vote took, over how many seconds, and what it cost the server."""

    times: list[float]
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Votes a second."""
        return len(self.times) / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of processor a vote."""
        return 1000 * self.cpu / len(self.times)


def main() -> None:
    """Measure a bare insert endpoint, votes beside streams, and a hall that joins; print all."""
    options = _options()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 4 * (options.streams + options.voters) + 2 * options.joiners + 512)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    with tempfile.TemporaryDirectory() as folder:
        with Bare(Path(folder)) as bare:
            baseline = asyncio.run(_bare_votes(bare, options))
        hall = Hall(Path(folder), voters=options.voters, joiners=options.joiners)
        hall.server.start()
        try:
            asyncio.run(_measure(hall, options, baseline))
            if options.joiners:
                asyncio.run(joining.measure(hall))
        finally:
            hall.server.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--voters", type=int, default=100)
    parser.add_argument("--joiners", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=15)
    return parser.parse_args()


async def _bare_votes(bare: Bare, options: argparse.Namespace) -> Votes:
    """Insert into the bare endpoint as so many voters."""

    async def vote(browser: aiohttp.ClientSession, voter: int, turn: int) -> bool:
        fields = {"voter": voter, "turn": turn, "key": f"{voter}-{turn}"}
        async with browser.post(f"{bare.address}/vote", data=fields) as answer:
            return answer.status == 200

    async with AsyncExitStack() as phones:
        voters = [await phones.enter_async_context(phone()) for _ in range(options.voters)]
        began = cpu(bare.process)
        seconds = options.seconds / 2
        votes = [_repeat(one, vote, n, seconds) for n, one in enumerate(voters)]
        times = await asyncio.gather(*votes)
        return Votes(sorted(chain.from_iterable(times)), seconds, cpu(bare.process) - began)


async def _measure(hall: Hall, options: argparse.Namespace, baseline: Votes) -> None:
    """Open the streams, have everyone vote, change the item now and then, and tell."""
    async with AsyncExitStack() as phones:
        browser = await phones.enter_async_context(phone())
        heard: list[list[float]] = [[] for _ in range(options.streams)]
        listening = [
            asyncio.create_task(_listen(browser, hall, ticket, heard[n]))
            for n, ticket in enumerate(hall.tickets(options.streams))
        ]
        voters = [await phones.enter_async_context(phone({"seat": seat})) for seat in hall.seats]
        page = f"{hall.server.address}/my/session/{hall.session}"
        tokens = [await safeguard(one, page) for one in voters]
        staff = await phones.enter_async_context(phone())
        publish = await _facilitator(staff, hall)
        await asyncio.sleep(1 + options.streams / 200)
        began = hall.cpu()
        published, times = await asyncio.gather(
            _publish(publish, options.seconds),
            asyncio.gather(
                *(
                    _repeat(one, _voting(hall, token), n, options.seconds)
                    for n, (one, token) in enumerate(zip(voters, tokens, strict=True))
                )
            ),
        )
        votes = Votes(sorted(chain.from_iterable(times)), options.seconds, hall.cpu() - began)
        await asyncio.sleep(2)
        for task in listening:
            task.cancel()
    _tell(options, baseline, votes, published, heard)


async def _listen(
    browser: aiohttp.ClientSession, hall: Hall, ticket: str, heard: list[float]
) -> None:
    """Note when each change arrives on one stream."""
    address = f"{hall.server.address}/live/stream"
    async with browser.get(address, params={"ticket": ticket}) as stream:
        async for line in stream.content:
            if re.match(rb"data: \d+ \d+", line):
                heard.append(time.monotonic())


def _voting(hall: Hall, token: str) -> Vote:
    """Return what answers statement after statement, as the phone's queue sends it."""

    async def vote(browser: aiohttp.ClientSession, voter: int, turn: int) -> bool:
        statement = hall.statements[turn % len(hall.statements)]
        fields = {"csrf_token": token, "value": turn % 3 - 1, "counter": turn + 1}
        address = f"{hall.server.address}/my/statements/{statement}/answer"
        async with browser.post(address, data=fields, headers={"X-Queue": "x"}) as answer:
            return "X-Received" in answer.headers

    return vote


async def _repeat(
    browser: aiohttp.ClientSession, vote: Vote, voter: int, seconds: float
) -> list[float]:
    """Vote again and again; return how long each acknowledged vote took."""
    times: list[float] = []
    until, turn = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        began = time.monotonic()
        with suppress(TimeoutError, aiohttp.ClientError):
            if await vote(browser, voter, turn):
                times.append(time.monotonic() - began)
        turn += 1
    return times


async def _facilitator(
    staff: aiohttp.ClientSession, hall: Hall
) -> Callable[[], Awaitable[float | None]]:
    """Sign in; return what gives the round more time and says when that was answered."""
    base = hall.server.address
    fields = {"email": hall.facilitator, "password": PASSWORD}
    fields["csrf_token"] = await safeguard(staff, f"{base}/staff/login")
    await staff.post(f"{base}/staff/login", data=fields)
    token = await safeguard(staff, f"{base}/desk/{hall.slug}/sessions/{hall.session}/")

    async def extend() -> float | None:
        address = f"{base}/desk/{hall.slug}/items/{hall.item}/extend"
        more = {"csrf_token": token, "minutes": "1"}
        async with staff.post(address, data=more, allow_redirects=False) as answer:
            return time.monotonic() if answer.status == 303 else None

    return extend


async def _publish(extend: Callable[[], Awaitable[float | None]], seconds: float) -> list[float]:
    """Change the item every two seconds; return when each change was answered."""
    published = []
    until = time.monotonic() + seconds - 1
    while time.monotonic() < until:
        at = await extend()
        if at is not None:
            published.append(at)
        await asyncio.sleep(2)
    return published


def _tell(
    options: argparse.Namespace,
    baseline: Votes,
    votes: Votes,
    published: list[float],
    heard: list[list[float]],
) -> None:
    """Print the figures; a phone hears a change at the first event less than 2 s around it."""
    delays = sorted(
        min((abs(at - moment) for at in one if abs(at - moment) < 2), default=2.0)
        for moment in published
        for one in heard
    )
    print(f"streams {options.streams}, voters {options.voters}, {options.seconds:g} s")
    print(
        f"votes/s {votes.rate:.0f}; bare insert endpoint {baseline.rate:.0f};"
        f" ratio {votes.rate / baseline.rate:.2f}"
    )
    print(f"processor a vote {votes.cost:.2f} ms; bare {baseline.cost:.2f} ms")
    median, most = milliseconds(votes.times, 0.5), milliseconds(votes.times, 0.95)
    print(f"vote: median {median}, p95 {most}")
    if delays:
        figures = [milliseconds(delays, share) for share in (0.5, 0.95, 1)]
        print(
            f"publish to phone ({len(published)} changes): median {figures[0]},"
            f" p95 {figures[1]}, last {figures[2]}"
        )


if __name__ == "__main__":
    main()
