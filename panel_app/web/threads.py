"""Pages on threads: a request goes there in one step, and its answer comes back in as few."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from io import BytesIO
from typing import Any, TypeVar, cast
from wsgiref.types import WSGIApplication

from a2wsgi.wsgi import build_environ
from starlette.types import Scope, Send

Step = TypeVar("Step")

#: Bytes of a long answer that are fetched from its thread at once.
A_PIECE = 256 * 1024


class Threads:
    """Runs a WSGI application on a pool of threads.

    Each step between a thread and the event loop costs about a twentieth of a whole vote; an
    answer that fits one piece takes two. A long one is fetched as fast as the phone reads.
    """

    def __init__(self, app: WSGIApplication, *, workers: int) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="page")

    async def __call__(self, scope: Scope, body: bytes, send: Send) -> None:
        """Answer a request whose `body` is all here. Raises whatever the application raises."""
        answer = Answer()
        run = self._runner()
        try:
            environ = build_environ(cast(Any, scope), cast(Any, BytesIO(body)))
            piece = await run(lambda: answer.begin(self._app, dict(environ)))
            await send(answer.head)
            while not answer.over:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await run(answer.piece)
            await send({"type": "http.response.body", "body": piece})
        finally:
            if answer.head and not answer.over:
                await run(answer.close)

    def _runner(self) -> Callable[[Callable[[], Step]], Awaitable[Step]]:
        """Return what runs the steps of one request, each on any thread, in one context."""
        loop, context = asyncio.get_running_loop(), copy_context()
        return lambda step: loop.run_in_executor(self._pool, context.run, step)


class Answer:
    """What a WSGI application answers, a piece at a time."""

    def __init__(self) -> None:
        self.head: dict[str, Any] = {}
        #: Whether the last piece was taken.
        self.over = False
        self._chunks: Iterable[bytes] = ()
        self._rest: Iterator[bytes] = iter(())

    def begin(self, app: WSGIApplication, environ: dict[str, Any]) -> bytes:
        """Call the application; return the first piece, with which the head is there."""
        self._chunks = app(environ, self._start)
        self._rest = iter(self._chunks)
        return self.piece()

    def piece(self) -> bytes:
        """Return the next piece; close the answer with the last one."""
        piece = bytearray()
        for chunk in self._rest:
            piece += chunk
            if len(piece) >= A_PIECE:
                return bytes(piece)
        self.close()
        return bytes(piece)

    def close(self) -> None:
        """Let the application tidy up; what is left of the answer is dropped."""
        self.over = True
        getattr(self._chunks, "close", lambda: None)()

    def _start(
        self, status: str, headers: list[tuple[str, str]], fault: object = None
    ) -> Callable[[bytes], object]:
        """Take status and headers, as WSGI's `start_response`."""
        self.head = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [
                (name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers
            ],
        }
        return _no_writing


def _no_writing(chunk: bytes) -> None:
    """Refuse the old way to answer, which nothing here uses."""
    raise NotImplementedError("return the answer's chunks instead of writing them")
