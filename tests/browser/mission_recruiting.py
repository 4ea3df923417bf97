"""The mission's first part: a panel, its pool, the draw, the letters, the first phones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.recruitment.demo import pool
from panel_app.recruitment.models import Person
from tests.browser.walk import Walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIXTURE = Path(__file__).parents[3] / "shared" / "data" / "pools" / "fixture_150_22"
#: The size of the panel that fits both pools.
SIZE = 22


def set_up_panel(walk: Walk, desk: Page) -> None:
    """Make a panel in three languages; a bad file is refused whole, the real ones go in."""
    walk.look(desk, "desk")
    make_panel(walk, desk)
    upload(walk, desk)


def make_panel(walk: Walk, desk: Page) -> None:
    """Make a panel in three languages."""
    desk.goto("/desk/new")
    walk.look(desk, "new-panel")
    for name, texts in {
        "name": ("Hillgrove panel", "হিলগ্রোভ প্যানেল", "لجنة هيلغروف"),
        "purpose": ("Decide how £100,000 is spent", "", "قرار إنفاق £100,000"),
    }.items():
        for code, text in zip(("en", "bn", "ar"), texts, strict=True):
            walk.fill(desk.locator(f"[name={name}_{code}]"), text)
    for code in ("en", "bn", "ar"):
        desk.locator(f"[name=languages][value={code}]").check()
    desk.fill("[name=sender]", "Hillgrove Panel\n1 Hillgrove Road")
    desk.fill("[name=reply_by]", (clock.now() + timedelta(days=9)).date().isoformat())
    walk.send(desk, size=str(SIZE))
    desk.wait_for_url("**/desk/hillgrove-panel/**")


def upload(walk: Walk, desk: Page) -> None:
    """Upload targets and people as files; a bad file first."""
    desk.goto("/desk/hillgrove-panel/targets")
    walk.look(desk, "targets")
    walk.send(desk, text="feature,value,min,max\nGender,Female,12,11\nGender,Male,x,11\n")
    walk.look(desk, "targets-refused")
    faults = desk.locator("ol.faults li")
    assert faults.count() == 2, "every fault is shown"
    assert "Female,12,11" in desk.locator("[name=text]").input_value(), "nothing typed is lost"
    desk.fill("[name=text]", "")
    put_file(desk, "targets.csv", files()[0])
    desk.goto("/desk/hillgrove-panel/people")
    put_file(desk, "people.csv", files()[1])
    desk.wait_for_url("**/people/import/**")
    walk.look(desk, "columns")
    press(desk, "main form#typed button")
    press(desk, "main form[action$='/accept'] button")
    for _ in range(60):
        with walk.app.test_request_context():
            if db.session.scalars(select(Person)).first() is not None:
                return
        desk.wait_for_timeout(500)


def press(desk: Page, button: str) -> None:
    """Press a button once it is there; a job of its own may still be at work."""
    appears(desk, button)
    with desk.expect_navigation():
        desk.locator(button).last.click()


def appears(desk: Page, place: str) -> None:
    """Look at the page again until something is there that a job makes."""
    for _ in range(60):
        if desk.locator(place).count():
            return
        desk.wait_for_timeout(500)
        desk.reload()


def files() -> tuple[bytes, bytes]:
    """Return targets and people: the public test pool unchanged, or the demo's without it."""
    if FIXTURE.exists():
        return (FIXTURE / "features.csv").read_bytes(), (FIXTURE / "candidates.csv").read_bytes()
    return pool.targets_csv().encode(), pool.people_csv().encode()


def put_file(desk: Page, name: str, content: bytes) -> None:
    """Choose a file and send the form."""
    before = desk.url
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    desk.locator("main input[type=file]").set_input_files([file])
    with desk.expect_navigation():
        desk.locator("main form[method=post] button").last.click()
    refused = desk.locator("#errors")
    assert refused.count() == 0, f"{before}: {refused.inner_text() if refused.count() else ''}"


def draw(walk: Walk, desk: Page) -> None:
    """Compute the lottery in the job process, see its fingerprint, type the dice."""
    desk.goto("/desk/hillgrove-panel/draw")
    walk.look(desk, "draw-before")
    walk.form(desk, "/draw/start").locator("button").click()
    # The page follows the job by itself.
    desk.locator("main form[action$='/commit'] button").wait_for(timeout=20_000)
    walk.look(desk, "draw-proposed")
    press(desk, "main form[action$='/commit'] button")
    appears(desk, "main form[action$='/dice']")
    walk.look(desk, "draw-committed")
    assert desk.locator(".code").first.inner_text().strip()
    walk.send(desk, to="/dice", first="4", second="0", third="7")
    walk.look(desk, "dice-typed")
    desk.locator("main form[action$='/dice/yes'] button").click()
    desk.locator("svg.bar").first.wait_for()
    walk.look(desk, "drawn")


def print_letters(walk: Walk, desk: Page) -> None:
    """Print the letters: one QR code and one typed code each."""
    desk.goto("/desk/hillgrove-panel/letters")
    walk.look(desk, "letters-list")
    desk.goto("/desk/hillgrove-panel/letters/print?from=0")
    walk.look(desk, "letters")
    letters = desk.locator(".letter")
    assert letters.count() == 20
    assert desk.locator(".letter svg").count() == 20
    with walk.app.test_request_context():
        code = seats.code_of(member(1))
    assert code in letters.first.inner_text()


def member(seat: int) -> Member:
    """Return the member in a seat."""
    return db.session.scalars(select(Member).where(Member.seat == seat)).one()


def link(walk: Walk, seat: int) -> str:
    """Return where the QR code of a seat's letter leads."""
    with walk.app.test_request_context():
        return f"/j/{seats.token_of(member(seat))}"


def join(walk: Walk, *, seat: int) -> Page:
    """Scan, choose a language, join; then carry on with the same letter on another phone."""
    old = walk.phone(chosen=False)
    enter(walk, old, seat, "join")
    new = walk.phone(chosen=False)
    enter(walk, new, seat, "join-again")
    old.reload()
    old.wait_for_url("**/moved**")
    walk.look(old, "moved")
    return new


def enter(walk: Walk, phone: Page, seat: int, name: str) -> None:
    """Join on one phone; the link alone does nothing."""
    for _ in range(2):
        phone.goto(link(walk, seat))
        walk.look(phone, f"{name}-language")
    phone.locator(f"button[value={walk.language}]").click()
    phone.locator("main form[action*='/j/'] button").first.wait_for()
    walk.look(phone, name)
    assert phone.locator("html").get_attribute("lang") == walk.language
    phone.locator("main form[action*='/j/'] button").first.click()
    phone.wait_for_url("**/my/**")
    walk.look(phone, "my-panel")
