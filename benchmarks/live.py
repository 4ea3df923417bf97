"""Streams and votes at once on one server: how soon phones hear, how fast votes go in."""

from __future__ import annotations

import argparse
import asyncio
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import aiohttp
from flask_migrate import upgrade

from benchmarks.bare import Bare
from panel_app.core.db import db
from panel_app.deliberation.queries import statements_of
from panel_app.live import tickets
from panel_app.panels import devices
from tests.browser.harness import Running
from tests.factories.deliberation import make_round
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import make_session
from tests.factories.staff import PASSWORD, make_user

#: Statements that voters answer in turn.
STATEMENTS = [f"Statement number {number} of the benchmark" for number in range(20)]


def main() -> None:
    """Measure a bare insert endpoint, then votes beside streams, and print both."""
    options = _options()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 4 * (options.streams + options.voters) + 512)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    with tempfile.TemporaryDirectory() as folder:
        with Bare(Path(folder)) as bare:
            baseline = asyncio.run(_bare_votes(bare, options))
        hall = Hall(Path(folder), options.voters)
        hall.server.start()
        try:
            asyncio.run(_measure(hall, options, baseline))
        finally:
            hall.server.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--voters", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=15)
    return parser.parse_args()


class Hall:
    """A server on a new SQLite file with an open round, and seats for the voters."""

    def __init__(self, folder: Path, voters: int) -> None:
        self.server = Running(folder=folder, database_url=f"sqlite:///{folder / 'live.db'}")
        self.app = self.server.app()
        with self.app.app_context():
            upgrade(directory=str(Path(__file__).resolve().parents[1] / "migrations"))
            panel = make_panel(size=voters)
            self.seats = [devices.take_seat(one) for one in make_members(panel, voters)]
            session = make_session(panel)
            item = make_round(session, seeds=STATEMENTS)
            self.item, self.topic = item.public_id, session.topic
            self.slug, self.session = panel.slug, session.public_id
            self.statements = [one.public_id for one in statements_of(item)]
            self.facilitator = make_user("facilitator", panel).email
            db.session.commit()

    def tickets(self, number: int) -> list[str]:
        """Return tickets for that many phones."""
        with self.app.app_context():
            return [tickets.issue(self.topic, "phone", f"phone{n}") for n in range(number)]


async def _bare_votes(bare: Bare, options: argparse.Namespace) -> float:
    """Return inserts a second of the bare endpoint under as many voters."""

    async def vote(phone: aiohttp.ClientSession, voter: int, turn: int) -> bool:
        fields = {"voter": voter, "turn": turn}
        async with phone.post(f"{bare.address}/vote", data=fields) as answer:
            return answer.status == 200

    async with _phone() as phone:
        votes = [_repeat(phone, vote, n, options.seconds / 2) for n in range(options.voters)]
        times = await asyncio.gather(*votes)
    return sum(map(len, times)) / (options.seconds / 2)


async def _measure(hall: Hall, options: argparse.Namespace, baseline: float) -> None:
    """Open the streams, have everyone vote, change the item now and then, and tell."""
    async with _phone() as browser:
        heard: list[list[float]] = [[] for _ in range(options.streams)]
        listening = [
            asyncio.create_task(_listen(browser, hall, ticket, heard[n]))
            for n, ticket in enumerate(hall.tickets(options.streams))
        ]
        await asyncio.sleep(1 + options.streams / 200)
        votes = [asyncio.create_task(_vote_for(hall, seat, options.seconds)) for seat in hall.seats]
        published = await _publish(hall, options.seconds)
        times = [time_ for one in await asyncio.gather(*votes) for time_ in one]
        await asyncio.sleep(2)
        for task in listening:
            task.cancel()
    _tell(options, baseline, times, published, heard)


