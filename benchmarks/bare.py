"""The least that a vote can cost here: Flask and SQLAlchemy, one insert, the same host."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from a2wsgi import WSGIMiddleware
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Our rules for SQLite (WAL, synchronous=FULL, BEGIN IMMEDIATE) hold for every engine.
import panel_app.core.db  # noqa: F401
from tests.browser.harness import free_port

THREADS = 8


class Base(DeclarativeBase):
    """The base of the one table."""


class Vote(Base):
    """A vote with two unique keys, as the measurements of the live channel had."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("voter", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    voter: Mapped[int]
    turn: Mapped[int]
    #: As the phone's own key, by which a vote sent twice is known.
    key: Mapped[str] = mapped_column(unique=True)


def make(database: str) -> Flask:
    """Return the application."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db = SQLAlchemy(app, model_class=Base)
    with app.app_context():
        db.create_all()

    @app.post("/vote")
    def vote() -> str:
        form = request.form
        db.session.add(Vote(voter=int(form["voter"]), turn=int(form["turn"]), key=form["key"]))
        db.session.commit()
        return "ok"

    @app.get("/health")
    def health() -> str:
        return "ok"

    return app


class Bare:
    """The bare endpoint in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        self.process = 0
        self._command = [sys.executable, "-m", "benchmarks.bare", port, f"{folder}/bare.db"]

    def __enter__(self) -> Bare:
        self._process = subprocess.Popen(self._command)
        self.process = self._process.pid
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/health", timeout=2):
                return self
            time.sleep(0.1)
        raise TimeoutError("the bare endpoint did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    import uvicorn

    bare = WSGIMiddleware(make(f"sqlite:///{sys.argv[2]}"), workers=THREADS)
    uvicorn.run(bare, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
