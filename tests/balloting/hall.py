"""Phones that reach the application through the documented proxy, quickly and one at a time."""

from __future__ import annotations

import http.client
import re
import shutil
import ssl
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import Client

from tests.deploy.deployment import Deployment

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Answer:
    """What came back for one request."""

    status: int
    cookies: list[str]
    text: str

    def hidden(self, name: str) -> str:
        """Return the value of a hidden field."""
        found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', self.text)
        assert found is not None, f"no field {name}: {self.status} {self.text[:300]}"
        return found[1]


#: Sends a method, a path, a body and headers.
Line = Callable[[str, str, str, dict[str, str]], Answer]


@dataclass
class Phone:
    """A phone with its cookies; reads no more of a page than it must."""

    line: Line
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask("GET", path, "")

    def post(self, path: str, fields: dict[str, str | list[str]]) -> Answer:
        """Send a form with the token of the seat."""
        body = urllib.parse.urlencode({"csrf_token": self.token} | fields, doseq=True)
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str) -> Answer:
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        answer = self.line(method, path, body, headers | (FORM if body else {}))
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


@contextmanager
def line_to(app: Flask, folder: Path, *, proxy: Callable[[str], str] = str) -> Iterator[Line]:
    """Lead to the application through nginx, set up by what `proxy` makes of the documented file.

    The proxy's files lie in `folder`. Without nginx on this machine the line is direct.
    """
    if shutil.which("nginx") is None:
        yield _direct(app)
        return
    folder.mkdir()
    deployment = Deployment(folder, "", "")
    server = make_server(
        "127.0.0.1", deployment.own_port, app, threaded=True, request_handler=_Silent
    )
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        deployment.start_proxy(proxy)
        yield _through(deployment)
    finally:
        deployment.stop()
        server.shutdown()
        serving.join()
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Write nothing: the real server doesn't."""


def _direct(app: Flask) -> Line:
    client = Client(app, use_cookies=False)

    def ask(method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        answer = client.open(path, method=method, data=body or None, headers=headers)
        return Answer(answer.status_code, answer.headers.getlist("Set-Cookie"), answer.text)

    return ask


def _through(deployment: Deployment) -> Line:
    context = ssl.create_default_context(cafile=deployment.folder / "tls" / "fullchain.pem")
    connection = http.client.HTTPSConnection("localhost", deployment.port, context=context)

    def ask(method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        return Answer(answer.status, answer.headers.get_all("Set-Cookie", []), text)

    return ask
