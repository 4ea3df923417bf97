"""A hall to measure in: a server, an open round on its SQLite file, phones, processor time."""

from __future__ import annotations

import os
import re
from pathlib import Path

import aiohttp
from flask_migrate import upgrade

from panel_app.core.db import db
from panel_app.deliberation.statements.queries import statements_of
from panel_app.live import tickets
from panel_app.panels import devices, seats
from tests.browser.harness import Running
from tests.factories.deliberation import make_round
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import make_session
from tests.factories.staff import make_user

#: Statements that voters answer in turn.
STATEMENTS = [f"Statement number {number} of the benchmark" for number in range(20)]


class Hall:
    """A server on a new SQLite file with an open round, seats for voters, letters for joiners."""

    def __init__(self, folder: Path, *, voters: int, joiners: int = 0) -> None:
        self.server = Running(folder=folder, database_url=f"sqlite:///{folder / 'live.db'}")
        self.app = self.server.app()
        with self.app.app_context():
            upgrade(directory=str(Path(__file__).resolve().parents[1] / "migrations"))
            panel = make_panel(size=voters + joiners)
            self.seats = [devices.take_seat(one) for one in make_members(panel, voters)]
            invited = make_members(panel, joiners, state="invited")
            self.letters = [seats.token_of(member) for member in invited]
            session = make_session(panel)
            item = make_round(session, seeds=STATEMENTS)
            self.item, self.topic = item.public_id, session.topic
            self.slug, self.session = panel.slug, session.public_id
            self.statements = [one.public_id for one in statements_of(item)]
            self.facilitator = make_user("facilitator", panel).email
            db.session.commit()

    def tickets(self, number: int) -> list[str]:
        """Return tickets for that many phones."""
        with self.app.app_context():
            return [tickets.issue(self.topic, "phone", f"phone{n}") for n in range(number)]

    def cpu(self) -> float:
        """Return the seconds of processor that the server has used."""
        assert self.server.process is not None
        return cpu(self.server.process.pid)


def cpu(process: int) -> float:
    """Return the seconds of processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def phone(cookies: dict[str, str] | None = None) -> aiohttp.ClientSession:
    """Return a phone with cookies of its own."""
    return aiohttp.ClientSession(
        cookies=cookies,
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=30),
    )


async def safeguard(browser: aiohttp.ClientSession, address: str) -> str:
    """Return the token of a page's form."""
    async with browser.get(address) as answer:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', await answer.text())
    assert found is not None, f"{address}: no form"
    return found[1]


def milliseconds(sorted_times: list[float], share: float) -> str:
    """Return the time that `share` of the sorted times do not exceed."""
    place = min(int(share * len(sorted_times)), len(sorted_times) - 1)
    return f"{sorted_times[place] * 1000:.0f} ms"
