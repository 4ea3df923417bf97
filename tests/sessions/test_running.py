"""Planning and running sessions on the desk, and what phones and the wall show of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from panel_app.core.db import db, found
from panel_app.core.errors import Conflict
from panel_app.deliberation.questions.queries import live_question
from panel_app.live import versions
from panel_app.panels.models import Member
from panel_app.sessions import queries, services
from panel_app.sessions.models import AgendaItem, Attendance, Session
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import make_asking
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]
SignIn = Callable[[str], CheckedClient]


class Hall:
    """A panel with a facilitator and a session in three parts."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            panel = make_panel()
            self.members = [member.id for member in make_members(panel, 3)]
            session = make_session(panel, is_open=False)
            self.items = [
                make_item(session, title=title).public_id for title in ("First", "Second", "Third")
            ]
            self.session, self.slug, self.code = session.public_id, panel.slug, session.code
            self.facilitator = make_user("facilitator", panel).email
            self.observer = make_user("observer", panel).email
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


def test_facilitator_plans_a_session_with_every_kind_of_part(
    hall: Hall, sign_in: SignIn, app: Flask
) -> None:
    desk = sign_in(hall.facilitator)
    times = {"starts_at": "2026-11-26T18:30", "ends_at": "2026-11-26T20:30"}
    made = desk.submit(
        f"/desk/{hall.slug}/sessions/new", {"title_en": "Evening", "title_bn": "সন্ধ্যা", **times}
    )
    agenda = made.headers["Location"]
    parts = agenda.replace("agenda", "items/new")
    desk.submit(parts, {"title_en": "Welcome", "minutes": "20"})
    desk.submit(f"{parts}/question", {"title_en": "When?", "activity-options_en": "May\nJune"})
    desk.submit(f"{parts}/statements", {"title_en": "Say", "activity-seeds_en": "One idea"})
    shown = text_of(desk.page(agenda))
    assert shown.index("Welcome") < shown.index("When?") < shown.index("Say")
    with app.app_context():
        session = db.session.query(Session).order_by(Session.id.desc()).first()
        assert session is not None
        assert session.starts_at.isoformat() == "2026-11-26T18:30:00+00:00"
        live = live_question(session.items[1])
        assert live is not None
        (question,) = live.questionnaire.newest.questions
        assert [str(option.wording) for option in question.options] == ["May", "June"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title_en": ""}, "Fill this in"),
        ({"title_en": "x" * 200}, "too long"),
        ({"starts_at": "yesterday"}, "Not a valid"),
        ({"ends_at": "2026-11-26T18:00"}, "after it starts"),
    ],
)
def test_faulty_session_is_shown_again(
    hall: Hall, sign_in: SignIn, fields: dict[str, str], words: str
) -> None:
    good = {"title_en": "A", "starts_at": "2026-11-26T18:30", "ends_at": "2026-11-26T20:30"}
    path = f"/desk/{hall.slug}/sessions/new"
    answer = sign_in(hall.facilitator).submit(path, {**good, **fields})
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("options", ["", "One", "\n".join(map(str, range(31))), "a\n" + "x" * 141])
def test_faulty_question_is_shown_again(hall: Hall, sign_in: SignIn, options: str) -> None:
    path = f"{hall.desk}/items/new/question"
    fields = {"title_en": "When?", "activity-options_en": options}
    assert sign_in(hall.facilitator).submit(path, fields).status_code == 422


def test_unknown_kind_is_not_found(hall: Hall, sign_in: SignIn) -> None:
    desk = sign_in(hall.facilitator)
    assert desk.get(f"{hall.desk}/items/new/dance").status_code == 404


