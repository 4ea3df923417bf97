"""Setting up a panel, publishing it, and who works on it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels import seats, services
from panel_app.panels.models import Panel
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import PASSWORD, make_user

FACTS = {
    "name_en": "Hillgrove panel",
    "name_bn": "হিলগ্রোভ প্যানেল",
    "name_ar": "",
    "purpose_en": "Decide how £100,000 is spent on the estate",
    "mission_en": "Everyone eats well every day",
    "size": "22",
    "languages": ["en", "bn"],
    "place": "Community hall",
    "sender": "Hillgrove Panel\r\n1 Hillgrove Road",
    "reply_by": "2026-11-12",
}


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return a browser with an organiser of all panels signed in."""
    with app.app_context():
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def panel_of(app: Flask) -> Panel:
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        db.session.expunge(panel)
        return panel


def set_up(app: Flask) -> str:
    with app.app_context():
        slug = make_panel(slug="hillgrove", published=False).slug
        db.session.commit()
    return slug


def test_organiser_sets_up_a_panel_in_several_languages(app: Flask, desk: CheckedClient) -> None:
    answer = desk.submit("/desk/new", FACTS)
    assert answer.headers["Location"] == "/desk/hillgrove-panel/"
    panel = panel_of(app)
    assert panel.name == Translated.of(en="Hillgrove panel", bn="হিলগ্রোভ প্যানেল")
    assert (panel.size, panel.languages, panel.published) == (22, ["en", "bn"], False)
    assert panel.sender.splitlines() == ["Hillgrove Panel", "1 Hillgrove Road"]
    assert "Hillgrove panel" in text_of(desk.page("/desk/hillgrove-panel/"))


def test_faults_of_the_form_keep_what_was_typed(app: Flask, desk: CheckedClient) -> None:
    answer = desk.submit("/desk/new", {**FACTS, "size": "1", "name_en": "", "languages": []})
    assert answer.status_code == 422
    for words in ("হিলগ্রোভ প্যানেল", "Type a number from 2", "Fill this in", "at least one language"):
        assert words in answer.text
    with app.app_context():
        assert db.session.scalar(select(Panel)) is None


@pytest.mark.parametrize(
    "hostile",
    [
        {"size": "1e9"},
        {"size": "-3"},
        {"size": "99999999999999999999"},
        {"name_en": "x" * 121},
        {"languages": ["xx"]},
        {"reply_by": "2026-13-40"},
        {"sender": "x" * 401},
        {"sender": " "},
    ],
)
def test_hostile_facts_are_refused(desk: CheckedClient, hostile: dict[str, Any]) -> None:
    assert desk.submit("/desk/new", {**FACTS, **hostile}).status_code == 422


def test_same_name_twice_gets_another_address(app: Flask, desk: CheckedClient) -> None:
    first = desk.submit("/desk/new", FACTS).headers["Location"]
    second = desk.submit("/desk/new", FACTS).headers["Location"]
    assert first != second
    assert desk.submit("/desk/new", {**FACTS, "name_en": "New"}).headers["Location"] != "/desk/new/"
    unwritable = desk.submit("/desk/new", {**FACTS, "name_en": "প্যানেল"})
    assert unwritable.headers["Location"].startswith("/desk/panel")


