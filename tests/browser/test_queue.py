"""The phone's queue in a real browser, against a model: nothing lost, nothing unasked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from tests.browser.queue_box import FAULTS, QUESTIONS, SITE, Box, go

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

pytestmark = pytest.mark.browser
KEPT = "localStorage.getItem('panel-app-queue')"
#: Milliseconds: longer than the longest pause between two tries.
LONG = 45_000
#: Milliseconds between two looks at what is under way, and without any that count as rest.
LOOK, QUIET = 20, 60
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
FULL_STORAGE = """Storage.prototype.setItem = function () { throw new Error('full'); }"""


@dataclass
class Phone:
    """A phone with one or two pages open on a site that is the model."""

    box: Box
    context: BrowserContext
    pages: list[Page] = field(default_factory=list)
    #: Requests that have no answer yet.
    under_way: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Follow what this phone sends."""
        self.context.on("request", lambda sent: self.under_way.add(sent))
        for end in ("requestfinished", "requestfailed"):
            self.context.on(end, lambda sent: self.under_way.discard(sent))

    def open(self, address: str = "/", *, page: Page | None = None) -> Page:
        """Load a page, in a tab of its own or in place of another."""
        if page is None:
            page = self.context.new_page()
            page.set_default_timeout(5_000)
            self.pages.append(page)
        go(page, SITE + address)
        return page

    def press(self, page: Page, question: str, choice: str) -> None:
        """Press a choice; a vote's page holds one only."""
        self.box.pressed[question].append(choice)
        page.locator(
            f"#{question} button", has_text="Cast" if question == "vote" else choice
        ).click()

    def rest(self) -> None:
        """Wait until nothing is under way, and no page is just leaving for a receipt."""
        quiet = 0
        while quiet < QUIET:
            self.pages[0].wait_for_timeout(LOOK)
            quiet = 0 if self.under_way else quiet + LOOK

    def wait(self) -> None:
        """Let time pass for every retry, and every answer come back."""
        for _ in range(4):
            self.context.clock.run_for(LONG)
            for page in self.pages:
                page.wait_for_load_state("networkidle")


@pytest.fixture
def phone(app: Flask, chromium: Browser) -> Iterator[Phone]:
    context = chromium.new_context(service_workers="block")
    context.clock.install()
    box = Box(app)
    context.route("**/*", box.answer)
    yield Phone(box, context)
    context.close()


def test_older_vote_never_leaves_from_a_newer_ones_page(phone: Phone) -> None:
    page = phone.open("/?vote=old")
    phone.box.faults = ["lost"] * 3
    phone.press(page, "vote", "old")
    page.locator("[data-state=vote]").wait_for()
    page.close()
    phone.pages.clear()
    phone.box.faults.clear()
    page = phone.open("/?vote=new")
    phone.wait()
    assert phone.box.stored == {}
    assert "old" in page.locator("[data-vote-waits]").inner_text()
    phone.press(page, "vote", "new")
    page.wait_for_url("**/receipt")
    assert phone.box.stored["vote"][1] == "new"
    assert page.evaluate(KEPT) is None


@pytest.mark.parametrize("button", ["Send it now", "Drop it"])
def test_waiting_vote_is_sent_or_dropped_as_the_person_says(phone: Phone, button: str) -> None:
    page = phone.open("/?vote=old")
    phone.box.faults = ["lost"]
    phone.press(page, "vote", "old")
    page.locator("[data-state=vote]").wait_for()
    phone.open("/", page=page)
    page.get_by_role("button", name=button).click()
    if button == "Drop it":
        phone.wait()
        assert phone.box.stored == {}
    else:
        page.wait_for_url("**/receipt")
        assert phone.box.stored["vote"][1] == "old"
    assert page.evaluate(KEPT) is None


def test_two_presses_store_once(phone: Phone) -> None:
    page = phone.open("/?vote=a")
    page.locator("#vote button").dblclick()
    page.wait_for_url("**/receipt")
    assert phone.box.arrived == [("vote", "a")]
    assert page.evaluate(KEPT) is None


