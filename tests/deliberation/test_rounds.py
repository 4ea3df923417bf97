"""Rounds of statements on phone, console and wall."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.deliberation.statements import exports, groups, queries, services
from panel_app.deliberation.statements.exports import statements_result
from panel_app.deliberation.statements.models import Statement, StatementAnswer
from panel_app.sessions import activities
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem, Attendance
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import SEEDS, answer_all, in_english, make_round, make_statement
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

FIGURES = ("answers", "agree", "disagree", "pass")

Join = Callable[[int], CheckedClient]
SignIn = Callable[[str], CheckedClient]


class Hall:
    """A panel in an open session with a round of statements."""

    def __init__(self, app: Flask, *, members: int = 6) -> None:
        with app.app_context():
            panel = make_panel()
            self.members = [member.id for member in make_members(panel, members)]
            session = make_session(panel)
            item = make_round(session)
            self.item, self.item_id = item.public_id, item.id
            self.session, self.slug = session.public_id, panel.slug
            self.facilitator = make_user("facilitator", panel).email
            self.statements = [one.public_id for one in queries.statements_of(item)]
            db.session.commit()

    @property
    def phone(self) -> str:
        return f"/my/session/{self.session}"

    @property
    def desk(self) -> str:
        return f"/desk/{self.slug}/sessions/{self.session}"


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def test_member_answers_every_statement_in_turn(hall: Hall, join: Join, app: Flask) -> None:
    phone = join(hall.members[0])
    for _ in hall.statements:
        answer = phone.submit(hall.phone, {"value": "1"}, action="/answer")
        assert answer.status_code == 303
    assert "answered everything" in text_of(phone.page(hall.phone))
    with app.app_context():
        assert db.session.query(StatementAnswer).count() == len(hall.statements)
        assert db.session.query(Attendance).count() == 1


def test_first_answer_wins_no_place_over_a_later_counter(
    hall: Hall, join: Join, app: Flask
) -> None:
    phone, path = join(hall.members[0]), f"/my/statements/{hall.statements[0]}/answer"
    token = phone.token_on(hall.phone)
    for value, counter in (("1", 1), ("-1", 2), ("1", 1), ("0", 2)):
        sent = {"csrf_token": token, "value": value, "counter": counter}
        answer = phone.post(path, data=sent, headers={"X-Queue": "k"})
        assert (answer.status_code, answer.headers["X-Received"]) == (200, "1")
    with app.app_context():
        kept = db.session.query(StatementAnswer).one()
        assert (kept.value, kept.counter) == (-1, 2)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("value", "2"),
        ("value", "1e309"),
        ("value", ""),
        ("value", "1\0"),
        ("counter", "0"),
        ("counter", "9" * 30),
        ("counter", "-3"),
    ],
)
def test_hostile_answer_is_refused(
    hall: Hall, join: Join, app: Flask, field: str, bad: str
) -> None:
    phone = join(hall.members[0])
    sent = {"value": "1", "counter": "1", "csrf_token": phone.token_on(hall.phone), field: bad}
    answer = phone.post(f"/my/statements/{hall.statements[0]}/answer", data=sent)
    assert answer.status_code in {400, 422}
    with app.app_context():
        assert db.session.query(StatementAnswer).count() == 0


def test_answer_after_closing_is_not_counted(hall: Hall, join: Join, app: Flask) -> None:
    phone = join(hall.members[0])
    token = phone.token_on(hall.phone)
    with app.app_context():
        sessions.close_item(item=_item(hall), actor=ACTOR)
        db.session.commit()
    sent = {"csrf_token": token, "value": "1", "counter": "1"}
    answer = phone.post(f"/my/statements/{hall.statements[0]}/answer", data=sent)
    assert answer.status_code == 409
    assert "has closed" in answer.text
    with app.app_context():
        assert db.session.query(StatementAnswer).count() == 0


def test_other_panels_ids_are_unknown(hall: Hall, join: Join, app: Flask) -> None:
    with app.app_context():
        stranger = make_members(make_panel(), 1)[0].id
        db.session.commit()
    phone = join(stranger)
    assert phone.get(hall.phone).status_code == 404
    assert phone.get(f"{hall.phone}/now").status_code == 404
    assert phone.get(f"/my/statements/{hall.item}/answers").status_code == 404
    sent = {"csrf_token": phone.token_on("/language"), "value": "1", "counter": "1"}
    assert phone.post(f"/my/statements/{hall.statements[0]}/answer", data=sent).status_code == 404
    assert phone.post(f"{hall.phone}/here", data=sent).status_code == 404


def test_own_statement_waits_for_the_moderator(hall: Hall, join: Join, sign_in: SignIn) -> None:
    phone, desk = join(hall.members[0]), sign_in(hall.facilitator)
    phone.submit(f"/my/statements/{hall.item}/new", {"text": "Repairs  come first!"})
    assert "has yet to look at it" in text_of(phone.page(hall.phone))
    other = join(hall.members[1])
    assert "Repairs come first!" not in text_of(other.page(f"{hall.phone}"))
    console = text_of(desk.page(f"{hall.desk}/"))
    assert "1 new statement to check" in console
    assert "very like no. 1" in console
    desk.submit(f"{hall.desk}/", button="Accept", action="/accept")
    assert "to check" not in text_of(desk.page(f"{hall.desk}/"))
    desk.submit(f"/desk/{hall.slug}/items/{hall.item}/statements", action="/reject")


def test_same_form_sent_twice_adds_one_statement(hall: Hall, join: Join, app: Flask) -> None:
    phone = join(hall.members[0])
    sent = {
        "csrf_token": phone.token_on(hall.phone),
        "text": "More benches",
        "key": "a-key-of-this-page",
    }
    for _ in range(2):
        assert phone.post(f"/my/statements/{hall.item}/new", data=sent).status_code == 303
    with app.app_context():
        assert db.session.query(Statement).filter_by(state="pending").count() == 1


def test_two_members_may_send_the_same_key(hall: Hall, join: Join, app: Flask) -> None:
    for member, text in zip(hall.members, ("More benches", "Fewer cars"), strict=False):
        phone = join(member)
        sent = {"csrf_token": phone.token_on(hall.phone), "text": text, "key": "one-key-for-two"}
        assert phone.post(f"/my/statements/{hall.item}/new", data=sent).status_code == 303
    with app.app_context():
        assert db.session.query(Statement).filter_by(state="pending").count() == 2


@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 141, "x" * 10_000, "\0", "\u200b\u200d", "\u202e"]
)
def test_faulty_statement_is_shown_again(hall: Hall, join: Join, text: str) -> None:
    answer = join(hall.members[0]).submit(f"/my/statements/{hall.item}/new", {"text": text})
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\u202egnp.exe\u2066b", "agnp.exeb"),
        ("{{ 7*7 }} %(num)s {0}", "{{ 7*7 }} %(num)s {0}"),
        ("مزيد من المقاعد 🪑", "مزيد من المقاعد 🪑"),
        ("n" * 140, "n" * 140),
    ],
)
def test_statement_is_shown_as_typed_apart_from_its_surroundings(
    hall: Hall, join: Join, sign_in: SignIn, typed: str, kept: str
) -> None:
    phone, desk = join(hall.members[0]), sign_in(hall.facilitator)
    phone.submit(f"/my/statements/{hall.item}/new", {"text": typed, "asked": "yes"})
    for page in (f"{hall.desk}/", f"/desk/{hall.slug}/items/{hall.item}/statements"):
        shown = [e for e in desk.page(page).iter("bdi") if text_of(e) == kept]
        assert [e.get("dir") for e in shown] == ["auto"], page
        assert "\u202e" not in desk.get(page).text


def test_too_many_waiting_statements_are_refused(hall: Hall, app: Flask) -> None:
    with app.app_context():
        item, member = _item(hall), _member(hall, 0)
        for number in range(services.WAITING_A_MEMBER):
            make_statement(item, member, f"Idea {number} of many different ones {number}")
        with pytest.raises(Refused):
            make_statement(item, member, "One more")


def test_results_stay_hidden_until_revealed(
    hall: Hall, join: Join, sign_in: SignIn, app: Flask
) -> None:
    phone, desk = join(hall.members[0]), sign_in(hall.facilitator)
    with app.app_context():
        for number in range(5):
            answer_all(_item(hall), _member(hall, number), 1 if number < 4 else -1)
        db.session.commit()
    assert "5 of 6 have answered" in text_of(desk.page(f"{hall.desk}/wall"))
    desk.submit(f"{hall.desk}/", button="Close the round")
    for page in (phone.page(hall.phone), desk.page(f"{hall.desk}/wall")):
        assert "of 5 agree" not in text_of(page)
    desk.submit(f"{hall.desk}/", button="Show the results")
    assert "4 of 5 agree" in text_of(phone.page(hall.phone))
    assert "4 agree0 pass" in text_of(desk.page(f"{hall.desk}/wall")).replace(" 0", "0")
    with app.app_context():
        told = statements_result(_item(hall))
        assert told["statements"][0]["agree"] == 4
    desk.submit(f"{hall.desk}/", button="Hide the results")
    assert "of 5 agree" not in text_of(phone.page(hall.phone))


def test_a_round_whose_results_were_shown_stays_closed(
    hall: Hall, sign_in: SignIn, app: Flask
) -> None:
    desk = sign_in(hall.facilitator)
    desk.submit(f"{hall.desk}/", button="Close the round")
    desk.submit(f"{hall.desk}/", button="Open it again")
    desk.submit(f"{hall.desk}/", button="Close the round")
    desk.submit(f"{hall.desk}/", button="Show the results")
    desk.submit(f"{hall.desk}/", button="Hide the results")
    assert "Open it again" not in text_of(desk.page(f"{hall.desk}/"))
    with app.app_context(), pytest.raises(Conflict):
        sessions.open_item(item=_item(hall), actor=ACTOR)


def test_figures_of_few_people_are_never_told(hall: Hall, join: Join, app: Flask) -> None:
    with app.app_context():
        for number in range(4):
            answer_all(_item(hall), _member(hall, number), 1)
        sessions.close_item(item=_item(hall), actor=ACTOR)
        sessions.reveal(item=_item(hall), actor=ACTOR)
        assert statements_result(_item(hall))["statements"][0]["agree"] is None
        db.session.commit()
    assert "Fewer than five people" in text_of(join(hall.members[0]).page(hall.phone))


def test_open_round_can_not_be_revealed(hall: Hall, app: Flask) -> None:
    with app.app_context(), pytest.raises(Conflict):
        sessions.reveal(item=_item(hall), actor=ACTOR)


def test_each_member_has_an_order_that_new_statements_keep(hall: Hall, app: Flask) -> None:
    with app.app_context():
        item, member = _item(hall), _member(hall, 0)

        def order() -> list[int]:
            return [asked.statement.number for asked in queries.progress(item, member).all]

        before = order()
        made = make_statement(item, _member(hall, 1), "Something quite new")
        services.moderate(statement=made, state="accepted", actor=ACTOR)
        assert [number for number in order() if number in before] == before
        assert made.number in order()


def test_answer_can_be_changed_on_the_list(hall: Hall, join: Join, app: Flask) -> None:
    phone = join(hall.members[0])
    phone.submit(hall.phone, {"value": "1"}, action="/answer")
    answer = phone.submit(f"/my/statements/{hall.item}/answers", {"value": "0"}, action="/answer")
    assert answer.headers["Location"] == f"/my/statements/{hall.item}/answers"
    with app.app_context():
        assert db.session.query(StatementAnswer).one().value == 0


def camps_answer(hall: Hall, *, people: int = 24, statements: int = 10) -> None:
    """Two camps answer against each other, and the round closes."""
    item = _item(hall)
    lines = [f"Statement {n} of two camps" for n in range(statements)]
    item.settings = {"seeds": in_english(lines), "adding": False}
    services.seed_statements(item)
    for number, statement in enumerate(queries.statements_of(item)):
        for place in range(people):
            side: services.Opinion = 1 if (place < people // 2) == (number < 5) else -1
            services.answer_statement(
                statement=statement, member=_member(hall, place), value=side, counter=1
            )
    sessions.close_item(item=item, actor=ACTOR)
    db.session.commit()


def show(hall: Hall) -> None:
    """Show the results; the wall shows the last screen, what the answers say together."""
    sessions.reveal(item=_item(hall), actor=ACTOR)
    sessions.turn_wall(item=_item(hall), page=99)
    db.session.commit()


def test_groups_are_told_where_two_camps_are_clear(app: Flask, join: Join, sign_in: SignIn) -> None:
    hall = Hall(app, members=24)
    with app.app_context():
        camps_answer(hall)
        show(hall)
    phone, desk = text_of(join(hall.members[0]).page(hall.phone)), sign_in(hall.facilitator)
    assert "Group A is 12 people out of 24." in phone
    assert "Your answers are closest to group" in phone
    assert "What divides" in phone
    console, wall = (text_of(desk.page(f"{hall.desk}/{page}")) for page in ("", "wall"))
    for page in (console, wall):
        assert "Groups are shown: 24 people were placed" in page
        assert "People differ on" in page
    assert "closest to group" not in console + wall


def test_reason_is_said_where_groups_are_not_shown(
    hall: Hall, app: Flask, join: Join, sign_in: SignIn
) -> None:
    with app.app_context():
        for number in range(6):
            answer_all(_item(hall), _member(hall, number), 1 if number < 4 else -1)
        sessions.close_item(item=_item(hall), actor=ACTOR)
        show(hall)
    desk = sign_in(hall.facilitator)
    for page in (
        join(hall.members[0]).page(hall.phone),
        desk.page(f"{hall.desk}/"),
        desk.page(f"{hall.desk}/wall"),
    ):
        assert "Groups are not shown: 6 people answered enough statements" in text_of(page)


def test_page_says_that_groups_are_still_being_worked_out(
    hall: Hall, app: Flask, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        answer_all(_item(hall), _member(hall, 0), 1)
        with monkeypatch.context() as patched:
            patched.setitem(app.extensions, "jobs", lambda *_: None)
            sessions.close_item(item=_item(hall), actor=ACTOR)
            show(hall)
    assert "still being worked out" in text_of(join(hall.members[0]).page(hall.phone))
    with app.app_context():
        closed_at = _item(hall).closed_at
        assert closed_at is not None
        _item(hall).closed_at = closed_at - timedelta(hours=1)
        db.session.commit()
        groups.catch_up()
    assert "Groups are not shown" in text_of(join(hall.members[0]).page(hall.phone))


def test_round_opened_again_meanwhile_is_left_alone(hall: Hall, app: Flask) -> None:
    with app.app_context():
        sessions.close_item(item=_item(hall), actor=ACTOR)
        db.session.commit()
        sessions.open_item(item=_item(hall), actor=ACTOR)
        db.session.commit()
        groups.work_out(hall.item)
        assert _item(hall).snapshot is None


def test_groups_are_worked_out_after_the_commit(hall: Hall, app: Flask) -> None:
    queued: list[str] = []
    with app.app_context():
        app.extensions["jobs"] = lambda name, *_: queued.append(name)
        sessions.close_item(item=_item(hall), actor=ACTOR)
        assert not queued
        db.session.commit()
        assert queued == [f"{groups.__name__}.work_out"]


def test_console_tells_no_figures_before_the_room_sees_them(
    hall: Hall, app: Flask, sign_in: SignIn
) -> None:
    """Else a round closed, opened for one answer and closed again would tell that answer."""
    desk = sign_in(hall.facilitator)
    with app.app_context():
        for number in range(6):
            answer_all(_item(hall), _member(hall, number), 1)
        db.session.commit()
    desk.submit(f"{hall.desk}/", button="Close the round")
    console = text_of(desk.page(f"{hall.desk}/"))
    assert "of 6 agree" not in console
    assert "You see them when the room does" in console
    desk.submit(f"{hall.desk}/", button="Show the results")
    assert "6 of 6 agree" in text_of(desk.page(f"{hall.desk}/"))


def test_statement_rejected_after_closing_is_gone_from_everywhere(
    app: Flask, join: Join, sign_in: SignIn
) -> None:
    hall = Hall(app, members=24)
    with app.app_context():
        camps_answer(hall)
        show(hall)
    desk, said = sign_in(hall.facilitator), "Statement 3 of two camps"
    phone = join(hall.members[0])
    assert said in text_of(phone.page(hall.phone))
    with app.app_context():
        statement = next(s for s in queries.statements_of(_item(hall)) if said in str(s.wording))
        services.moderate(statement=statement, state="rejected", actor="ada@example.org")
        db.session.commit()
        assert said not in json.dumps(_item(hall).snapshot)
        assert str(statement.number) not in (_item(hall).snapshot or {})["leanings"]["everyone"]
        assert said not in json.dumps(exports.STATEMENTS.whole(_item(hall).session.panel))
        entry = db.session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
        assert entry is not None
        assert (entry.action, entry.actor) == ("statement.rejected", "ada@example.org")
    for page in (
        phone.page(hall.phone),
        desk.page(f"{hall.desk}/wall"),
        desk.page(f"{hall.desk}/"),
    ):
        assert said not in text_of(page)


def test_erased_members_words_are_kept_nowhere_and_figures_stay(hall: Hall, app: Flask) -> None:
    with app.app_context():
        author, said = _member(hall, 0), "More benches by the pond"
        made = make_statement(_item(hall), author, said)
        services.moderate(statement=made, state="accepted", actor=ACTOR)
        for number in range(6):
            answer_all(_item(hall), _member(hall, number), 1)
        sessions.close_item(item=_item(hall), actor=ACTOR)
        show(hall)
        before = exports.STATEMENTS.rows(_item(hall).session.panel)
        services.erase_member(member=author, actor=ACTOR)
        db.session.commit()
        after = exports.STATEMENTS.rows(_item(hall).session.panel)
        assert after == [row for row in before if row["statement"] != said]
        assert len(after) == len(before) - 1
        assert said not in json.dumps(_item(hall).snapshot)
        assert not [one for one in queries.statements_of(_item(hall)) if said in str(one.wording)]
        mine = db.session.query(StatementAnswer).filter_by(member_id=author.id)
        assert mine.count() == 0
        groups.work_out(hall.item)
        assert exports.STATEMENTS.rows(_item(hall).session.panel) == after


def test_too_late_to_accept_once_the_round_has_closed(
    hall: Hall, app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        made = make_statement(_item(hall), _member(hall, 0))
        sessions.close_item(item=_item(hall), actor=ACTOR)
        db.session.commit()
        with pytest.raises(Conflict, match="too late"):
            services.moderate(statement=made, state="accepted", actor=ACTOR)
        db.session.rollback()
    desk = sign_in(hall.facilitator)
    page = desk.page(f"/desk/{hall.slug}/items/{hall.item}/statements")
    assert "too late, kept for the record" in text_of(page)
    assert not [button for button in page.iter("button") if "Accept" in text_of(button)]


def test_shown_rounds_are_open_data(hall: Hall, app: Flask) -> None:
    with app.app_context():
        panel = _item(hall).session.panel
        for number in range(5):
            answer_all(_item(hall), _member(hall, number), 1)
        sessions.close_item(item=_item(hall), actor=ACTOR)
        assert exports.STATEMENTS.rows(panel) == []
        show(hall)
        rows = exports.STATEMENTS.rows(panel)
        assert [(row["statement"], row["agree"], row["answers"]) for row in rows] == [
            (seed, 5, 5) for seed in SEEDS
        ]
        assert set(rows[0]) == set(exports.STATEMENTS.columns)


def test_no_count_of_few_is_told_in_open_data_or_minutes(hall: Hall, app: Flask) -> None:
    with app.test_request_context():
        for number in range(4):
            answer_all(_item(hall), _member(hall, number), 1)
        sessions.close_item(item=_item(hall), actor=ACTOR)
        show(hall)
        told = statements_result(_item(hall))
        assert told["people"] is None
        figures = [row[name] for row in told["statements"] for name in FIGURES]
        assert set(figures) == {None}
        assert "Fewer than five people answered" in activities.in_minutes(_item(hall))


def test_minutes_show_a_round_in_one_line_once_it_was_shown(hall: Hall, app: Flask) -> None:
    with app.test_request_context():
        for number in range(5):
            answer_all(_item(hall), _member(hall, number), 1)
        sessions.close_item(item=_item(hall), actor=ACTOR)
        assert activities.in_minutes(_item(hall)) == ""
        show(hall)
        shown = activities.in_minutes(_item(hall))
        assert shown.count("5 of 5 agree") == len(SEEDS)
        assert shown.count('<rect class="agree" x="0" width="5"') == len(SEEDS)


def _item(hall: Hall) -> AgendaItem:
    return db.session.get_one(AgendaItem, hall.item_id)


def _member(hall: Hall, place: int):  # type: ignore[no-untyped-def]
    from panel_app.panels.models import Member

    return db.session.get_one(Member, hall.members[place])


def test_opened_item_keeps_what_it_asks(app: Flask) -> None:
    with app.app_context():
        item = make_round(make_session(make_panel()))
        sessions.edit_item(
            item=item, title=item.title, minutes=5, settings={"seeds": []}, actor=ACTOR
        )
        assert len(queries.statements_of(item)) == 3
