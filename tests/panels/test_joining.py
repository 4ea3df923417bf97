"""Joining by QR code or typed code, carrying on elsewhere, leaving, declining."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from panel_app.core import ids
from panel_app.core.audit import AuditEntry
from panel_app.core.db import Base, db
from panel_app.core.feature import offer
from panel_app.core.translated import Translated
from panel_app.panels import seats, services
from panel_app.panels.models import Device, Member
from panel_app.panels.next_steps import NextStep, NextSteps
from tests.balloting.phones import cast_by_phone
from tests.checked_client import CheckedClient, parse, text_of
from tests.conftest import new_client
from tests.factories.balloting import make_vote
from tests.factories.panels import make_members, make_panel

UNKNOWN = "A" * 43


def invited(app: Flask, number: int = 1) -> list[tuple[int, str, str]]:
    """Return the id, token and typed code of newly invited members."""
    with app.app_context():
        members = make_members(make_panel(size=22), number, state="invited")
        made = [(m.id, seats.token_of(m), seats.code_of(m)) for m in members]
        db.session.commit()
    return made


def phone_in(app: Flask, language: str = "en") -> CheckedClient:
    phone = new_client(app)
    phone.set_cookie("language", language)
    return phone


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with app.app_context():
        return {
            table.name: [tuple(map(str, row)) for row in db.session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def state_of(app: Flask, member_id: int) -> str:
    with app.app_context():
        member = db.session.get(Member, member_id)
        assert member is not None
        return member.state


def test_who_is_offered_money_reads_before_saying_yes_what_it_may_mean_for_benefits(
    app: Flask, client: CheckedClient
) -> None:
    [(number, token, _code)] = invited(app)
    warned = "may count as income if you get benefits"
    assert warned not in text_of(client.page(f"/j/{token}"))
    with app.app_context():
        panel = db.session.get_one(Member, number).panel
        panel.terms = Translated.of(en="£20 an evening, and food")
        db.session.commit()
    said = text_of(client.page(f"/j/{token}"))
    assert "£20 an evening" in said
    assert warned in said


def test_page_is_in_the_letters_language_and_the_switch_comes_first(
    app: Flask, client: CheckedClient
) -> None:
    [(member_id, token, _)] = invited(app)
    with app.app_context():
        db.session.get_one(Member, member_id).language = "bn"
        db.session.commit()
    page = client.page(f"/j/{token}")
    assert page.get("lang") == "bn"
    main = text_of(next(page.iter("main")))
    assert main.index("العربية") < main.index("1")
    answer = client.submit(f"/j/{token}", button="العربية")
    assert answer.headers["Location"] == f"/j/{token}"
    page = client.page(f"/j/{token}")
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")


def test_page_is_in_the_phones_language_where_the_letter_was_in_the_panels_first(
    app: Flask, client: CheckedClient
) -> None:
    [(_, token, _)] = invited(app)
    page = client.page(f"/j/{token}", headers={"Accept-Language": "ar-EG, en;q=0.5"})
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")


def test_residents_get_three_cookies_and_no_other(app: Flask, client: CheckedClient) -> None:
    vote = make_vote(app)
    with app.app_context():
        token = seats.token_of(db.session.get_one(Member, vote.members[0]))
    client.submit(f"/j/{token}", button="English")
    client.submit(f"/j/{token}", action=f"/j/{token}")
    cast_by_phone(client, vote, vote.projects[:1])
    assert {cookie.key for cookie in client._cookies.values()} == {"language", "seat", "session"}


def test_residents_cookies_are_made_once(app: Flask, client: CheckedClient) -> None:
    vote = make_vote(app)
    with app.app_context():
        token = seats.token_of(db.session.get_one(Member, vote.members[0]))
    client.submit(f"/j/{token}", button="English")
    client.submit(f"/j/{token}", action=f"/j/{token}")
    for path in ("/my/", vote.page, f"{vote.page}/receipt", "/my/phone"):
        assert "Set-Cookie" not in client.get(path).headers, path
    checked = client.submit(vote.page, {"project": vote.projects[:1]}, action="/check")
    assert "Set-Cookie" not in checked.headers


def test_token_stands_in_no_query_string(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    for phone in (new_client(app), phone_in(app)):
        for path in (f"/j/{token}", f"/j/{token}/decline"):
            for link in phone.page(path).iter("a"):
                assert token not in (link.get("href") or "").partition("?")[2]


def test_join_page_says_what_it_is_about(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    page = text_of(phone_in(app).page(f"/j/{token}"))
    assert "Join as seat 1?" in page
    assert "one of 22 people" in page
    assert "Votes are secret" in page


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_every_page_of_joining_holds_in_every_language(app: Flask, language: str) -> None:
    [(_, token, _)] = invited(app)
    phone = phone_in(app, language)
    for path in (f"/j/{token}", f"/j/{token}/decline", "/join", "/moved", "/declined"):
        assert phone.page(path).get("lang") == language
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    for path in ("/my/", "/my/phone", "/my/stop"):
        assert phone.page(path).get("lang") == language


def test_looking_never_joins(app: Flask) -> None:
    [(member_id, token, _)] = invited(app)
    before = everything(app)
    for phone in (new_client(app), phone_in(app)):
        for _ in range(20):
            answer = phone.get(f"/j/{token}")
            assert app.config["DEVICE_COOKIE_NAME"] not in answer.headers.get("Set-Cookie", "")
        phone.get(f"/j/{token}/decline")
    assert everything(app) == before
    assert state_of(app, member_id) == "invited"


def test_joining_confirms_and_leads_to_my_panel(app: Flask) -> None:
    [(member_id, token, _)] = invited(app)
    phone = phone_in(app, "bn")
    answer = phone.submit(f"/j/{token}", action=f"/j/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my/")
    assert "1" in text_of(phone.page("/my/"))
    with app.app_context():
        member = db.session.get(Member, member_id)
        assert member is not None
        assert (member.state, member.language) == ("confirmed", "bn")
        assert member.confirmed_at is not None
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert actions.count("seat.confirmed") == 1


def test_joining_makes_the_safeguard_anew(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    phone = phone_in(app)
    before = phone.token_on("/join")
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    assert phone.token_on("/my/phone") != before
    assert phone.post("/my/leave-phone", data={"csrf_token": before}).status_code == 400


def test_cookie_is_kept_from_scripts(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    answer = phone_in(app).submit(f"/j/{token}", action=f"/j/{token}")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("seat="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert token not in cookie


def test_second_phone_carries_on_and_the_first_is_told(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    first, second = phone_in(app), phone_in(app)
    first.submit(f"/j/{token}", action=f"/j/{token}")
    second.submit(f"/j/{token}", action=f"/j/{token}")
    assert second.get("/my/").status_code == 200
    assert first.get("/my/").headers["Location"] == "/moved"
    assert "another phone" in text_of(first.page("/moved"))


def test_scanning_again_on_the_same_phone_leads_on(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    phone = phone_in(app)
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    assert phone.get(f"/j/{token}").headers["Location"] == "/my/"


def test_phone_of_another_seat_is_told_before_it_changes(app: Flask) -> None:
    (_, one, _), (_, other, _) = invited(app, 2)
    phone = phone_in(app)
    phone.submit(f"/j/{one}", action=f"/j/{one}")
    assert "This phone is in seat 1 now" in text_of(phone.page(f"/j/{other}"))
    phone.submit(f"/j/{other}", action=f"/j/{other}")
    assert "Seat 2" in text_of(phone.page("/my/"))


@pytest.mark.parametrize("spoken", [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c} "])
def test_typed_code_leads_where_the_qr_code_leads(app: Flask, spoken: object) -> None:
    assert callable(spoken)
    [(_, token, code)] = invited(app)
    answer = phone_in(app).submit("/join", {"code": spoken(code)})
    assert answer.headers["Location"] == f"/j/{token}"


def test_code_typed_in_arabic_digits_is_understood(app: Flask) -> None:
    [(_, token, code)] = invited(app)
    typed = "".join(chr(0x0660 + int(c)) if c.isdigit() else c for c in code)
    assert phone_in(app).submit("/join", {"code": typed}).headers["Location"] == f"/j/{token}"


def test_wrong_codes_are_answered_alike(app: Flask) -> None:
    [(member_id, _, code)] = invited(app)
    with app.app_context():
        member = db.session.get(Member, member_id)
        assert member is not None
        services.give_up_seat(member=member)
        db.session.commit()
    answers = set()
    for typed in (code, code[:-1] + "?", "0000-0000-0000", "x", "' OR 1=1 --", "٣" * 40):
        answer = phone_in(app).submit("/join", {"code": typed})
        tree = parse(answer.text)
        answers.add((answer.status_code, text_of(next(tree.iter("main")))))
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_ten_wrong_tries_close_one_code_and_no_other(app: Flask) -> None:
    (_, _, one), (_, token, other) = invited(app, 2)
    phone = phone_in(app)
    wrong = one[:4] + "00000000"
    if wrong == one.replace("-", ""):
        wrong = one[:4] + "11111111"
    answers = [phone.submit("/join", {"code": wrong}).text for _ in range(12)]
    assert ["too often" in answer for answer in answers] == [False] * 10 + [True] * 2
    assert "too often" in phone.submit("/join", {"code": one}).text
    assert phone.submit("/join", {"code": other}).headers["Location"] == f"/j/{token}"


def test_old_wrong_and_given_up_tokens_are_answered_alike(app: Flask) -> None:
    (reissued, old, _), (declined, given_up, _) = invited(app, 2)
    with app.app_context():
        for member_id, change in ((reissued, seats.reissue), (declined, _decline)):
            member = db.session.get(Member, member_id)
            assert member is not None
            change(member)
        db.session.commit()
    tokens = (old, given_up, UNKNOWN, "x", "a" * 3000, "';--")
    answers = [phone_in(app).get(f"/j/{token}") for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    phone = phone_in(app)
    phone.get("/join")
    field = parse(phone.get("/join").text).find(".//input[@name='csrf_token']")
    assert field is not None
    for token in (old, given_up, UNKNOWN):
        for path in (f"/j/{token}", f"/j/{token}/decline"):
            answer = phone.post(path, data={"csrf_token": field.get("value")})
            assert answer.status_code == 404


def _decline(member: Member) -> None:
    services.give_up_seat(member=member)


def test_leaving_the_phone_keeps_the_seat(app: Flask) -> None:
    [(member_id, token, _)] = invited(app)
    phone = phone_in(app)
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    assert phone.submit("/my/phone").headers["Location"] == "/join"
    assert phone.get("/my/").headers["Location"] == "/join"
    assert state_of(app, member_id) == "confirmed"
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    assert phone.get("/my/").status_code == 200


def test_copied_cookie_is_useless_after_leaving(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    phone, thief = phone_in(app), phone_in(app)
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    cookie = phone.get_cookie("seat")
    assert cookie is not None
    thief.set_cookie("seat", cookie.value)
    assert thief.get("/my/").status_code == 200
    phone.submit("/my/phone")
    assert thief.get("/my/").status_code == 303


def test_declining_takes_a_second_step(app: Flask) -> None:
    [(member_id, token, _)] = invited(app)
    phone = phone_in(app)
    phone.get(f"/j/{token}/decline")
    assert state_of(app, member_id) == "invited"
    answer = phone.submit(f"/j/{token}/decline", action="decline")
    assert answer.headers["Location"] == "/declined"
    assert state_of(app, member_id) == "declined"


def test_member_who_stops_has_left_and_no_phone(app: Flask) -> None:
    [(member_id, token, _)] = invited(app)
    phone = phone_in(app)
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    phone.submit("/my/stop")
    assert state_of(app, member_id) == "left"
    assert phone.get("/my/").headers["Location"] == "/join"


def test_phone_in_a_seat_given_up_elsewhere_is_told_so(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    phone, other = phone_in(app), phone_in(app)
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    other.submit(f"/j/{token}/decline", action="decline")
    assert phone.get("/my/").headers["Location"] == "/declined"


def test_my_panel_shows_what_is_open_first(app: Flask) -> None:
    [(_, token, _)] = invited(app)
    phone = phone_in(app)
    phone.submit(f"/j/{token}", action=f"/j/{token}")
    assert "nothing to do just now" in text_of(phone.page("/my/"))
    soon = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
    steps = [
        NextStep(title="Second evening", words="In the hall", at=soon),
        NextStep(title="Vote on the pot", words="", url="/help", button="Vote", now=True),
    ]
    offer(app, NextSteps(lambda member: steps))
    page = phone.page("/my/")
    titles = [text_of(heading) for heading in page.iter("h2")]
    assert titles[:2] == ["Vote on the pot", "Second evening"]
    assert "26 November 2026" in text_of(page)


def test_ten_thousand_tokens_are_unique_and_none_is_kept(app: Flask) -> None:
    with app.app_context():
        panel = make_panel(size=10_000)
        tokens, codes = set(), set()
        for number in range(10_000):
            member = Member(
                panel_id=panel.id,
                public_id=ids.public_id(),
                seat=number + 1,
                issue=1,
                locator=_locator(number),
            )
            seats.seal(member)
            tokens.add(seats.token_of(member))
            codes.add(seats.secret_code_of(member))
            if number < 200:
                db.session.add(member)
        db.session.commit()
        assert len(tokens) == len({token[:20] for token in tokens}) == 10_000
        assert {len(token) for token in tokens} == {43}
        assert len(codes) > 9_990
        kept = repr([tuple(row) for row in db.session.execute(text("SELECT * FROM member"))])
        assert not [token for token in tokens if token in kept]
        assert not [code for code in codes if code in kept]


def _locator(number: int) -> str:
    return "".join(ids.CROCKFORD[number >> 5 * at & 31] for at in range(4))


def test_fifty_phones_with_one_letter_leave_one_in_the_seat(app: Flask) -> None:
    [(member_id, token, _)] = invited(app)
    phones = [_ready_to_join(app, token) for _ in range(50)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(_press, phones))
    assert set(answers) == {303}
    inside = [phone for phone, _, _ in phones if phone.get("/my/").status_code == 200]
    assert len(inside) == 1
    with app.app_context():
        holding = select(func.count()).select_from(Device).where(Device.moved_at.is_(None))
        assert db.session.scalar(holding) == 1
        confirmed = select(func.count()).where(AuditEntry.action == "seat.confirmed")
        assert db.session.scalar(confirmed) == 1
    assert state_of(app, member_id) == "confirmed"


def test_fifty_members_at_once_all_get_in(app: Flask) -> None:
    phones = [_ready_to_join(app, token) for _, token, _ in invited(app, 50)]
    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(_press, phones)) == {303}
    assert [phone.get("/my/").status_code for phone, _, _ in phones] == [200] * 50


def _ready_to_join(app: Flask, token: str) -> tuple[CheckedClient, str, str]:
    phone = phone_in(app)
    field = parse(phone.get(f"/j/{token}").text).find(".//input[@name='csrf_token']")
    assert field is not None
    return phone, f"/j/{token}", field.get("value") or ""


def _press(ready: tuple[CheckedClient, str, str]) -> int:
    phone, path, safeguard = ready
    return phone.post(path, data={"csrf_token": safeguard}).status_code


def test_database_lets_one_phone_hold_a_seat(app: Flask) -> None:
    with app.app_context():
        indexes = inspect(db.engine).get_indexes("device")
    assert any(i["name"] == "uq_device_seat" and i["unique"] for i in indexes)
