"""A whole recruitment: 5,000 addresses, 600 letters, 120 people, a panel of 22, four who leave."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.recruitment import queries
from panel_app.recruitment.invitations import codes as codes_of
from panel_app.recruitment.invitations.models import Invitation
from panel_app.recruitment.models import Person
from panel_app.recruitment.registration import asked, letters, opening
from panel_app.recruitment.registration.models import RegistrationPage
from panel_app.staff.accounts import create_user
from panel_app.web import robots
from tests.browser import harness
from tests.browser.mission_recruiting import (
    appears,
    draw,
    link,
    make_panel,
    press,
    print_letters,
    put_file,
)
from tests.browser.walk import Walk
from tests.checked_client import CheckedClient
from tests.conftest import new_client
from tests.factories.invitations import addresses_csv
from tests.factories.registration import register, sound_answers
from tests.factories.staff import PASSWORD
from tests.recruitment.registration.test_pages import begun, long_since, walked

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORGANISER = "organiser@example.org"
DESK = "/desk/hillgrove-panel"
TARGETS = """feature,value,min,max
Gender,Female,10,12
Gender,Male,10,12
Home,Rented,7,9
Home,Owned,6,8
Home,With family,6,8
"""
HOMES, LETTERS, REGISTERED, SEATS, NOES = 5_000, 600, 120, 22, 4
#: How many register through the pages by script; the others by the same services.
BY_SCRIPT = 20
#: Languages and scripts of the phones that register by hand, at 320 px.
BY_HAND = (("bn", False), ("ar", True))


@pytest.fixture
def served(migrated: str, tmp_path: Path) -> Iterator[harness.Running]:
    """Return a running server with its job process and one organiser."""
    with harness.running(migrated, tmp_path, start=False) as server:
        with server.app().test_request_context():
            create_user(
                email=ORGANISER, name="Oren Organiser", password=PASSWORD, role="administrator"
            )
            db.session.commit()
            db.session.remove()
        server.start(jobs=True)
        yield server


def test_from_addresses_to_seats(served: harness.Running, chromium: Any, tmp_path: Path) -> None:
    walk = Walk(served, chromium, "en")
    desk = walk.laptop()
    walk.sign_in(desk, ORGANISER, PASSWORD)
    make_panel(walk, desk)
    desk.goto(f"{DESK}/targets")
    put_file(desk, "targets.csv", TARGETS.encode())
    desk.goto(f"{DESK}/")
    press(desk, "main form[action$='/publish'] button")
    write_to_homes(walk, desk)
    assert told(walk) >= {f"{LETTERS}"}
    open_to_letters(walk, desk)
    codes = letter_codes(walk)
    for language, script in BY_HAND:
        register_by_hand(walk, codes.pop(), language, script=script)
    rest = codes[: REGISTERED - len(BY_HAND)]
    register_by_script(walk, rest[:BY_SCRIPT])
    register_at_once(walk, rest[BY_SCRIPT:])
    assert told(walk) >= {f"{LETTERS}", f"{REGISTERED}"}
    look_at_the_pool(walk, desk)
    draw(walk, desk)
    print_letters(walk, desk)
    assert told(walk) >= {f"{LETTERS}", f"{REGISTERED}", f"{SEATS}"}
    for seat in range(1, NOES + 1):
        say_no(walk, seat)
    assert sitting(walk) == SEATS - NOES
    replace(walk, desk)
    assert sitting(walk) == SEATS
    targets_are_met(walk)
    read_in_public(walk, tmp_path / "bundles")


def write_to_homes(walk: Walk, desk: Page) -> None:
    """Read the list, plan a wave, fix it, roll dice, print."""
    desk.goto(f"{DESK}/invitations")
    put_file(desk, "addresses.csv", addresses_csv(HOMES).encode())
    appears(desk, f"main a[href='{DESK}/invitations/plan']")
    walk.look(desk, "addresses")
    desk.goto(f"{DESK}/invitations/plan")
    day = (clock.now() + timedelta(days=21)).date().isoformat()
    walk.send(desk, letters=str(LETTERS), closes_on=day)
    walk.look(desk, "wave-planned")
    press(desk, "main form[action$='/fix'] button")
    appears(desk, "[name=first]")
    walk.send(desk, to="/dice", first="1", second="2", third="3")
    walk.look(desk, "wave-dice")
    press(desk, "main form[action$='/dice'] button")
    appears(desk, "main form[action$='/letters'], main a[href*='/letters?']")
    walk.look(desk, "wave-drawn")


def open_to_letters(walk: Walk, desk: Page) -> None:
    """Open a way in for those who hold a letter, 16 or older."""
    desk.goto(f"{DESK}/registration/new")
    desk.locator("[name=by_code]").check()
    walk.send(desk, name="Letter", youngest="16")
    walk.look(desk, "way-in")


def letter_codes(walk: Walk) -> list[str]:
    """Return the codes that the letters carry."""
    with walk.app.test_request_context():
        query = select(Invitation).order_by(Invitation.number).limit(REGISTERED)
        return [codes_of.code_of(one.public_id, one.issue) for one in db.session.scalars(query)]


def register_by_hand(walk: Walk, code: str, language: str, *, script: bool) -> None:
    """Register on a phone as a person does: scan, one question a page, check, send."""
    context = harness.phone(
        walk.chromium,
        walk.server.address,
        viewport={"width": 320, "height": 568},
        locale=language,
        java_script_enabled=script,
    )
    page = context.new_page()
    page.goto(f"/r/{code}")
    page.wait_for_timeout(robots.SHORTEST.total_seconds() * 1000 + 100)
    go_on(page)
    typed = {"age": "34", "name": "রহিমা বেগম", "contact": "020 7946 0000"}
    while "/answer/" in page.url:
        assert page.locator("html").get_attribute("lang") == language
        assert harness.overflow(page) <= 0, page.url
        for name, text in typed.items():
            if page.locator(f"input[name={name}]").count():
                page.fill(f"input[name={name}]", text)
        for group in page.locator("main fieldset").all():
            choices = group.locator("input[type=radio]")
            if choices.count():
                choices.first.check()
        if page.locator("input[name=consent]").count():
            page.locator("input[name=consent]").first.check()
        here = page.url
        go_on(page)
        assert page.url != here, page.inner_text("main")
    page.wait_for_timeout(opening.WHOLE.total_seconds() * 1000)
    go_on(page)
    assert page.input_value("#own-link").startswith("http")
    context.close()


def go_on(page: Page) -> None:
    """Press the page's one large button."""
    page.locator("main form button.btn.wide").first.click()
    page.wait_for_load_state()


