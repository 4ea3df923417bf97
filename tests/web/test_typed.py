"""What was typed or ticked comes back: on an old page, in another language, without a script."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from panel_app.core.db import db
from panel_app.staff.models import User
from panel_app.web.typed import _Filler
from tests.balloting.conftest import vote
from tests.checked_client import CheckedClient, parse
from tests.factories.balloting import Vote
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

__all__ = ["vote"]
Join = Callable[[int], CheckedClient]
HOSTILE = '\n“A & B” <b>, half a ‘sen\ntence’ "> &amp; </textarea> ünd 60 % 東京'


def ticked(html: str) -> list[str | None]:
    return [f.get("value") for f in parse(html).iter("input") if f.get("checked") is not None]


def in_bengali(phone: CheckedClient, page: str, sent: dict[str, object]) -> str:
    """Press the language switch of a page with these fields, choose Bengali; return the page."""
    shown = parse(phone.get(page).text)
    switch = next(b for b in shown.iter("button") if b.get("form") == "typed")
    token = next(f.get("value") for f in shown.iter("input") if f.get("name") == "csrf_token")
    offered = phone.post(switch.get("formaction", ""), data={"csrf_token": token, **sent})
    hidden = {f.get("name"): f.get("value") for f in parse(offered.text).iter("input")}
    answer = phone.post("/language", data={**hidden, "language": "bn"})
    assert parse(answer.text).get("lang") == "bn"
    assert "language=bn" in answer.headers["Set-Cookie"]
    return answer.text


def test_ticks_survive_a_change_of_language(join: Join, vote: Vote) -> None:
    phone, chosen = join(vote.members[0]), vote.projects[1:3]
    shown = in_bengali(phone, vote.page, {"project": chosen})
    assert sorted(map(str, ticked(shown))) == sorted(chosen)


def test_ticks_survive_an_old_token(join: Join, vote: Vote) -> None:
    phone, chosen = join(vote.members[0]), vote.projects[1:3]
    phone.get(vote.page)
    answer = phone.post(f"{vote.page}/check", data={"csrf_token": "x", "project": chosen})
    assert answer.status_code == 400
    assert sorted(map(str, ticked(answer.text))) == sorted(chosen)
    token = next(f for f in parse(answer.text).iter("input") if f.get("name") == "csrf_token")
    sent = {"csrf_token": token.get("value"), "project": chosen}
    assert phone.post(f"{vote.page}/check", data=sent).status_code == 200


def test_words_survive_an_old_token(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        panel = make_panel()
        user = make_user("organiser", panel)
        page, email = f"/desk/{panel.slug}/sessions/new", user.email
        db.session.commit()
    desk = sign_in(email)
    answer = desk.post(page, data={"csrf_token": "x", "place_en": HOSTILE.strip()})
    assert answer.status_code == 400
    assert "still here" in answer.text
    field = parse(answer.text).find(".//input[@name='place_en']")
    assert field is not None
    assert field.get("value") == HOSTILE.strip()
    assert "reload" not in answer.text


def test_pasted_rows_survive_an_old_token_and_another_language(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        panel = make_panel()
        user = make_user("organiser", panel)
        page, email = f"/desk/{panel.slug}/people", user.email
        db.session.commit()
    desk, rows = sign_in(email), "id;name\n" + '1;Ann "A" <&>\n' * 4_000
    answers = [
        desk.post(page, data={"csrf_token": "x", "text": rows}).text,
        in_bengali(desk, page, {"text": rows}),
    ]
    for answer in answers:
        field = parse(answer).find(".//textarea[@name='text']")
        assert field is not None
        assert (field.text or "").replace("\r\n", "\n") == rows


def test_page_from_elsewhere_gets_nothing_filled_in(join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    sent = {"csrf_token": "x", "project": vote.projects[:1]}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = phone.post(f"{vote.page}/check", data=sent, headers=elsewhere)
    assert answer.status_code in {400, 403}
    assert ticked(answer.text) == []


def test_signed_out_staff_carry_on_after_signing_in(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        panel = make_panel()
        user = make_user("organiser", panel)
        page, email = f"/desk/{panel.slug}/sessions/new", user.email
        db.session.commit()
    desk = sign_in(email)
    desk.delete_cookie("session")
    waits = desk.post(page, data={"csrf_token": "x", "title_en": "Spring"})
    hidden = {f.get("name"): f.get("value") for f in parse(waits.text).iter("input")}
    assert hidden == {"title_en": "Spring"}
    again = sign_in(email).post(page, data=hidden)
    assert 'value="Spring"' in again.text


@pytest.mark.parametrize("text", [HOSTILE, "row;" * 15_000])
def test_filling_in_puts_back_exactly_what_was_sent(text: str) -> None:
    page = (
        '<!doctype html><p>a &amp; b</p><form method="post"><svg viewBox="0 0 1 1"></svg>'
        '<input name="one" value="x"><textarea name="two">old &lt;</textarea>'
        '<select name="three"><option value="a" selected>A</option><option value="b">B</option>'
        '</select><input type="checkbox" name="four" value="1" checked>'
        '<input type="hidden" name="five" value="kept"></form><input name="one">'
    )
    typed = MultiDict([("one", text), ("two", text), ("three", "b"), ("five", "x")])
    shown = _Filler(typed, page="/a?b=c", to="/a").filled(page)
    tree = parse(shown)
    assert shown.startswith("<!doctype html><p>a &amp; b</p>")
    form = tree.find(".//form")
    assert form is not None
    assert form.get("action") == "/a?b=c"
    assert unescape(shown).count(text) == 2
    assert [f.get("value") for f in tree.iter("input")][2:] == ["kept", None]
    assert [o.get("selected") for o in tree.iter("option")] == [None, ""]
    assert tree.find(".//textarea").text == text  # type: ignore[union-attr]


def test_file_that_cannot_be_kept_is_asked_for_again() -> None:
    page = '<form method="post"><input type="file" name="photo"><input type="file" name="b"></form>'
    shown = _Filler(MultiDict([("photo", "cat.jpg")]), page="/a", to="/a").filled(page)
    assert shown.count("Please choose the file again.") == 1


@pytest.mark.parametrize("lost", ["seat", "sign-in"])
def test_what_nobody_took_waits_with_its_names_and_says_that_files_are_gone(
    app: Flask, client: CheckedClient, lost: str
) -> None:
    with app.app_context():
        slug = make_panel().slug
        db.session.commit()
    path = f"/desk/{slug}/sessions/new" if lost == "sign-in" else "/my/statements/x/new"
    token = client.token_on("/language")
    sent = {"csrf_token": token, "text": HOSTILE, "f": (io.BytesIO(b"x"), "cat.jpg")}
    answer = client.post(path, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 400
    hidden = {f.get("name"): f.get("value") for f in parse(answer.text).iter("input")}
    assert hidden["text"] == HOSTILE.replace("\n", "\r\n") or hidden["text"] == HOSTILE
    assert "can’t be kept" in answer.text
    assert "in another tab" in answer.text


def test_password_asked_for_again_takes_nothing_that_was_typed(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        page, email = "/desk/staff/new", make_user("administrator").email
        db.session.commit()
    desk = sign_in(email)
    token = desk.token_on(page)
    with desk.session_transaction() as session:
        session["fs_paa"] = 0.0
    waits = desk.post(page, data={"csrf_token": token, "email": "ann@example.org"})
    hidden = {f.get("name"): f.get("value") for f in parse(waits.text).iter("input")}
    assert hidden == {"email": "ann@example.org"}
    assert "type your password again in another tab" in waits.text
