"""A page's answer comes back from its thread whole, in order, and is always tidied up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from panel_app.web.threads import A_PIECE, Threads

Start = Callable[[str, list[tuple[str, str]]], object]
SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/answer",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [(b"content-length", b"5"), (b"x-two", b"1"), (b"x-two", b"2")],
}


class Page:
    """A WSGI application that answers with `chunks`, and notes what it was asked and told."""

    def __init__(self, *chunks: bytes, fault: Exception | None = None) -> None:
        self.chunks, self.fault, self.closed = chunks, fault, 0
        self.environ: dict[str, Any] = {}
        self.body = b""

    def __call__(self, environ: dict[str, Any], start: Start) -> Page:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        start("200 OK", [("Content-Type", "text/plain"), ("X-Name", "käse")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.fault:
            raise self.fault

    def close(self) -> None:
        self.closed += 1


def answered(page: Any, body: bytes = b"", gone_after: int | None = None) -> list[dict[str, Any]]:
    """Return the messages that a page's answer makes; the phone is gone after so many."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        if len(sent) == gone_after:
            raise ConnectionResetError
        sent.append(message)

    asyncio.run(Threads(page, workers=2)(SCOPE, body, send))
    return sent


def test_a_short_answer_is_one_head_and_one_body() -> None:
    page = Page(b"ye", b"s")
    head, body = answered(page, b"hello")
    assert (head["status"], head["headers"][1]) == (200, (b"x-name", "käse".encode("latin1")))
    assert body == {"type": "http.response.body", "body": b"yes"}
    assert (page.body, page.closed) == (b"hello", 1)
    assert (page.environ["PATH_INFO"], page.environ["HTTP_X_TWO"]) == ("/answer", "1,2")


def test_an_answer_without_a_body_still_ends() -> None:
    assert [message["body"] for message in answered(Page())[1:]] == [b""]


def test_a_long_answer_comes_in_pieces_and_none_is_lost() -> None:
    chunks = [bytes([n]) * (A_PIECE // 3 + n) for n in range(20)]
    page = Page(*chunks)
    bodies = answered(page)[1:]
    assert b"".join(message["body"] for message in bodies) == b"".join(chunks)
    assert [message.get("more_body", False) for message in bodies] == [True] * 6 + [False]
    assert max(len(message["body"]) for message in bodies) < 2 * A_PIECE
    assert page.closed == 1


@pytest.mark.parametrize("gone_after", [0, 1, 2])
def test_an_answer_is_tidied_up_once_where_the_phone_is_gone(gone_after: int) -> None:
    page = Page(*[b"x" * A_PIECE] * 4)
    with pytest.raises(ConnectionResetError):
        answered(page, gone_after=gone_after)
    assert page.closed == 1


def test_what_the_application_raises_is_raised_and_tidied_up() -> None:
    page = Page(b"x" * A_PIECE, fault=ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        answered(page)
    assert page.closed == 1


def test_every_step_of_a_request_runs_in_its_context() -> None:
    asks: ContextVar[str] = ContextVar("asks")

    def page(environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        asks.set("mine")
        start("200 OK", [])
        return (asks.get().encode() * A_PIECE for _ in range(3))

    assert b"".join(message["body"] for message in answered(page)[1:]) == b"mine" * A_PIECE * 3


def test_writing_instead_of_returning_is_refused() -> None:
    def page(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])(b"written")
        return []

    with pytest.raises(NotImplementedError):
        answered(page)