def register_by_script(walk: Walk, codes: list[str]) -> None:
    """Register through the same pages, as fast as they answer."""
    walk.app.test_client_class = CheckedClient
    for number, code in enumerate(codes):
        client = new_client(walk.app)
        check = walked(client, begun(client, f"/r/{code}"), somebody(walk, number))
        with walk.app.test_request_context():
            long_since()
        assert client.submit(check).status_code == 303


def register_at_once(walk: Walk, codes: list[str]) -> None:
    """Register the others."""
    with walk.app.test_request_context():
        way = db.session.scalars(select(RegistrationPage)).one()
        for number, code in enumerate(codes, BY_SCRIPT):
            features = features_of(way, number)
            letters.use(register(way, number, code=codes_of.digest(code), **features))
        db.session.commit()


def somebody(walk: Walk, number: int) -> dict[str, Any]:
    """Return what the holder of a letter answers; the letter knows their address."""
    with walk.app.test_request_context():
        way = db.session.scalars(select(RegistrationPage)).one()
        answers = sound_answers(way, number, **features_of(way, number))
    return {code: said for code, said in answers.items() if code not in {"address", "postcode"}}


def features_of(way: RegistrationPage, number: int) -> dict[str, str]:
    """Return the gender and the home of the person with this number: all six kinds in turn."""
    gender, home = asked.asked_now(way).values.items()
    turns = ((gender, number), (home, number // 2))
    return {code: list(values)[turn % len(values)] for (code, values), turn in turns}


def look_at_the_pool(walk: Walk, desk: Page) -> None:
    """See the pool against the targets while registration runs."""
    desk.goto(f"{DESK}/pool")
    walk.look(desk, "pool")
    assert str(REGISTERED) in desk.inner_text("main")


def say_no(walk: Walk, seat: int) -> None:
    """Decline by the letter, on a phone."""
    phone = walk.phone(width=320)
    phone.goto(link(walk, seat) + "/decline")
    walk.look(phone, "decline")
    phone.locator("main form button").first.click()
    phone.wait_for_url("**/declined**")
    phone.context.close()


def replace(walk: Walk, desk: Page) -> None:
    """Draw as many as left, in public, as the panel was drawn."""
    desk.goto(f"{DESK}/replacements")
    walk.look(desk, "replacements")
    walk.send(desk, to="/replacements", number=str(NOES))
    desk.locator("main form[action$='/commit'] button").wait_for(timeout=20_000)
    press(desk, "main form[action$='/commit'] button")
    appears(desk, "main form[action$='/dice']")
    walk.send(desk, to="/dice", first="0", second="0", third="9")
    desk.locator("main form[action$='/dice/yes'] button").click()
    desk.wait_for_load_state()
    appears(desk, "svg.bar")
    walk.look(desk, "replaced")


def sitting(walk: Walk) -> int:
    """Return how many sit now, as the public composition says."""
    with walk.app.test_request_context():
        return queries.standing(panel(walk)).sitting


def panel(walk: Walk) -> Any:
    """Return the panel."""
    return db.session.scalars(select(RegistrationPage)).one().panel


def targets_are_met(walk: Walk) -> None:
    """Every target holds for those who sit."""
    with walk.app.test_request_context():
        people = [
            one
            for one in db.session.scalars(select(Person).where(Person.member_id.is_not(None)))
            if one.member is not None and one.member.state == "invited"
        ]
        assert len(people) == SEATS
        for feature, rows in queries.targets_of(panel(walk)):
            held = Counter(one.features[feature] for one in people)
            for row in rows:
                assert row.minimum <= held[row.value] <= row.maximum, (feature, held)


def told(walk: Walk) -> set[str]:
    """Return the figures on the public page about invitations."""
    anyone = walk.phone(width=320)
    anyone.goto("/p/hillgrove-panel/invited")
    walk.look(anyone, "invited")
    figures = {each.inner_text().strip() for each in anyone.locator("dl.facts dd").all()}
    anyone.context.close()
    return figures


def read_in_public(walk: Walk, folder: Path) -> None:
    """Read how people were chosen, and check every draw as the pages say: with Python alone."""
    assert told(walk) >= {f"{LETTERS}", f"{REGISTERED}", f"{SEATS}", f"{NOES}"}
    anyone = walk.phone(width=320)
    checked = 0
    for place in ("invited", "chosen"):
        anyone.goto(f"/p/hillgrove-panel/{place}")
        walk.look(anyone, f"read-{place}")
        links = [one.get_attribute("href") or "" for one in anyone.locator("a[download]").all()]
        for href in [one for one in links if ".zip" in one]:
            bundle = zipfile.ZipFile(BytesIO(anyone.request.get(href).body()))
            bundle.extractall(folder / str(checked))
            checked += 1
        for each in anyone.locator("pre code").all():
            command = re.sub("^python3 ", f"{sys.executable} -I -S ", each.inner_text().strip())
            done = [
                subprocess.run(command.split(), cwd=one, capture_output=True, check=False)
                for one in folder.iterdir()
            ]
            assert 0 in {one.returncode for one in done}, command
    assert checked == 3, "the letters, the panel, those who came in"
