"""Hints within one process: who is told what, and when."""

from __future__ import annotations

import asyncio
import threading

from flask import Flask

from panel_app.core.db import db
from panel_app.live import tickets, versions
from panel_app.live.hub import FIGURES, STREAMS_A_SUBJECT, Hub, Listener
from panel_app.live.presence import Presence, Rooms
from panel_app.live.stream import EventStream
from panel_app.live.views import fragment
from tests.live.conftest import apart


def test_hint_from_another_thread_wakes_the_listener() -> None:
    async def scene() -> int | None:
        hub = Hub()
        listener = hub.listen("t", "phone", "a")
        threading.Thread(target=hub.publish, args=("t", 7)).start()
        await asyncio.wait_for(listener.wake.wait(), 5)
        return listener.news

    assert apart(scene()) == 7


def test_older_number_and_other_topics_are_no_news() -> None:
    async def scene() -> Listener:
        hub = Hub()
        hub.deliver("t", 5)
        listener = hub.listen("t", "phone", "a")
        hub.deliver("t", 5)
        hub.deliver("t", 4)
        hub.deliver("u", 9)
        return listener

    assert apart(scene()).news is None


def test_figures_reach_wall_and_console_only() -> None:
    async def scene() -> list[bool]:
        hub = Hub()
        audiences = ("phone", "wall", "console")
        listeners = [hub.listen("t", audience, "a") for audience in audiences]
        hub.deliver("t", FIGURES)
        return [listener.wake.is_set() for listener in listeners]

    assert apart(scene()) == [False, True, True]


def test_oldest_stream_of_a_person_makes_room() -> None:
    async def scene() -> list[bool]:
        hub = Hub()
        mine = [hub.listen("t", "phone", "a") for _ in range(STREAMS_A_SUBJECT + 1)]
        other = hub.listen("t", "phone", "b")
        return [listener.crowded for listener in [*mine, other]]

    assert apart(scene()) == [True, False, False, False]


def test_presence_counts_members_not_streams() -> None:
    async def scene() -> Presence:
        hub = Hub()
        rooms = Rooms(hub)
        for subject in ("a", "a", "b"):
            hub.listen("t", "phone", subject)
        hub.listen("t", "wall", "staff")
        rooms.looked("t", "a")
        rooms.looked("t", "c")
        return rooms.of("t")

    assert apart(scene()) == Presence(live=2, slow=1)


def test_phone_that_vanished_is_forgotten() -> None:
    async def scene() -> int:
        hub = Hub()
        stream = EventStream(hub, hub.listen("t", "phone", "a"))

        async def gone() -> dict[str, str]:
            return {"type": "http.disconnect"}

        async def send(message: object) -> None:
            """Take what is sent."""

        await asyncio.wait_for(stream({"type": "http"}, gone, send), 5)  # type: ignore[arg-type]
        return hub.listening("t")

    assert apart(scene()) == 0


def test_ticket_says_what_it_was_made_for(app: Flask) -> None:
    with app.app_context():
        written = tickets.issue("session:x", "wall", "s")
        key = app.config["SECRET_KEY"]
        assert tickets.read(written, key) == tickets.Ticket("session:x", "wall", "s")
        assert tickets.read(written + "x", key) is None
        assert tickets.read(written, "another key") is None
        assert tickets.read("", key) is None


def test_hint_goes_out_after_the_commit_and_never_after_a_rollback(app: Flask) -> None:
    heard: list[tuple[str, int]] = []
    app.extensions["live_hub"].publish = lambda topic, number: heard.append((topic, number))
    with app.app_context():
        versions.bump("t")
        db.session.rollback()
        assert heard == []
        versions.bump("t")
        versions.bump("t")
        versions.hint_figures("u")
        assert heard == []
        db.session.commit()
        assert heard == [("t", 2), ("u", FIGURES)]
        assert versions.current("t") == 2


def test_fragment_with_a_new_safeguard_is_no_change(app: Flask) -> None:
    with app.test_request_context("/"):

        def tag(html: str) -> str:
            return fragment(html, topic="t", audience="wall", subject="s").headers["ETag"]

        first, second = (tag(f'<input name="csrf_token" value="{n}">') for n in range(2))
        assert first == second != tag("<p>x</p>")


def test_console_hears_within_a_second_that_somebody_came_or_went() -> None:
    async def scene() -> list[int | None]:
        hub = Hub()
        console = hub.listen("t", "console", "ada")
        heard = []
        for act in (lambda: hub.listen("t", "phone", "a"), lambda: hub.leave(console)):
            await asyncio.sleep(0.7)
            console.news = None
            console.wake.clear()
            act()
            await asyncio.sleep(0.7)
            heard.append(console.news)
        return heard

    assert apart(scene()) == [FIGURES, None]


def test_consoles_are_told_apart_from_phones() -> None:
    async def scene() -> list[frozenset[str]]:
        hub = Hub()
        hub.listen("t", "console", "ada")
        hub.listen("t", "phone", "a")
        return [hub.phones("t"), hub.consoles("t"), hub.everybody()["t#console"]]

    assert apart(scene()) == [frozenset("a"), frozenset({"ada"}), frozenset({"ada"})]
