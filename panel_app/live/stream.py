"""The event stream: says that a topic has changed, never how; nothing here reads the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from panel_app.live import tickets
from panel_app.live.hub import FIGURES, Hub, Listener
from panel_app.web.headers import HEADERS

#: Seconds between signs of life, and between two changes of figures.
HEARTBEAT = 15.0
FIGURES_EVERY = 1.0
#: Milliseconds that a page waits, at random, before it looks: per listener, and at most.
SPREAD, WIDEST_SPREAD = 2, 3_000
START = b"retry: 2000\n\n"
BEAT = b": here\nevent: beat\ndata: 1\n\n"
CROWDED = b"event: crowded\ndata: 1\n\n"


def endpoint(hub: Hub, secret_key: str) -> Callable[[Request], object]:
    """Return the handler of `/live/stream?ticket=…`."""

    async def open_stream(request: Request) -> Response:
        ticket = tickets.read(request.query_params.get("ticket", ""), secret_key)
        if ticket is None:
            return PlainTextResponse("This ticket has run out.\n", 403, headers=dict(HEADERS))
        listener = hub.listen(ticket.topic, ticket.audience, ticket.subject)
        return EventStream(hub, listener)

    return open_stream


class EventStream(Response):
    """Sends a listener's news until the page goes away or the listener is ended."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, listener: Listener) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.headers.update({**HEADERS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._hub, self._listener = hub, listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream; the listener is forgotten however it ends."""
        watch = asyncio.create_task(_until_gone(receive, self._listener))
        try:
            await self._start(send)
            while not self._listener.ended:
                await self._next(send)
            last = CROWDED if self._listener.crowded else b""
            await send({"type": "http.response.body", "body": last, "more_body": False})
        except OSError:
            self._listener.ended = True
        finally:
            watch.cancel()
            self._hub.leave(self._listener)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        newest = self._hub.newest.get(self._listener.topic)
        await _write(send, START + (self._event(newest) if newest else BEAT))

    async def _next(self, send: Send) -> None:
        """Wait for news, or for the time of the next sign of life, and send it."""
        listener = self._listener
        try:
            await asyncio.wait_for(listener.wake.wait(), HEARTBEAT)
        except TimeoutError:
            await _write(send, BEAT)
            return
        listener.wake.clear()
        news, listener.news = listener.news, None
        if news is not None and not listener.ended:
            await _write(send, self._event(news))
            await _rest(listener, news)

    def _event(self, number: int) -> bytes:
        spread = min(SPREAD * self._hub.listening(self._listener.topic), WIDEST_SPREAD)
        return f"data: {number} {spread}\n\n".encode()


async def _rest(listener: Listener, number: int) -> None:
    """After figures, let a second of answers gather; a change of state ends the rest."""
    if number != FIGURES:
        return
    loop = asyncio.get_running_loop()
    until = loop.time() + FIGURES_EVERY
    while not listener.ended and not listener.news and (left := until - loop.time()) > 0:
        listener.wake.clear()
        try:
            await asyncio.wait_for(listener.wake.wait(), left)
        except TimeoutError:
            break
    if listener.news is not None or listener.ended:
        listener.wake.set()


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    listener.end()
