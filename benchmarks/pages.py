"""Every page of a large borough: server time, weight and questions to the database.

50,000 people in the pool, 3,000 applications, 40 sessions, 200 projects. Each page is opened by
whoever may, once to warm up and five times; the median of the processor's time counts, so that
other work of the machine doesn't. Targets: 150 ms and 50 KB, for
residents 25 ms and 25 KB (the page with stylesheet and scripts, as it travels), whoever registers
15 ms.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select

from panel_app.app import SCRIPTS, create_app
from panel_app.core.db import db
from panel_app.panels import devices
from panel_app.panels.models import Member
from panel_app.recruitment.registration import services as registering
from panel_app.recruitment.registration.asked import asked_in
from panel_app.recruitment.registration.models import RegistrationPage
from panel_app.staff.demo import PASSWORD, STAFF
from panel_app.web.access import rule_of
from tests.checked_client import STATIC, CheckedClient, weight
from tests.conftest import settings_for
from tests.factories.large import grow_borough
from tests.role_walk import World, addresses, make_borough, methods, routes, sample_ids

LOOKS = 5
#: Milliseconds and KB that a page may take: residents' and everybody else's.
RESIDENT, ANY = (25, 25), (150, 50)
REGISTERING = 15


@dataclass(frozen=True, order=True)
class Seen:
    """One page, measured."""

    milliseconds: float
    kilobytes: float
    queries: int
    address: str
    resident: bool

    @property
    def misses(self) -> bool:
        """Whether it is slower or heavier than it may be."""
        slowest, heaviest = RESIDENT if self.resident else ANY
        if self.address.startswith(("/register/", "/registration/")):
            slowest = REGISTERING
        return self.milliseconds > slowest or self.kilobytes > heaviest


def main() -> None:
    """Grow the borough, open every page, print the slowest first."""
    with tempfile.TemporaryDirectory() as folder:
        app, world = _large(Path(folder))
        seen = sorted(_walk(app, world), reverse=True)
    print(f"{len(seen)} pages; the ten slowest, and all that miss their target:")
    for number, one in enumerate(seen):
        if number < 10 or one.misses:
            mark = "MISS" if one.misses else "    "
            print(
                f"{mark} {one.milliseconds:7.1f} ms {one.kilobytes:6.1f} KB"
                f" {one.queries:4} queries  {one.address}"
            )
    print(f"{sum(one.misses for one in seen)} of {len(seen)} miss their target")
    residents = [one.milliseconds for one in seen if one.resident]
    print(f"median {statistics.median(residents):.1f} ms for residents")


def _large(folder: Path) -> tuple[Flask, World]:
    app = create_app(settings_for(f"sqlite:///{folder / 'panel.db'}", folder))
    app.test_client_class = FlaskClient
    with app.app_context():
        upgrade()
    world = make_borough(app)
    with app.test_request_context():
        grow_borough(people=50_000, applications=3_000, sessions=40, projects=200)
        db.session.commit()
        world.samples = sample_ids()
    return app, world


def _walk(app: Flask, world: World) -> Iterator[Seen]:
    browsers = _browsers(app, world)
    for route in routes(app):
        rule = rule_of(app, route.endpoint)
        if "GET" not in methods(route) or rule in {None, "nobody"}:
            continue
        browser = browsers[rule if rule in {"anyone", "member"} else "staff"]
        for path in addresses(route, world):
            answer = FlaskClient.open(browser, path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield _measured(app, browser, path)
                if path.endswith("/pool"):
                    # A few of all, and none: both look through everybody.
                    yield _measured(app, browser, f"{path}?q=4321")
                    yield _measured(app, browser, f"{path}?q=zzzz")
                break
    for path in _registering(app):
        yield _measured(app, browsers["anyone"], path)


def _registering(app: Flask) -> list[str]:
    """Return the pages of somebody who registers: their addresses hold a secret of their own."""
    with app.test_request_context():
        way = db.session.scalars(select(RegistrationPage).order_by(RegistrationPage.id)).first()
        assert way is not None
        begun, token = registering.begin(page=way, language="en")
        pages = list(asked_in(begun).pages({}))
        db.session.commit()
    return [
        *(f"/registration/{token}/answer/{page}" for page in pages),
        f"/registration/{token}/check",
    ]


def _browsers(app: Flask, world: World) -> dict[str, FlaskClient]:
    member = app.test_client()
    app.test_client_class = CheckedClient
    staff = app.test_client()
    assert isinstance(staff, CheckedClient)
    staff.submit("/staff/login", {"email": STAFF[0][0], "password": PASSWORD})
    app.test_client_class = FlaskClient
    with app.app_context():
        seat = db.session.get_one(Member, world.members["member"])
        token = devices.take_seat(seat)
        db.session.commit()
    member.set_cookie(app.config["DEVICE_COOKIE_NAME"], token)
    return {"anyone": app.test_client(), "member": member, "staff": staff}


def _measured(app: Flask, browser: FlaskClient, path: str) -> Seen:
    asked = 0

    def count(*_arguments: object) -> None:
        nonlocal asked
        asked += 1

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
        answer = FlaskClient.open(browser, path)
        event.remove(db.engine, "before_cursor_execute", count)
    times = []
    for _look in range(LOOKS):
        began = time.process_time()
        FlaskClient.open(browser, path).close()
        times.append(time.process_time() - began)
    assets = sum(weight((STATIC / name).read_bytes()) for name in ("app.css", *SCRIPTS))
    return Seen(
        statistics.median(times) * 1000,
        (weight(answer.data) + assets) / 1024,
        asked,
        path,
        not path.startswith(("/desk", "/staff")),
    )


if __name__ == "__main__":
    main()