def test_later_answer_takes_the_place_of_one_that_waits(phone: Phone) -> None:
    page = phone.open()
    phone.box.faults = ["late", "lost"]
    phone.press(page, "one", "a")
    page.locator("[data-state=saved]").wait_for()
    phone.press(page, "one", "b")
    assert page.locator("#one [aria-pressed=true]").inner_text() == "b"
    phone.wait()
    phone.box.deliver_late()
    assert phone.box.stored["one"][1] == "b"


def test_answer_outlives_a_night_a_lost_seat_and_its_return(phone: Phone) -> None:
    page = phone.open()
    phone.box.token, phone.box.seat = "t1", None
    phone.press(page, "one", "a")
    page.locator("[data-state=away]").wait_for()
    phone.open(page=page)
    phone.box.seat = "m2"
    phone.open(page=page)
    phone.wait()
    assert phone.box.arrived == []
    phone.box.seat = "m1"
    phone.open(page=page)
    phone.wait()
    assert phone.box.stored["one"][1] == "a"
    assert page.evaluate(KEPT) is None


def test_answer_of_one_member_never_leaves_from_anothers_seat(phone: Phone) -> None:
    page = phone.open()
    phone.box.faults = ["lost"]
    phone.press(page, "one", "a")
    page.locator("[data-state=saved]").wait_for()
    phone.box.seat, phone.box.token = "m2", "t2"
    phone.wait()
    assert phone.box.arrived == []
    page.locator("[data-state=away]").wait_for()


def test_refusal_says_why(phone: Phone) -> None:
    page = phone.open()
    phone.box.stored["one"] = (9, "c")
    phone.press(page, "one", "a")
    page.locator("[data-state=refused]").wait_for()
    assert page.locator("[data-queue-of]").inner_text() == "Not counted. Later answer stays."
    assert page.evaluate(KEPT) is None


@pytest.mark.parametrize("storage", [NO_STORAGE, FULL_STORAGE])
def test_without_storage_an_answer_lives_with_its_page_and_it_says_so(
    phone: Phone, storage: str
) -> None:
    phone.context.add_init_script(storage)
    page = phone.open()
    phone.box.faults = ["lost"]
    phone.press(page, "one", "a")
    page.locator("[data-state=held]").wait_for()
    phone.wait()
    assert phone.box.stored["one"][1] == "a"


def step(phone: Phone, chance: random.Random) -> None:
    """Do one thing that people, phones, networks or clocks do."""
    box, page = phone.box, chance.choice(phone.pages)
    deed = chance.choices(
        ("answer", "cast", "faults", "reload", "tab", "seat", "token", "late", "wait"),
        (30, 12, 14, 10, 4, 6, 6, 6, 12),
    )[0]
    if deed == "answer":
        if page.locator("#one").count():
            phone.press(page, chance.choice(QUESTIONS), chance.choice("abc"))
    elif deed == "cast":
        choice = chance.choice("xyz")
        phone.open(f"/?vote={choice}", page=page)
        if page.locator("#vote").count():
            phone.press(page, "vote", choice)
    elif deed == "faults":
        box.faults = chance.choices(FAULTS, k=3)
    elif deed == "reload":
        phone.open(page=page)
    elif deed == "tab" and len(phone.pages) == 1:
        phone.open()
    elif deed == "seat":
        box.seat = "m1" if box.seat is None else None
    elif deed == "token":
        box.token = f"t{chance.random()}"
    elif deed == "late":
        box.deliver_late()
    else:
        phone.context.clock.run_for(LONG)


@pytest.mark.parametrize("seed", range(10))
def test_random_walks_end_as_the_model_says(phone: Phone, seed: int) -> None:
    chance, box = random.Random(seed), phone.box
    phone.open()
    for _ in range(20):
        step(phone, chance)
        phone.rest()
        for question, (_counter, choice) in box.stored.items():
            assert choice in box.pressed[question], "stored, though nobody pressed it"
    box.faults, box.seat = [], "m1"
    for page in phone.pages:
        phone.open(page=page)
    phone.wait()
    box.deliver_late()
    for question in QUESTIONS:
        pressed: list[Any] = box.pressed[question]
        assert box.stored.get(question, (0, None))[1] == (pressed or [None])[-1], question
    waits = phone.pages[0].locator("[data-vote-waits]")
    if waits.is_visible():
        phone.pages[0].get_by_role("button", name="Drop it").click()
    assert phone.pages[0].evaluate(KEPT) is None
