"""The ASGI host: event streams native, pages on threads, the job process beside them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from multiprocessing.process import BaseProcess
from types import FrameType
from wsgiref.headers import Headers

import uvicorn
from flask import Flask
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess
from whitenoise import WhiteNoise

from panel_app.app import create_app
from panel_app.config import Settings, from_environment
from panel_app.core import logs
from panel_app.live import stream
from panel_app.live.hub import Hub
from panel_app.live.redis_relay import RedisRelay
from panel_app.web.headers import HEADERS
from panel_app.web.threads import Threads
from panel_app.web.whole_requests import WholeRequests

#: Seconds that requests under way have to finish when the server stops, and after which whatever
#: still runs is ended: votes are answered, streams told to come back, in less than five seconds.
GRACE, LAST = 2, 3
#: Milliseconds after which a phone that vanished without a word is given up by the system.
VANISHED = 30_000
#: Connections that may wait to be taken: a hall scans at once.
BACKLOG = 2_048
A_YEAR = 365 * 24 * 3600
#: What counts a closing ballot. Loading it takes longer than counting: the first closing of a
#: process would hold the database's write lock meanwhile.
COUNTING = "panel_app.counting.equal_shares"


def make() -> Starlette:
    """Return the host for the environment's settings; each worker calls it once."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _load_counting()
    made = host(create_app())
    # What is there now stays: looking through it for garbage costs a tenth of every vote.
    gc.collect()
    gc.freeze()
    return made


def host(app: Flask) -> Starlette:
    """Return `app` behind an ASGI host that serves `/live/stream` itself."""
    settings: Settings = app.extensions["settings"]
    hub: Hub = app.extensions["live_hub"]

    @contextlib.asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        _end_streams_first(hub)
        async with _carrying(hub):
            yield

    return Starlette(
        routes=[
            Route("/live/stream", stream.endpoint(hub, settings.secret_key)),
            Mount("/", _pages(app, settings)),
        ],
        lifespan=running,
    )


@contextlib.asynccontextmanager
async def _carrying(hub: Hub) -> AsyncIterator[None]:
    """Hear other workers' hints inside the block."""
    if not isinstance(hub.relay, RedisRelay):
        yield
        return
    carrying = asyncio.create_task(hub.relay.carry(hub))
    try:
        yield
    finally:
        carrying.cancel()


def _end_streams_first(hub: Hub) -> None:
    """End the streams as soon as the server is told to stop: it waits for every answer to end."""
    if threading.current_thread() is not threading.main_thread():
        return
    for told in (signal.SIGTERM, signal.SIGINT):
        _precede(told, hub.end_all)


def _precede(told: signal.Signals, action: Callable[[], None]) -> None:
    """Have `action` run before what the server does on a signal."""
    usual = signal.getsignal(told)

    def answer(number: int, frame: FrameType | None) -> None:
        action()
        if callable(usual):
            usual(number, frame)

    signal.signal(told, answer)


def _pages(app: Flask, settings: Settings) -> ASGIApp:
    """Return the Flask application on threads, its static files from memory's paths, compressed."""
    files = WhiteNoise(
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        max_age=A_YEAR,
        allow_all_origins=False,
        add_headers_function=_protect,
    )
    threads = Threads(files, workers=settings.threads)
    whole = WholeRequests(threads, largest=app.config["MAX_CONTENT_LENGTH"])
    return GZipMiddleware(whole, compresslevel=6)


def _protect(headers: Headers, path: str, url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


def serve(*, host: str, port: int, workers: int = 1, jobs: bool = True) -> None:
    """Serve until told to stop; exit with a message where the settings don't allow it."""
    settings = from_environment()
    if workers > 1 and not settings.redis_url:
        sys.exit("Several workers need REDIS_URL: without it phones of one don't hear the others.")
    config = uvicorn.Config(
        "panel_app.server:make",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        backlog=BACKLOG,
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    logs.set_up()
    listening = _listen(config)
    beside = JobProcess() if jobs else None
    with beside or contextlib.nullcontext():
        logs.event("server.started", host=host, port=port, workers=workers)
        if workers > 1:
            Workers(config, [listening], beside).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])


def _listen(config: uvicorn.Config) -> socket.socket:
    """Open the port; connections whose other end vanished are dropped after half a minute."""
    listening = config.bind_socket()
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, VANISHED)
    return listening


class Workers(Multiprocess):
    """The workers, started again when they die, ended in time when the server stops."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], jobs: JobProcess | None
    ) -> None:
        super().__init__(config, sockets)
        self._jobs = jobs

    def keep_subprocess_alive(self) -> None:
        """Start anew what died, and say that it did."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        for gone in before:
            if gone not in self.processes:
                logs.event("worker.died", exit_code=gone.exitcode)

    def terminate_all(self) -> None:
        """Tell the workers and the job process at once."""
        if self._jobs is not None:
            self._jobs.tell_to_stop()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for the workers, and for none too long."""
        until = time.monotonic() + LAST
        for worker in self.processes:
            _ended(worker.process, until)


def _ended(process: BaseProcess, until: float) -> None:
    """Wait for a process until a moment of the monotonic clock, then end it."""
    process.join(max(until - time.monotonic(), 0))
    if process.is_alive():
        logs.event("worker.killed")
        process.kill()
        process.join()


class JobProcess:
    """The job process, started again whenever it dies, for as long as the block runs."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: BaseProcess | None = None
        self._keeper = threading.Thread(target=self._keep, name="jobs", daemon=True)

    def __enter__(self) -> None:
        self._keeper.start()

    def __exit__(self, *_: object) -> None:
        self.tell_to_stop()
        self._keeper.join(LAST)
        if self._keeper.is_alive() and self._process is not None:
            logs.event("jobs.killed")
            self._process.kill()
            self._keeper.join(LAST)

    def tell_to_stop(self) -> None:
        """Have the process end what it can, and not begin again."""
        self._stopping.set()
        if self._process is not None and self._process.is_alive():
            self._process.terminate()

    def _keep(self) -> None:
        """Start the process, wait until it dies, and again."""
        spawn = multiprocessing.get_context("spawn")
        while not self._stopping.is_set():
            self._process = spawn.Process(target=work, name="panel-app jobs", daemon=True)
            self._process.start()
            self._process.join()
            if not self._stopping.wait(2):
                logs.event("jobs.restarted", exit_code=self._process.exitcode)


def work() -> None:
    """Work through the queue until told to stop, or until the server is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _load_counting()
    queue = create_app().extensions["huey"]
    # Two: what is due each minute doesn't wait for a lottery that takes ten.
    queue.create_consumer(workers=2, periodic=True, check_worker_health=True).run()


def _load_counting() -> None:
    """Load what counts ballots before one closes, beside everything else."""
    load = threading.Thread(
        target=importlib.import_module, args=[COUNTING], name="load counting", daemon=True
    )
    load.start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
