"""A file of 50,000 people taken into a pool: how long, and how long anybody else waits to write.

python -m benchmarks.importing [people]
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update

from panel_app.app import create_app
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment import services
from panel_app.recruitment.demo import pool
from panel_app.recruitment.importing import services as importing
from panel_app.recruitment.importing.models import PoolImport
from panel_app.recruitment.importing.plan import Plan
from tests.conftest import settings_for
from tests.factories.panels import make_panel

PLAN = Plan(
    id="id",
    features={name: name for name, *_ in pool.TARGETS},
    names=["first_name", "last_name"],
    letter=["address"],
    home=["address"],
    language="language",
)
ACTOR = "staff:benchmark"


def main() -> None:
    """Take a file in, then again with every tenth person corrected."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    pool.POOL = people
    first = pool.people_csv()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(f"sqlite:///{Path(folder) / 'panel.db'}", Path(folder)))
        with app.app_context():
            upgrade()
            panel = make_panel(size=pool.SIZE)
            services.import_targets(panel=panel, source=pool.targets_csv(), actor=ACTOR)
            db.session.commit()
        waits = _Waits(app)
        _take(app, waits, "a first file", first)
        _take(app, waits, "a corrected one", first.replace("0,Amara", "0,Amira"))
        waits.ended.set()


def _take(app: Flask, waits: _Waits, what: str, text: str) -> None:
    waits.longest = 0.0
    began, worked = time.monotonic(), time.process_time()
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        one = importing.begin_import(panel=panel, name="", source=text, actor=ACTOR)
        importing.explain(one=one, plan=PLAN, silent="fault", actor=ACTOR)
        db.session.commit()
        importing.accept(one=one, actor=ACTOR)
        db.session.commit()
        db.session.expire_all()
        newest = select(PoolImport).order_by(PoolImport.id.desc())
        counts = db.session.scalars(newest).first()
        print(
            f"{what}: {time.monotonic() - began:.1f} s ({time.process_time() - worked:.1f} s cpu),"
            f" others waited {waits.longest:.2f} s at most; {counts and counts.counts}"
        )


class _Waits(threading.Thread):
    """Somebody else, who writes all the time, and how long that took at most."""

    def __init__(self, app: Flask) -> None:
        super().__init__(daemon=True)
        self.app, self.longest, self.ended = app, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        """Write, and look at the clock."""
        with self.app.app_context():
            while not self.ended.wait(0.02):
                began = time.monotonic()
                db.session.execute(update(Panel).values(place="x"))
                db.session.commit()
                self.longest = max(self.longest, time.monotonic() - began)


if __name__ == "__main__":
    main()