async def _listen(
    browser: aiohttp.ClientSession, hall: Hall, ticket: str, heard: list[float]
) -> None:
    """Note when each change arrives on one stream."""
    address = f"{hall.server.address}/live/stream"
    async with browser.get(address, params={"ticket": ticket}) as stream:
        async for line in stream.content:
            if re.match(rb"data: \d+ \d+", line):
                heard.append(time.monotonic())


async def _vote_for(hall: Hall, seat: str, seconds: float) -> list[float]:
    """Answer statement after statement as one member; return how long each took."""
    async with _phone({"seat": seat}) as phone:
        token = await _token(phone, f"{hall.server.address}/my/session/{hall.session}")

        async def vote(phone: aiohttp.ClientSession, voter: int, turn: int) -> bool:
            statement = hall.statements[turn % len(hall.statements)]
            fields = {"csrf_token": token, "value": turn % 3 - 1, "counter": turn + 1}
            address = f"{hall.server.address}/my/statements/{statement}/answer"
            async with phone.post(address, data=fields, headers={"X-Queue": "x"}) as answer:
                return "X-Received" in answer.headers

        return await _repeat(phone, vote, 0, seconds)


async def _repeat(
    phone: aiohttp.ClientSession,
    vote: Callable[[aiohttp.ClientSession, int, int], Awaitable[bool]],
    voter: int,
    seconds: float,
) -> list[float]:
    times: list[float] = []
    until, turn = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        began = time.monotonic()
        with suppress(TimeoutError, aiohttp.ClientError):
            if await vote(phone, voter, turn):
                times.append(time.monotonic() - began)
        turn += 1
    return times


async def _publish(hall: Hall, seconds: float) -> list[float]:
    """Give the round more time, again and again; return when each answer came."""
    published = []
    async with _phone() as staff:
        base = hall.server.address
        fields = {"email": hall.facilitator, "password": PASSWORD}
        fields["csrf_token"] = await _token(staff, f"{base}/staff/login")
        await staff.post(f"{base}/staff/login", data=fields)
        token = await _token(staff, f"{base}/desk/{hall.slug}/sessions/{hall.session}/")
        until = time.monotonic() + seconds - 3
        while time.monotonic() < until:
            address = f"{base}/desk/{hall.slug}/items/{hall.item}/extend"
            more = {"csrf_token": token, "minutes": "1"}
            async with staff.post(address, data=more, allow_redirects=False) as answer:
                if answer.status == 303:
                    published.append(time.monotonic())
            await asyncio.sleep(2)
    return published


async def _token(phone: aiohttp.ClientSession, address: str) -> str:
    async with phone.get(address) as answer:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', await answer.text())
    assert found is not None, f"{address}: no form"
    return found[1]


def _phone(cookies: dict[str, str] | None = None) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        cookies=cookies,
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=30),
    )


def _tell(
    options: argparse.Namespace,
    baseline: float,
    times: list[float],
    published: list[float],
    heard: list[list[float]],
) -> None:
    """Print the figures; a phone hears a change at the first event less than 2 s around it."""
    delays = [
        min((abs(at - moment) for at in one if abs(at - moment) < 2), default=2.0)
        for moment in published
        for one in heard
    ]
    rate = len(times) / options.seconds
    delays.sort()
    times.sort()
    print(f"streams {options.streams}, voters {options.voters}, {options.seconds:g} s")
    print(f"votes/s {rate:.0f}; bare insert endpoint {baseline:.0f}; ratio {rate / baseline:.2f}")
    print(f"vote: median {_ms(times, 0.5)} ms, p95 {_ms(times, 0.95)} ms")
    print(
        f"publish to phone ({len(published)} changes): median {_ms(delays, 0.5)} ms,"
        f" p95 {_ms(delays, 0.95)} ms, last {_ms(delays, 1)} ms,"
        f" mean {statistics.fmean(delays) * 1000:.0f} ms"
    )


def _ms(sorted_times: list[float], share: float) -> str:
    place = min(int(share * len(sorted_times)), len(sorted_times) - 1)
    return f"{sorted_times[place] * 1000:.0f}"


if __name__ == "__main__":
    main()
