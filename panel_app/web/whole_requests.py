"""A request is handed to a thread once all of it is here: none waits for a slow phone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from panel_app.web.headers import HEADERS

#: What answers a request whose body is all here.
Pages = Callable[[Scope, bytes, Send], Awaitable[None]]

#: Bytes beyond which a body is large, and how many large ones may be on their way at once.
LARGE, LARGE_AT_ONCE = 256 * 1024, 8
#: Seconds that a body may take.
PATIENCE = 60.0


class WholeRequests:
    """Reads a request's body on the event loop, and passes it on with the request."""

    def __init__(self, pages: Pages, *, largest: int) -> None:
        self._pages, self._largest = pages, largest
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one whose body does not come costs no thread."""
        if _is_ambiguous(scope):
            return await _refused("Which length is right?", 400)(scope, receive, send)
        if not self._has_body(scope):
            return await self._pages(scope, b"", send)
        body = bytearray()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._read(body, receive)
        except TimeoutError:
            return await _refused("The request took too long.", 408)(scope, receive, send)
        except ConnectionError:
            return None
        return await self._pages(scope, bytes(body), send)

    def _has_body(self, scope: Scope) -> bool:
        """Whether a body comes; one announced as too large is refused without reading it."""
        headers = _headers(scope)
        announced = headers.get("content-length", "")
        if announced.isdecimal():
            return 0 < int(announced) <= self._largest
        return "transfer-encoding" in headers

    async def _read(self, body: bytearray, receive: Receive) -> None:
        if await _read_up_to(LARGE, body, receive):
            async with self._large:
                await _read_up_to(self._largest, body, receive)


def _headers(scope: Scope) -> Headers:
    return Headers(scope=scope) if scope["type"] == "http" else Headers()


def _is_ambiguous(scope: Scope) -> bool:
    """Whether a proxy may see the request end elsewhere, and hide another one behind it."""
    headers = _headers(scope)
    return "content-length" in headers and "transfer-encoding" in headers


def _refused(why: str, status: int) -> PlainTextResponse:
    """Answer in short and end the connection: what follows on it can't be trusted."""
    return PlainTextResponse(f"{why}\n", status, headers={**HEADERS, "Connection": "close"})


async def _read_up_to(most: int, body: bytearray, receive: Receive) -> bool:
    """Add to `body` until it ends or exceeds `most`; return whether there is more."""
    while len(body) <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return False
    return True