def test_parts_move_without_dragging(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(hall.facilitator)
    first, second, _third = hall.items
    desk.submit(f"{hall.desk}/agenda", action=f"{first}/later")
    desk.submit(f"{hall.desk}/agenda", action=f"{second}/later")
    assert _titles(app, hall) == ["First", "Second", "Third"]
    desk.submit(f"{hall.desk}/agenda", action="/earlier")
    assert _titles(app, hall) == ["First", "Third", "Second"]


def test_taking_a_part_off_asks_first(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(hall.facilitator)
    path = f"/desk/{hall.slug}/items/{hall.items[0]}/remove"
    assert "leaves the agenda" in text_of(desk.page(path))
    assert desk.submit(path).status_code == 303
    assert _titles(app, hall) == ["Second", "Third"]


def test_part_that_was_opened_stays(hall: Hall, app: Flask) -> None:
    with app.app_context():
        session, item = _session(hall), _item(hall, 0)
        services.open_session(session=session, actor=ACTOR)
        services.open_item(item=item, actor=ACTOR)
        with pytest.raises(Conflict):
            services.remove_item(item=item, actor=ACTOR)


def test_one_part_is_open_at_a_time(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(hall.facilitator)
    desk.submit(f"{hall.desk}/", button="Start the session")
    desk.submit(f"{hall.desk}/", button="Next: First")
    desk.submit(f"{hall.desk}/", button="Next: Second")
    with app.app_context():
        assert [item.state for item in _session(hall).items] == ["closed", "open", "waiting"]


def test_phone_and_wall_show_what_is_open(hall: Hall, sign_in: SignIn, join: Join) -> None:
    desk, phone = sign_in(hall.facilitator), join(hall.members[0])
    assert "has not started" in text_of(phone.page(hall.phone))
    desk.submit(f"{hall.desk}/", button="Start the session")
    assert "You are in" in text_of(phone.page(hall.phone))
    desk.submit(f"{hall.desk}/", button="Next: First")
    assert "First" in text_of(next(phone.page(hall.phone).iter("h1")))
    wall = desk.page(f"{hall.desk}/wall")
    assert "First" in text_of(next(wall.iter("h1")))
    assert hall.code[:4] in text_of(wall)
    desk.submit(f"{hall.desk}/close", button="End the session")
    assert "is over" in text_of(phone.page(hall.phone))


def test_more_time_moves_the_end(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(hall.facilitator)
    desk.submit(f"{hall.desk}/", button="Start the session")
    desk.submit(f"{hall.desk}/", button="Next: First")
    with app.app_context():
        before = _item(hall, 0).ends_at
    desk.submit(f"{hall.desk}/", button="+ 5 minutes")
    with app.app_context():
        after = _item(hall, 0).ends_at
        assert before is not None
        assert after is not None
        assert (after - before).total_seconds() == 300


@pytest.mark.parametrize("minutes", ["0", "-5", "1000000", "x", ""])
def test_senseless_time_is_refused(hall: Hall, sign_in: SignIn, minutes: str) -> None:
    desk = sign_in(hall.facilitator)
    desk.submit(f"{hall.desk}/", button="Start the session")
    desk.submit(f"{hall.desk}/", button="Next: First")
    answer = desk.submit(f"{hall.desk}/", {"minutes": minutes}, action="/extend")
    assert answer.status_code == 422


def test_closed_part_opens_again(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(hall.facilitator)
    for button in ("Start the session", "Next: First", "Close this part", "Open it again"):
        assert desk.submit(f"{hall.desk}/", button=button).status_code == 303
    with app.app_context():
        assert _item(hall, 0).state == "open"


def test_item_opens_only_in_an_open_session(hall: Hall, app: Flask) -> None:
    with app.app_context(), pytest.raises(Conflict):
        services.open_item(item=_item(hall, 0), actor=ACTOR)


def test_being_here_is_noted_once_and_only_while_open(
    hall: Hall, join: Join, sign_in: SignIn, app: Flask
) -> None:
    sign_in(hall.facilitator).submit(f"{hall.desk}/", button="Start the session")
    phone = join(hall.members[0])
    token = phone.token_on(hall.phone)
    for _ in range(2):
        phone.post(f"{hall.phone}/here", data={"csrf_token": token})
    with app.app_context():
        assert db.session.query(Attendance).count() == 1
        assert queries.people_of(_session(hall)).here == 1
    assert "I’m here" not in text_of(phone.page(hall.phone))


def test_coming_twice_at_once_is_noted_once(hall: Hall, app: Flask) -> None:
    """Two phones of one member, or an answer beside the button: neither is refused."""

    with app.app_context():
        services.open_session(session=_session(hall), actor=ACTOR)
        db.session.commit()

    def come(_: int) -> None:
        with app.app_context():
            member = found(db.session.get(Member, hall.members[0]))
            services.attend(session=_session(hall), member=member)
            db.session.commit()

    with ThreadPoolExecutor(4) as phones:
        list(phones.map(come, range(4)))
    with app.app_context():
        assert db.session.query(Attendance).count() == 1


def test_observer_sees_but_changes_nothing(hall: Hall, sign_in: SignIn) -> None:
    desk = sign_in(hall.observer)
    page = desk.page(f"{hall.desk}/")
    assert not list(next(page.iter("main")).iter("form"))
    token = desk.token_on(f"{hall.desk}/")
    assert desk.post(f"{hall.desk}/open", data={"csrf_token": token}).status_code == 403


def test_other_panels_session_is_not_found(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    with app.app_context():
        other = make_panel()
        email, slug = make_user("organiser", other).email, other.slug
        db.session.commit()
    desk = sign_in(email)
    assert desk.get(f"/desk/{slug}/sessions/{hall.session}/").status_code == 404
    assert desk.get(f"/desk/{slug}/sessions/{hall.session}/wall").status_code == 404
    assert desk.get(f"/desk/{slug}/items/{hall.items[0]}/edit").status_code == 404


def test_wall_code_leads_members_to_the_session(hall: Hall, join: Join) -> None:
    spelt = f"{hall.code[:4]}-{hall.code[4:]}".lower()
    phone = join(hall.members[0])
    assert phone.submit(f"/s/{spelt}", button="Yes, join").headers["Location"] == hall.phone
    assert phone.get(f"/s/{spelt}").headers["Location"] == hall.phone


def test_wall_code_leads_strangers_to_the_way_in(
    hall: Hall, client: CheckedClient, join: Join, app: Flask
) -> None:
    assert client.get(f"/s/{hall.code}").headers["Location"] == "/join"
    assert client.get("/s/nonsense").headers["Location"] == "/join"
    with app.app_context():
        stranger = make_members(make_panel(), 1)[0].id
        db.session.commit()
    assert join(stranger).get(f"/s/{hall.code}").headers["Location"] == "/my/"


def test_unchanged_fragment_is_not_sent_again(hall: Hall, join: Join, sign_in: SignIn) -> None:
    phone = join(hall.members[0])
    first = phone.get(f"{hall.phone}/now")
    again = phone.get(f"{hall.phone}/now", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    sign_in(hall.facilitator).submit(f"{hall.desk}/", button="Start the session")
    changed = phone.get(f"{hall.phone}/now", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert int(changed.headers["X-Live-Version"]) > int(first.headers["X-Live-Version"])


def test_every_change_is_counted(hall: Hall, app: Flask) -> None:
    with app.app_context():
        session, item = _session(hall), _item(hall, 0)
        seen = [versions.current(session.topic)]
        for action in (
            lambda: services.open_session(session=session, actor=ACTOR),
            lambda: services.open_item(item=item, actor=ACTOR),
            lambda: services.extend(item=item, minutes=5, actor=ACTOR),
            lambda: services.close_item(item=item, actor=ACTOR),
            lambda: services.reveal(item=item, actor=ACTOR),
            lambda: services.close_session(session=session, actor=ACTOR),
        ):
            action()
            seen.append(versions.current(session.topic))
        assert seen == sorted(set(seen))


def test_my_panel_leads_to_the_open_session(hall: Hall, join: Join, sign_in: SignIn) -> None:
    phone = join(hall.members[0])
    sign_in(hall.facilitator).submit(f"{hall.desk}/", button="Start the session")
    assert phone.submit("/my/", button="Go to the session").headers["Location"] == hall.phone
    assert "I’m here" not in text_of(phone.page(hall.phone))


def test_desk_has_a_card_for_sessions(hall: Hall, sign_in: SignIn) -> None:
    page = sign_in(hall.facilitator).page(f"/desk/{hall.slug}/")
    assert f"/desk/{hall.slug}/sessions/" in [a.get("href") for a in page.iter("a")]


def _session(hall: Hall) -> Session:
    return db.session.query(Session).filter_by(public_id=hall.session).one()


def _item(hall: Hall, place: int) -> AgendaItem:
    return db.session.query(AgendaItem).filter_by(public_id=hall.items[place]).one()


def _titles(app: Flask, hall: Hall) -> list[str]:
    with app.app_context():
        return [str(item.title) for item in _session(hall).items]


def test_session_that_never_began_can_be_deleted(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(hall.facilitator)
    assert "Delete this session" in text_of(desk.page(f"{hall.desk}/remove"))
    assert desk.submit(f"{hall.desk}/remove", {}).status_code == 303
    with app.app_context():
        assert db.session.query(Session).count() == 0
        assert db.session.query(AgendaItem).count() == 0


def test_session_that_began_stays(hall: Hall, sign_in: SignIn, app: Flask) -> None:
    with app.app_context():
        services.open_session(session=db.session.query(Session).one(), actor=ACTOR)
        db.session.commit()
    refused = sign_in(hall.facilitator).submit(f"{hall.desk}/remove", {})
    assert "has begun already" in refused.text
    with app.app_context():
        assert db.session.query(Session).count() == 1


def test_whoever_came_and_left_the_panel_since_is_still_expected(hall: Hall, app: Flask) -> None:
    with app.app_context():
        session = db.session.query(Session).filter_by(public_id=hall.session).one()
        services.open_session(session=session, actor=ACTOR)
        members = [db.session.get_one(Member, number) for number in hall.members]
        for member in members:
            services.attend(session=session, member=member)
        members[0].state = "left"
        db.session.flush()
        people = queries.people_of(session)
        assert (people.here, people.expected) == (3, 3)
        members[1].state = "left"
        db.session.flush()
        assert queries.people_of(session).here <= queries.people_of(session).expected


def test_results_of_an_earlier_part_are_shown_again(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        panel = make_panel()
        session = make_session(panel)
        asked, later = make_asking(session), make_item(session, title="Talk")
        services.close_item(item=asked, actor=ACTOR)
        services.reveal(item=asked, actor=ACTOR)
        services.open_item(item=later, actor=ACTOR)
        with pytest.raises(Conflict):
            services.show_again(item=asked, actor=ACTOR)
        services.close_item(item=later, actor=ACTOR)
        services.reveal(item=asked, actor=ACTOR, shown=False)
        assert queries.on_screen(session) == later
        email = make_user("facilitator", panel).email
        console = f"/desk/{panel.slug}/sessions/{session.public_id}/"
        number, public_id = asked.id, session.public_id
        db.session.commit()
    answer = sign_in(email).submit(console, action="/show-again", button="Show the results again")
    assert answer.headers["Location"] == console
    with app.app_context():
        shown = queries.on_screen(db.session.query(Session).filter_by(public_id=public_id).one())
        assert shown is not None
        assert (shown.id, shown.revealed) == (number, True)
