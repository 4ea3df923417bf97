"""A real server on a database of its own, and phones in Chromium that look at it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask

from panel_app.app import create_app
from panel_app.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

ROOT = Path(__file__).resolve().parents[2]
SECRET = "for tests only, 32 characters long"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Seconds that a server may take to start on a busy machine.
PATIENCE = 60.0


@dataclass
class Running:
    """A server in a process of its own, and an application on the same database to set it up."""

    folder: Path
    database_url: str
    redis_url: str = ""
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> Flask:
        """Return an application on the server's database, to prepare and to look at it."""
        return create_app(
            Settings(
                environment="test",
                secret_key=SECRET,
                database_url=self.database_url,
                data_dir=self.folder,
                public_url=self.address,
                organisation="Hillgrove Council",
            )
        )

    def start(self, *, jobs: bool = False, workers: int = 1) -> None:
        """Start the server and wait until it answers; several workers need Redis."""
        environ = {
            **os.environ,
            "PANEL_ENV": "development",
            "PANEL_SECRET_KEY": SECRET,
            "PANEL_PUBLIC_URL": self.address,
            "PANEL_ORGANISATION": "Hillgrove Council",
            "PANEL_DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "PYTHONPATH": str(ROOT),
        }
        arguments = f"host='127.0.0.1', port={self.port}, workers={workers}, jobs={jobs}"
        code = f"from panel_app import server; server.serve({arguments})"
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        log.close()
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/health", timeout=2):
                return
            assert self.process is not None
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text()[-2000:])

    def workers(self) -> list[int]:
        """Return the process numbers of the server's workers."""
        assert self.process is not None
        process = self.process.pid
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        begun = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
        return [int(child) for child, command in begun.items() if b"spawn_main" in command]

    def kill(self) -> None:
        """End the server as a power cut would end it (but for the disk)."""
        assert self.process is not None
        workers = self.workers()
        self.process.kill()
        self.process.wait()
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    def stop(self) -> int:
        """Ask the server to stop; return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=30)


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    migrated: str, folder: Path, *, redis_url: str = "", start: bool = True
) -> Iterator[Running]:
    """Run a server on a copy of the migrated SQLite file (or on the given database)."""
    url = migrated
    if migrated.startswith("sqlite:///"):
        shutil.copy(migrated.removeprefix("sqlite:///"), folder / "panel.db")
        url = f"sqlite:///{folder / 'panel.db'}"
    server = Running(folder=folder, database_url=url, redis_url=redis_url)
    if start:
        server.start()
    try:
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the system's Chromium, one for all tests; skip where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no system Chromium on this machine")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS, headless=True)
        yield browser
        browser.close()


def phone(
    chromium: Browser, address: str, *, seat: str | None = None, width: int = 360, **options: Any
) -> BrowserContext:
    """Return a phone of its own: touch, no page from elsewhere; `seat` is a device's token."""
    settings: dict[str, Any] = {
        "viewport": {"width": width, "height": 740},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
        "locale": "en-GB",
        "service_workers": "block",
        **options,
    }
    context = chromium.new_context(base_url=address, **settings)
    context.set_default_timeout(20_000)
    context.route(
        "**/*", lambda r: r.continue_() if r.request.url.startswith(address) else r.abort()
    )
    if seat is not None:
        context.add_cookies([{"name": "seat", "value": seat, "url": address}])
    return context


def laptop(chromium: Browser, address: str, **options: Any) -> BrowserContext:
    """Return a laptop, for staff and for the wall."""
    context = chromium.new_context(
        base_url=address,
        **{"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", **options},
    )
    context.set_default_timeout(20_000)
    return context


def sign_in(context: BrowserContext, email: str, password: str) -> Page:
    """Sign a member of staff in and return the page."""
    page = context.new_page()
    page.goto("/staff/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main form button")
    page.wait_for_url("**/desk/**")
    return page


def accessibility_faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong on the page (WCAG 2.0 to 2.2, A and AA)."""
    import axe_playwright_python

    # An unstyled page that is still loading would be judged otherwise.
    page.wait_for_load_state()
    source = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
    page.evaluate(source.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"]]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


#: The one channel that sets a page's network: a second would not undo what the first set.
_CHANNELS: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


def go_offline(page: Page, *, offline: bool) -> None:
    """Cut the phone off, or connect it again."""
    if page not in _CHANNELS:
        _CHANNELS[page] = page.context.new_cdp_session(page)
        _CHANNELS[page].send("Network.enable")
    _CHANNELS[page].send(
        "Network.emulateNetworkConditions",
        {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
