"""A small model of what takes a phone's answers, and a network that treats them badly."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from markupsafe import Markup
from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

STATIC = Path(__file__).parents[2] / "panel_app/web/static"
SITE = "http://phone.test"
#: What the network does with the next answer: nothing, loses it, loses what comes back, delivers
#: it twice, delivers it long after; or the server says that it is busy.
Fault = Literal["", "lost", "unheard", "twice", "late", "busy"]
FAULTS: tuple[Fault, ...] = ("", "", "lost", "unheard", "twice", "late", "busy")
QUESTIONS = ("one", "two")
#: How often a page that is just leaving by itself is asked to go elsewhere.
TRIES = 5
#: What the browser says when a page left by itself meanwhile.
LEAVING = ("interrupted by another navigation", "net::ERR_ABORTED")


def go(page: Page, address: str) -> None:
    """Go to an address, also while the page is just leaving: for a receipt, or after a form."""
    for left in reversed(range(TRIES)):
        try:
            page.goto(address)
            return
        except Error as refusal:
            if not left or not any(words in refusal.message for words in LEAVING):
                raise
            page.wait_for_load_state()


@dataclass
class Box:
    """The server as the queue sees it: one choice a question, the highest counter wins."""

    app: Flask
    seat: str | None = "m1"
    token: str = "t0"
    faults: list[Fault] = field(default_factory=list)
    stored: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: Choices that people pressed, by question; and those that arrived.
    pressed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    arrived: list[tuple[str, str]] = field(default_factory=list)
    #: How many requests came from the script's queue, not from the browser's own forms.
    queued: int = 0
    _late: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """Answer one request of a page."""
        path, asked = urlsplit(route.request.url).path, route.request
        if path.startswith("/static/"):
            route.fulfill(body=(STATIC / path[8:]).read_bytes(), content_type="text/javascript")
        elif asked.method == "POST":
            self.queued += "x-queue" in asked.headers
            self._deliver(route, path, dict(parse_qsl(asked.post_data or "")))
        elif path == "/receipt":
            route.fulfill(body="<h1>Receipt</h1>", content_type="text/html")
        else:
            route.fulfill(body=self.page(dict(parse_qsl(urlsplit(asked.url).query))))

    def _deliver(self, route: Route, path: str, sent: dict[str, str]) -> None:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "late":
            self._late.append((path, sent))
        if fault in {"lost", "late"}:
            route.abort()
        elif fault == "busy":
            route.fulfill(status=503)
        else:
            answers = [self.take(path, sent) for _ in range(2 if fault == "twice" else 1)]
            route.abort() if fault == "unheard" else route.fulfill(**answers[-1])

    def deliver_late(self) -> None:
        """Have arrive what was held back."""
        while self._late:
            self.take(*self._late.pop())

    def take(self, path: str, sent: dict[str, str]) -> dict[str, Any]:
        """Keep an answer as the product does; return what is said to the phone."""
        if sent["csrf_token"] != self.token:
            return {"status": 400, "headers": {"X-Stale-Form": "1"}}
        if self.seat != "m1":
            return {"status": 200, "body": "<h1>Type your code</h1>", "content_type": "text/html"}
        question, counter = path.rpartition("/")[2], int(sent["counter"])
        choice = sent["value"]
        self.arrived.append((question, choice))
        before = self.stored.get(question, (0, ""))
        if counter > before[0]:
            self.stored[question] = (counter, choice)
        elif before[1] != choice:
            refusal = "<main><p class=lead>Later answer stays.</p></main>"
            return {"status": 409, "body": refusal, "content_type": "text/html"}
        then = "/receipt" if question == "vote" else "/"
        onwards = f'<meta http-equiv="refresh" content="0;url={then}">'
        said = {"X-Received": "1", "X-Next": "/receipt"}
        return {"status": 200, "headers": said, "body": onwards, "content_type": "text/html"}

    def page(self, asked: dict[str, str]) -> str:
        """Return a page with the questions, or with a vote to cast; without a seat, neither."""
        if self.seat is None:
            return "<!doctype html><main><h1>Type your code</h1></main>"
        with self.app.test_request_context():
            told = self.app.jinja_env.get_template("web/told.html")
            context = {"csrf_token": lambda: self.token}
            queue = told.make_module(context).queue(self.seat)
        vote = asked.get("vote")
        forms = self._vote(vote) if vote else "".join(map(self._question, QUESTIONS))
        script = '<script src="/static/queue.js" defer></script>'
        return f"<!doctype html><main>{queue}{forms}</main>{script}"

    def _counter(self, question: str) -> str:
        number = self.stored.get(question, (0, ""))[0] + 1
        token = f'<input type=hidden name=csrf_token value="{self.token}">'
        return f'{token}<input type=hidden name=counter value="{number}">'

    def _question(self, question: str) -> str:
        buttons = "".join(f'<button name=value value="{v}">{v}</button>' for v in "abc")
        form = f'<form method=post action="/answer/{question}" data-queue=answer id="{question}">'
        return f"{form}{self._counter(question)}{buttons}</form>"

    def _vote(self, choice: str) -> str:
        words = Markup("<div data-choice><li>{}</li></div>").format(choice)
        form = '<form method=post action="/cast/vote" data-queue=vote id=vote>'
        value = f'<input type=hidden name=value value="{choice}">'
        return f"{words}{form}{self._counter('vote')}{value}<button>Cast</button></form>"
