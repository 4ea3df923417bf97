"""The real server: streams beside pages, phones that follow, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
import urllib.request

import aiohttp
import pytest

from panel_app.live import stream, tickets
from tests.factories.staff import PASSWORD
from tests.live.conftest import Hall, apart

PHONES = 100


def test_hundred_streams_hear_of_a_change_at_once_while_pages_are_served(hall: Hall) -> None:
    """At once: long before the next sign of life, however busy the machine is."""
    assert apart(_change_heard(hall, phones=10)) == 10
    late, slowest_page = apart(_hundred(hall))
    assert late < stream.HEARTBEAT / 2
    assert slowest_page < stream.HEARTBEAT / 2


def test_forged_ticket_opens_nothing(hall: Hall) -> None:
    for ticket in ("", "nonsense", hall.ticket(0) + "x"):
        address = f"{hall.server.address}/live/stream?ticket={ticket}"
        with pytest.raises(urllib.request.HTTPError) as refused:
            urllib.request.urlopen(address, timeout=10)
        assert refused.value.code == 403
        refused.value.close()


def test_pages_and_files_are_compressed_and_streams_are_not(hall: Hall) -> None:
    for path in ("/", "/static/app.css"):
        with _open(hall, path, {"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    path = f"/live/stream?ticket={hall.ticket(0)}"
    with _open(hall, path, {"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] is None
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert answer.readline() == b"retry: 2000\n"


def test_bodies_that_never_come_hold_up_nobody(hall: Hall) -> None:
    """As many phones as twice the threads vanish in the middle of sending."""
    begun = (
        b"POST /language HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlang"
    )
    with contextlib.ExitStack() as gone:
        for _ in range(16):
            phone = gone.enter_context(socket.create_connection(("127.0.0.1", hall.server.port)))
            phone.sendall(begun)
        with _open(hall, "/help", {}) as answer:
            assert answer.status == 200


def test_request_hidden_in_anothers_body_is_not_served(hall: Hall) -> None:
    smuggled = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    sent = (
        b"POST /language HTTP/1.1\r\nHost: x\r\nContent-Length: 43\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled
    )
    with socket.create_connection(("127.0.0.1", hall.server.port), timeout=10) as proxy:
        proxy.sendall(sent)
        with proxy.makefile("rb") as answered:
            answer = answered.read()
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1


def test_body_arrives_whole_and_one_too_large_is_refused(hall: Hall) -> None:
    async def scene() -> list[int]:
        async with _session() as browser:
            async with browser.get(f"{hall.server.address}/language") as answer:
                token = _token(await answer.text())
            statuses = []
            for padding in (0, 1_000_000, 17_000_000):
                fields = {"csrf_token": token, "language": "en", "padding": "x" * padding}
                address = f"{hall.server.address}/language"
                async with browser.post(address, data=fields, allow_redirects=False) as answer:
                    statuses.append(answer.status)
            return statuses

    assert apart(scene()) == [303, 303, 413]


def test_server_stops_at_once_though_streams_are_open(hall: Hall) -> None:
    with _open(hall, f"/live/stream?ticket={hall.ticket(0)}", {}):
        began = time.monotonic()
        hall.server.stop()
        assert time.monotonic() - began < 8


def _open(hall: Hall, path: str, headers: dict[str, str]):  # type: ignore[no-untyped-def]
    request = urllib.request.Request(hall.server.address + path, headers=headers)
    return urllib.request.urlopen(request, timeout=10)


async def _change_heard(hall: Hall, *, phones: int) -> int:
    """Open streams, give the round more time; count the phones that hear of it."""
    async with _session() as browser:
        streams = [await _stream(browser, hall, number) for number in range(phones)]
        await _press(browser, hall)
        heard = await asyncio.gather(*(_hears(stream) for stream in streams))
        return len(heard)


async def _hundred(hall: Hall) -> tuple[float, float]:
    """Return when the last of a hundred streams heard, and the slowest page meanwhile."""
    async with _session() as browser:
        streams = await asyncio.gather(
            *(_stream(browser, hall, n % hall.members, topic_of=n) for n in range(PHONES))
        )
        pages = asyncio.create_task(_pages(browser, hall))
        await _press(browser, hall)
        pressed = time.monotonic()
        await asyncio.gather(*(_hears(stream) for stream in streams))
        return time.monotonic() - pressed, await pages


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        timeout=aiohttp.ClientTimeout(total=60),
    )


async def _stream(
    browser: aiohttp.ClientSession, hall: Hall, number: int, *, topic_of: int | None = None
) -> aiohttp.ClientResponse:
    with hall.app.app_context():
        subject = hall.subjects[number] if topic_of is None else f"phone-{topic_of}"
        ticket = tickets.issue(hall.topic, "phone", subject)
    address = f"{hall.server.address}/live/stream"
    answer = await browser.get(address, params={"ticket": ticket})
    assert answer.status == 200
    await _until(answer, b"\n\n")
    return answer


async def _hears(stream: aiohttp.ClientResponse) -> int:
    """Wait for a number; signs of life are skipped."""
    while True:
        event = await _until(stream, b"\n\n")
        found = re.search(rb"^data: (\d+) \d+", event, re.MULTILINE)
        if found:
            return int(found[1])


async def _until(stream: aiohttp.ClientResponse, end: bytes) -> bytes:
    return await asyncio.wait_for(stream.content.readuntil(end), 20)


async def _press(browser: aiohttp.ClientSession, hall: Hall) -> None:
    """Sign in as the facilitator and give the round more time."""
    base = hall.server.address
    async with browser.get(f"{base}/staff/login") as answer:
        token = _token(await answer.text())
    fields = {"email": hall.facilitator, "password": PASSWORD, "csrf_token": token}
    async with browser.post(f"{base}/staff/login", data=fields) as answer:
        assert answer.status == 200
    async with browser.get(f"{base}{hall.desk}/") as answer:
        token = _token(await answer.text())
    path = f"{base}/desk/{hall.slug}/items/{hall.round}/extend"
    fields = {"csrf_token": token, "minutes": "5"}
    async with browser.post(path, data=fields, allow_redirects=False) as answer:
        assert answer.status == 303


async def _pages(browser: aiohttp.ClientSession, hall: Hall) -> float:
    slowest = 0.0
    for _ in range(10):
        began = time.monotonic()
        async with browser.get(f"{hall.server.address}/help") as answer:
            assert answer.status == 200
            await answer.read()
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def _token(html: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found is not None
    return found[1]