def test_editing_changes_facts_and_keeps_the_address(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    answer = desk.submit(f"/desk/{slug}/edit", {"name_ar": "لجنة", "size": "8"})
    assert answer.status_code == 303
    panel = panel_of(app)
    assert (panel.slug, panel.size, panel.name.versions["ar"].text) == (slug, 8, "لجنة")
    assert panel.mission is not None


def test_editing_keeps_what_no_field_is_about(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        name = Translated.of(en="Panel", so="Guddi")
        panel.name = name.with_version("bn", "প্যানেল", "machine")
        db.session.commit()
    assert desk.submit(f"/desk/{slug}/edit", {"name_ar": "لجنة"}).status_code == 303
    versions = panel_of(app).name.versions
    assert {code: (v.text, v.origin) for code, v in versions.items()} == {
        "en": ("Panel", "person"),
        "so": ("Guddi", "person"),
        "bn": ("প্যানেল", "machine"),
        "ar": ("لجنة", "person"),
    }


def test_size_stays_once_people_are_drawn(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    with app.app_context():
        make_members(db.session.scalars(select(Panel)).one(), 3)
        db.session.commit()
    answer = desk.submit(f"/desk/{slug}/edit", {"size": "9"})
    assert answer.status_code == 422
    assert "it can’t change any more" in answer.text


def test_publishing_can_be_taken_back(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    desk.submit(f"/desk/{slug}/", action="publish")
    assert panel_of(app).published
    desk.submit(f"/desk/{slug}/", action="withdraw")
    assert not panel_of(app).published
    with app.app_context():
        actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))
    assert [a for a in actions if a.startswith("panel.")] == ["panel.published", "panel.withdrawn"]


def test_new_person_gets_an_account_on_this_panel_only(
    app: Flask, desk: CheckedClient, sign_in: Any
) -> None:
    slug = set_up(app)
    with app.app_context():
        make_panel(slug="other")
        db.session.commit()
    person = {"email": "Fay@Example.org", "name": "Fay", "password": PASSWORD}
    answer = desk.submit(f"/desk/{slug}/staff", {**person, "role": "facilitator"}, button="Add")
    assert answer.status_code == 303
    assert "Fay" in text_of(desk.page(f"/desk/{slug}/staff"))
    fay = sign_in("fay@example.org")
    assert fay.get(f"/desk/{slug}/").status_code == 200
    assert fay.get("/desk/other/").status_code == 404
    assert fay.get(f"/desk/{slug}/staff").status_code == 403


def test_known_person_gets_a_role_once(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    with app.app_context():
        email = make_user("observer", make_panel(slug="other")).email
        db.session.commit()
    fields = {"email": email, "role": "facilitator"}
    assert desk.submit(f"/desk/{slug}/staff", fields, button="Add").status_code == 303
    again = desk.submit(f"/desk/{slug}/staff", fields, button="Add")
    assert again.status_code == 422
    assert "has that role already" in again.text
    assert email in again.text


def test_new_person_needs_a_name_and_a_long_password(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    nameless = desk.submit(f"/desk/{slug}/staff", {"email": "a@b.org"}, button="Add")
    assert "type their name" in nameless.text
    short = {"email": "a@b.org", "name": "A", "password": "short"}
    assert "12 characters" in desk.submit(f"/desk/{slug}/staff", short, button="Add").text
    with app.app_context():
        assert db.session.scalar(select(User).where(User.email == "a@b.org")) is None


def test_removed_person_is_out_at_once(app: Flask, desk: CheckedClient, sign_in: Any) -> None:
    slug = set_up(app)
    with app.app_context():
        email = make_user("facilitator", db.session.scalars(select(Panel)).one()).email
        db.session.commit()
    fay = sign_in(email)
    assert fay.get(f"/desk/{slug}/").status_code == 200
    desk.submit(f"/desk/{slug}/staff", action="remove")
    assert fay.get(f"/desk/{slug}/").status_code == 404


def test_nobody_gives_or_takes_more_than_their_own(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    with app.app_context():
        make_user("administrator", db.session.scalars(select(Panel)).one())
        db.session.commit()
    forged = {"email": "x@y.org", "name": "X", "password": PASSWORD, "role": "administrator"}
    assert desk.submit(f"/desk/{slug}/staff", forged, button="Add").status_code == 422
    assert desk.submit(f"/desk/{slug}/staff", action="remove").status_code == 403


def test_role_of_another_panel_is_not_found(app: Flask, desk: CheckedClient) -> None:
    slug = set_up(app)
    with app.app_context():
        given = make_user("observer", make_panel(slug="other")).staff_roles[0].id
        make_user("observer", db.session.scalars(select(Panel).where(Panel.slug == slug)).one())
        db.session.commit()
    page = desk.page(f"/desk/{slug}/staff")
    form = next(f for f in page.iter("form") if "remove" in (f.get("action") or ""))
    token = form.find(".//input[@name='csrf_token']")
    assert token is not None
    for number in (str(given), "0", "x"):
        answer = desk.post(
            f"/desk/{slug}/staff/{number}/remove", data={"csrf_token": token.get("value")}
        )
        assert answer.status_code == 404


def test_confirming_twice_changes_only_the_language(app: Flask) -> None:
    with app.app_context():
        [member] = make_members(make_panel(), 1, state="invited")
        services.confirm_seat(member=member, language="bn")
        when = member.confirmed_at
        services.confirm_seat(member=member, language="ar")
        assert (member.language, member.confirmed_at) == ("ar", when)
        confirmed = select(AuditEntry).where(AuditEntry.action == "seat.confirmed")
        assert len(db.session.scalars(confirmed).all()) == 1


def test_reissued_letter_ends_the_old_one(app: Flask) -> None:
    with app.app_context():
        [member] = make_members(make_panel(), 1, state="invited")
        old = seats.token_of(member)
        services.join(token=old, language="en")
        services.reissue_letter(member=member, actor="staff:test")
        assert seats.with_token(old) is None
        assert seats.with_token(seats.token_of(member)) == member
        assert all(device.moved_at for device in member.devices)
