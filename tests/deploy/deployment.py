"""A deployment by the README's own words: what it says is read there and done in a folder."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

import html5lib

from tests.browser.harness import PATIENCE, ROOT, free_port

DEPLOY = ROOT / "docs" / "deploy"
NGINX = """
{user}
worker_processes 1;
pid nginx.pid;
error_log nginx.err;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include {documented};
}}
"""


@dataclass
class Deployment:
    """One machine with the application, its proxy, PostgreSQL and Redis."""

    folder: Path
    database_url: str
    redis_url: str
    port: int = field(default_factory=free_port)
    own_port: int = field(default_factory=free_port)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def adapted(self, name: str) -> str:
        """Return a file of docs/deploy with this machine's folders, ports and name."""
        text = (DEPLOY / name).read_text()
        for documented, here in (
            ("https://panel.example.org", self.address),
            ("/etc/ssl/panel.example.org", str(self.folder / "tls")),
            ("/var/log/nginx", str(self.folder / "nginx")),
            ("/var/lib/panel-app", str(self.data)),
            ("/opt/panel-app", str(self.folder / "app")),
            ("panel.example.org", "localhost"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.own_port}"),
            ("--port 8000", f"--port {self.own_port}"),
            ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
            ("listen 443", f"listen 127.0.0.1:{self.port}"),
        ):
            text = text.replace(documented, here)
        return text

    def environ(self) -> dict[str, str]:
        """Return the documented environment, filled in."""
        lines = re.findall(r"^([A-Z_]+)=(.*)$", self.adapted("environment"), re.M)
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        pins = {n: v for n, v in os.environ.items() if n.startswith(("PIP_", "SSL_"))}
        return kept | pins | dict(lines) | {
            "PANEL_SECRET_KEY": self.secret,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
        }  # fmt: skip

    def place_sources(self) -> Path:
        """Copy what git knows, as a clone would bring it, links as links."""
        app = self.folder / "app"
        self.data.mkdir(mode=0o700)  # As the unit's StateDirectory does.
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).exists():
                (app / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, app / name, follow_symlinks=False)
        return app

    def install(self) -> None:
        """Do what the README says, line by line."""
        for line in documented_commands(1):
            self._call(line, folder=self.folder / "app")

    def prepare(self, password: str) -> str:
        """Make the database and the first account in an empty folder; return what was said."""
        empty = self.folder / "empty"
        empty.mkdir()
        command = f"{self.folder}/app/.venv/bin/panel-app"
        said = ""
        for line in documented_commands(3):
            typed = f" --password '{password}'" if "user create" in line else ""
            said += self._call(line.replace("panel-app", command, 1) + typed, folder=empty)
        assert list(empty.iterdir()) == []
        return said

    def serve(self) -> None:
        """Start the service as its unit does, and the proxy before it; wait for both."""
        unit = self.adapted("panel-app.service")
        (before,) = re.findall(r"^ExecStartPre=(.*)$", unit, re.M)
        (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.M)
        self._call(before, folder=Path("/"))
        self.start(command.split(), "app.log")
        self.start_proxy()
        until = time.monotonic() + PATIENCE
        visitor = Visitor(self)
        while visitor.status("/health") != 200:
            assert time.monotonic() < until, (self.folder / "app.log").read_text()[-2_000:]
            time.sleep(0.2)

    def start(self, command: list[str], log: str) -> subprocess.Popen[bytes]:
        """Start a program that this deployment stops."""
        with (self.folder / log).open("ab") as written:
            process = subprocess.Popen(
                command, cwd="/", env=self.environ(), stdout=written, stderr=written
            )
        self.running.append(process)
        return process

    def stop(self) -> float:
        """Stop the service, then the proxy; return how long the service took (seconds)."""
        began = time.monotonic()
        service, *others = self.running
        service.send_signal(signal.SIGTERM)
        service.wait(30)
        took = time.monotonic() - began
        for other in others:
            other.terminate()
            other.wait(30)
        self.running.clear()
        return took

    def kill(self) -> None:
        """End whatever still runs."""
        for process in self.running:
            process.kill()
            process.wait()

    def logs(self) -> str:
        """Return everything that the service and the proxy wrote down."""
        written = [self.folder / "app.log", *sorted((self.folder / "nginx").glob("*"))]
        return "".join(file.read_text(errors="replace") for file in written if file.is_file())

    def start_proxy(self, adapt: Callable[[str], str] = str) -> None:
        """Start nginx with the documented file, as `adapt` has changed it, and wait for it."""
        tls, nginx = self.folder / "tls", self.folder / "nginx"
        tls.mkdir()
        nginx.mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", str(tls / "privkey.pem"), "-out", str(tls / "fullchain.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        documented = nginx / "documented"
        documented.write_text(adapt(self.adapted("nginx.conf")))
        user = "user root;" if os.getuid() == 0 else ""
        (nginx / "main").write_text(NGINX.format(documented=documented, user=user))
        command = ["nginx", "-p", str(nginx), "-c", str(nginx / "main"), "-g", "daemon off;"]
        self.start(command, "proxy.log")
        until = time.monotonic() + PATIENCE
        while not _listens(self.port):
            assert time.monotonic() < until, (self.folder / "proxy.log").read_text()[-2_000:]
            time.sleep(0.05)

    def _call(self, line: str, *, folder: Path) -> str:
        done = subprocess.run(
            ["sh", "-c", line], cwd=folder, env=self.environ(), capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def documented_commands(step: int) -> list[str]:
    """Return the lines that the README's step of "Deploying" tells people to type."""
    deploying = (ROOT / "README.md").read_text().partition("## Deploying")[2].partition("\n## ")[0]
    said = deploying.partition(f"\n{step}. ")[2].partition(f"\n{step + 1}. ")[0]
    lines = said.partition("```\n")[2].partition("```")[0].splitlines()
    assert lines, f"step {step} of the README's Deploying names no commands"
    return [line.strip() for line in lines if line.strip()]


class Visitor:
    """A browser without JavaScript that trusts the deployment's own certificate."""

    def __init__(self, deployment: Deployment) -> None:
        self._address = deployment.address
        authority = deployment.folder / "tls" / "fullchain.pem"
        context = ssl.create_default_context(cafile=authority if authority.exists() else None)
        self._open = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(CookieJar()),
        ).open

    def status(self, path: str) -> int:
        """Return a page's status; 0 where nobody answers."""
        try:
            with self._open(self._request(path), timeout=5) as answer:
                return int(answer.status)
        except urllib.request.HTTPError as refused:
            refused.close()
            return refused.code
        except OSError:
            return 0

    def page(self, path: str) -> str:
        """Return a page's text."""
        with self.open(path) as answer:
            return str(answer.read().decode())

    def open(self, path: str):  # type: ignore[no-untyped-def]
        """Return an answer that is read as it comes."""
        return self._open(self._request(path), timeout=20)

    def send(self, page: str, action: str, **filled: str) -> str:
        """Send the form that goes to `action`, with what is hidden in it; return the next page."""
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        (form,) = [f for f in tree.iter("form") if f.get("action", "").endswith(action)]
        fields = {
            given.get("name"): given.get("value", "")
            for given in form.iter("input")
            if given.get("type") == "hidden"
        } | filled
        body = urllib.parse.urlencode(fields).encode()
        with self._open(self._request(form.get("action"), body), timeout=20) as answer:
            return str(answer.read().decode())

    def _request(self, path: str, body: bytes | None = None) -> urllib.request.Request:
        return urllib.request.Request(self._address + path, body)
