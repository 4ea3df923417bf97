"""Questions and ideas from the room, and who wants them too."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.deliberation.contributions import (
    activity,
    exports,
    holdings,
    queries,
    services,
    wordings,
)
from panel_app.deliberation.contributions.desk import lists
from panel_app.deliberation.contributions.models import Contribution, GuestSupport, Support
from panel_app.panels.models import Member
from panel_app.sessions import activities, guests
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem, Guest
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import contribute, make_room, want
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]
SignIn = Callable[[str], CheckedClient]


class Room:
    """A panel in an open session that asks for ideas, without moderation unless said otherwise."""

    def __init__(
        self, app: Flask, *, members: int = 7, kind: str = "ideas", moderated: bool = False
    ) -> None:
        with app.app_context():
            panel = make_panel()
            self.members = [member.id for member in make_members(panel, members)]
            session = make_session(panel)
            item = make_room(session, kind, moderated=moderated)
            self.item, self.item_id = item.public_id, item.id
            self.session, self.slug = session.public_id, panel.slug
            self.facilitator = make_user("facilitator", panel).email
            db.session.commit()

    @property
    def phone(self) -> str:
        return f"/my/session/{self.session}"

    @property
    def new(self) -> str:
        return f"/my/contributions/{self.item}/new"

    @property
    def desk(self) -> str:
        return f"/desk/{self.slug}"

    def this(self) -> AgendaItem:
        return db.session.get_one(AgendaItem, self.item_id)

    def people(self) -> list[Member]:
        return [db.session.get_one(Member, member) for member in self.members]

    def close(self, *, shown: bool = True) -> AgendaItem:
        item = self.this()
        sessions.close_item(item=item, actor=ACTOR)
        if shown:
            sessions.reveal(item=item, actor=ACTOR)
        return item


@pytest.fixture
def room(app: Flask) -> Room:
    return Room(app)


@pytest.fixture
def questions(app: Flask) -> Room:
    return Room(app, kind="qa", moderated=True)


def _guest(item: AgendaItem) -> Guest:
    if not item.session.guests:
        guests.allow(session=item.session, allowed=True, actor=ACTOR)
    guests.come(session=item.session, role="resident", language="en")
    return guests.of(item.session)[-1]


def test_idea_is_shown_at_once_and_others_say_me_too(room: Room, join: Join) -> None:
    author, other = join(room.members[0]), join(room.members[1])
    author.submit(room.new, {"text": "A bench  at every stop"})
    assert "Everybody can see it now" in text_of(author.page(room.phone))
    assert "A bench at every stop" in text_of(other.page(room.phone))
    assert "Me too" not in text_of(author.page(room.phone))
    answer = other.submit(room.phone, {"value": "1"}, action="/support")
    assert answer.status_code == 303
    assert "you too" in text_of(other.page(room.phone))


def test_question_waits_for_the_facilitator(questions: Room, join: Join, sign_in: SignIn) -> None:
    author, other = join(questions.members[0]), join(questions.members[1])
    author.submit(questions.new, {"text": "Who pays for the lift?"})
    assert "has yet to look at it" in text_of(author.page(questions.phone))
    assert "lift" not in text_of(other.page(questions.phone))
    desk = sign_in(questions.facilitator)
    check = f"{questions.desk}/items/{questions.item}/contributions/check"
    assert "Who pays for the lift?" in text_of(desk.page(check))
    desk.submit(check, {}, action="/accept")
    assert "Who pays for the lift?" in text_of(other.page(questions.phone))
    assert "Everybody can see it." in text_of(author.page(questions.phone))


def test_author_reads_why_it_is_not_shown(questions: Room, join: Join, app: Flask) -> None:
    with app.app_context():
        one = contribute(questions.this(), questions.people()[0])
        services.moderate(contribution=one, state="rejected", reason="unkind", actor=ACTOR)
        db.session.commit()
    shown = text_of(join(questions.members[0]).page(questions.phone))
    assert "Not shown." in shown
    assert "kinder way" in shown


@pytest.mark.parametrize(
    "text", ["Ring 07700 900123 for the key", "They are scum", "The man at 14 Rose Lane"]
)
def test_what_may_hurt_waits_also_where_nothing_else_does(
    room: Room, app: Flask, text: str
) -> None:
    with app.app_context():
        assert contribute(room.this(), room.people()[0], text).state == "pending"
        assert contribute(room.this(), room.people()[0]).state == "accepted"


def test_same_text_twice_is_one_that_two_want(room: Room, app: Flask, join: Join) -> None:
    with app.app_context():
        item, people = room.this(), room.people()
        one = contribute(item, people[0], "More trees, please!")
        assert contribute(item, people[1], "more TREES please").id == one.id
        assert queries.supporters(one, Support) == 2
        db.session.commit()
    phone = join(room.members[2])
    phone.submit(room.new, {"text": "More trees – please"})
    assert "Somebody wrote the same" in text_of(phone.page(room.phone))


def test_nobody_writes_without_end(room: Room, app: Flask) -> None:
    with app.app_context():
        item, person = room.this(), room.people()[0]
        for number in range(services.MOST_A_PERSON):
            contribute(item, person, f"Idea number {number}{number}")
        with pytest.raises(Refused, match="already"):
            contribute(item, person, "One more idea")
        other = contribute(item, room.people()[1], "Something else")
        assert contribute(item, person, "something else").id == other.id


@pytest.mark.parametrize(
    ("field", "bad"),
    [("value", "2"), ("value", ""), ("value", "1\0"), ("counter", "0"), ("counter", "9" * 30)],
)
def test_hostile_press_is_refused(room: Room, join: Join, app: Flask, field: str, bad: str) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0]).public_id
        db.session.commit()
    phone = join(room.members[1])
    sent = {"value": "1", "counter": "1", "csrf_token": phone.token_on(room.phone), field: bad}
    assert phone.post(f"/my/contributions/{one}/support", data=sent).status_code in {400, 422}
    with app.app_context():
        assert db.session.query(Support).count() == 1


def test_older_press_that_comes_late_changes_nothing(room: Room, app: Flask) -> None:
    with app.app_context():
        one, other = contribute(room.this(), room.people()[0]), room.people()[1]
        for wanted, counter in ((True, 1), (False, 2), (True, 1)):
            services.support(contribution=one, person=other, wanted=wanted, counter=counter)
        assert queries.supporters(one, Support) == 1


def test_figures_move_in_steps_of_five_while_people_press(room: Room, app: Flask) -> None:
    with app.app_context():
        item, people = room.this(), room.people()
        one = contribute(item, people[0])
        told = []
        for person in people[1:]:
            want(one, person)
            told.append(queries.overview(item).all[0].people)
        assert told == [None, None, None, 5, 5, 5]
        room.close()
        assert queries.overview(item).all[0].people == 7


def test_fewer_than_five_are_told_to_nobody(room: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0])
        want(one, *room.people()[1:4])
        item = room.close()
        assert item.snapshot == {"people": 4, "figures": {"1": None}}
        result = exports.contributions_result(item)
        assert (result["people"], result["contributions"][0]["wanted_by"]) == (None, None)


def test_guests_stand_apart(room: Room, app: Flask) -> None:
    with app.app_context():
        item = room.this()
        one = contribute(item, room.people()[0])
        want(one, *room.people()[1:5], *[_guest(item) for _ in range(6)])
        assert (queries.overview(item).all[0].people, queries.overview(item).all[0].guests) == (
            5,
            5,
        )
        room.close()
        assert item.snapshot == {"people": 5, "figures": {"1": 5}}
        assert item.guest_snapshot == {"people": 6, "figures": {"1": 6}}
        rows = exports.CONTRIBUTIONS.rows(item.session.panel)
        assert [(row["of"], row["wanted_by"]) for row in rows] == [("panel", 5), ("guests", 6)]


def test_after_closing_nobody_writes_or_presses(room: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0])
        room.close(shown=False)
        with pytest.raises(Conflict):
            want(one, room.people()[1])
        with pytest.raises(Conflict):
            contribute(room.this(), room.people()[1], "Too late")


def test_joined_ones_are_wanted_by_everybody_who_wanted_either(
    room: Room, app: Flask, join: Join
) -> None:
    with app.app_context():
        item, people = room.this(), room.people()
        one, other = contribute(item, people[0]), contribute(item, people[1], "Plant trees")
        want(one, people[2])
        want(other, people[2], people[3])
        services.join(contribution=other, into=one, actor=ACTOR)
        assert queries.supporters(one, Support) == 4
        assert [shown.contribution.id for shown in queries.overview(item).all] == [one.id]
        with pytest.raises(Conflict):
            services.join(contribution=one, into=other, actor=ACTOR)
        db.session.commit()
    assert "Joined with another" in text_of(join(room.members[1]).page(room.phone))


def test_one_at_a_time_is_on_the_wall(room: Room, app: Flask) -> None:
    with app.app_context():
        item, people = room.this(), room.people()
        one, other = contribute(item, people[0]), contribute(item, people[1], "A bench")
        for each in (one, other):
            services.put_on_wall(contribution=each, actor=ACTOR)
        assert queries.on_wall(item) == other
        assert "A bench" in activity.screens(item, False)[0]()
        services.mark(contribution=other, mark="answered", on=True, actor=ACTOR)
        assert queries.on_wall(item) is None
        services.put_on_wall(contribution=one, actor=ACTOR)
        services.moderate(contribution=one, state="rejected", actor=ACTOR)
        assert queries.on_wall(item) is None
        with pytest.raises(Conflict):
            services.put_on_wall(contribution=one, actor=ACTOR)
        wanted = {entry.action for entry in db.session.query(AuditEntry)}
        assert {"contribution.on_wall", "contribution.answered"} <= wanted


def test_database_lets_one_on_the_wall_and_one_press_a_person(room: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0])
        other = contribute(room.this(), room.people()[1], "A bench")
        db.session.commit()
        with pytest.raises(IntegrityError):
            db.session.execute(update(Contribution).values(on_wall=True))
        db.session.rollback()
        again = {"contribution_id": one.id, "member_id": room.members[0], "wanted": True}
        with pytest.raises(IntegrityError):
            db.session.execute(insert(Support), [{**again, "counter": 1}])
        db.session.rollback()
        hidden = update(Contribution).where(Contribution.id == other.id)
        with pytest.raises(IntegrityError):
            db.session.execute(hidden.values(state="rejected", on_wall=True))


def test_presses_at_once_count_once_and_leave_one_on_the_wall(room: Room, app: Flask) -> None:
    """Ten threads press for one as the same person, ten put two on the wall in turn."""
    with app.app_context():
        both = [contribute(room.this(), room.people()[n], t).id for n, t in enumerate("ab")]
        db.session.commit()

    def press(number: int) -> None:
        with app.app_context():
            one = db.session.get_one(Contribution, both[number % 2])
            person = db.session.get_one(Member, room.members[3])
            if number < 10:
                services.support(contribution=one, person=person, wanted=True, counter=1)
            else:
                services.put_on_wall(contribution=one, actor=ACTOR)
            db.session.commit()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        pressed = db.session.query(Support).filter_by(member_id=room.members[3]).count()
        on_wall = db.session.query(Contribution).filter_by(on_wall=True).count()
        assert (pressed, on_wall) == (2, 1)


def test_closing_gives_the_wall_to_the_results(room: Room, app: Flask) -> None:
    with app.app_context():
        item, people = room.this(), room.people()
        one = contribute(item, people[0])
        want(one, *people[1:])
        services.put_on_wall(contribution=one, actor=ACTOR)
        room.close()
        assert queries.on_wall(item) is None
        assert "7 people" in activity.screens(item, True)[0]().striptags()
        services.put_on_wall(contribution=one, actor=ACTOR)
        assert len(activity.screens(item, True)) == 2


def test_record_tells_text_and_figure_once_shown(room: Room, app: Flask) -> None:
    with app.app_context():
        item, people = room.this(), room.people()
        want(contribute(item, people[0]), *people[1:])
        sessions.close_item(item=item, actor=ACTOR)
        assert activities.in_minutes(item) == ""
        sessions.reveal(item=item, actor=ACTOR)
        minutes = activities.in_minutes(item).striptags()
        assert "More trees." in minutes
        assert "7 people" in minutes
        told = activities.published(item)
        assert told
        assert told.people == 7
        assert exports.CONTRIBUTIONS.rows(item.session.panel)[0]["wanted_by"] == 7


def test_desk_walks_from_the_shortlist_to_taken_up(
    questions: Room, app: Flask, sign_in: SignIn, join: Join
) -> None:
    with app.app_context():
        for place, text in enumerate(("Who pays?", "Who pays for it?", "When?")):
            contribute(questions.this(), questions.people()[place], text)
        db.session.commit()
    desk = sign_in(questions.facilitator)
    check = f"{questions.desk}/items/{questions.item}/contributions/check"
    desk.submit(check, {}, action="/accept")
    shown = f"{questions.desk}/sessions/{questions.session}/"
    assert "Who pays?" in text_of(desk.page(shown))
    desk.submit(shown, {}, action="/shortlist")
    desk.submit(shown, {}, action="/wall")
    assert "on the wall now" in text_of(join(questions.members[3]).page(questions.phone))
    desk.submit(shown, {}, action="/answered")
    assert "Taken up in the room" in text_of(join(questions.members[0]).page(questions.phone))
    everything = desk.page(f"{questions.desk}/items/{questions.item}/contributions")
    assert "Who pays?" in text_of(everything)


def test_alike_ones_are_joined_from_the_desk(questions: Room, app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        for place, text in enumerate(("Who pays for the lift", "Who pays for the lift now")):
            contribute(questions.this(), questions.people()[place], text)
        db.session.commit()
    desk = sign_in(questions.facilitator)
    check = f"{questions.desk}/items/{questions.item}/contributions/check"
    assert "Very like it" in text_of(desk.page(check))
    desk.submit(check, {}, action="/join")
    with app.app_context():
        states = [one.state for one in queries.contributions_of(questions.this())]
        assert states == ["pending", "joined"]


def test_question_is_translated_on_the_desk_and_stays_as_it_was_written(
    questions: Room, app: Flask, sign_in: SignIn, join: Join
) -> None:
    with app.app_context():
        one = contribute(questions.this(), questions.people()[0], "Who pays?")
        services.moderate(contribution=one, state="accepted", actor=ACTOR)
        number = one.public_id
        db.session.commit()
    desk, phone = sign_in(questions.facilitator), join(questions.members[1])
    assert "কে টাকা দেয়?" not in phone.get(f"{questions.phone}/now?l=bn").text
    page = f"{questions.desk}/contributions/{number}/translate"
    desk.submit(page, {"wording_bn": "কে টাকা দেয়?"})
    assert "কে টাকা দেয়?" in phone.get(f"{questions.phone}/now?l=bn").text
    assert desk.submit(page, {"wording_en": "Who rules?"}).status_code == 422


def test_all_of_them_are_read_in_pages(room: Room, app: Flask, join: Join) -> None:
    with app.app_context():
        item = room.this()
        for number in range(services.MOST_A_PERSON * 7):
            person = room.people()[number % 7]
            contribute(item, person, f"Idea number {chr(97 + number // 6) * 2}{number}")
        db.session.commit()
    phone = join(room.members[0])
    assert "See all 35" in text_of(phone.page(room.phone))
    everything = phone.page(f"/my/contributions/{room.item}/all")
    assert text_of(everything).count("Idea number") >= 35
    back = phone.submit(f"/my/contributions/{room.item}/all", {"value": "1"}, action="/support")
    assert back.location.endswith("/all")


def test_other_panels_see_nothing(room: Room, app: Flask, join: Join) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0]).public_id
        stranger = make_members(make_panel(), 1)[0].id
        db.session.commit()
    phone = join(stranger)
    assert phone.get(f"/my/contributions/{room.item}/all").status_code == 404
    sent = {"csrf_token": phone.token_on("/language"), "value": "1", "counter": "1"}
    assert phone.post(f"/my/contributions/{one}/support", data=sent).status_code == 404


def test_erased_member_leaves_no_words_and_no_press(room: Room, app: Flask) -> None:
    with app.app_context():
        item, people = room.this(), room.people()
        one, other = contribute(item, people[0]), contribute(item, people[1], "A bench")
        want(other, people[0])
        services.put_on_wall(contribution=one, actor=ACTOR)
        services.erase_member(member=people[0], actor=ACTOR)
        assert (str(one.wording), one.author_id, one.on_wall) == ("–", None, False)
        assert queries.supporters(other, Support) == 1
        assert [each.contribution.id for each in queries.overview(item).all] == [other.id]
        assert holdings.HOLDER.name == "contributions"


def test_made_up_people_write_and_press(room: Room, app: Flask) -> None:
    with app.app_context():
        item = room.this()
        for step in range(3):
            for person in room.people():
                activity.made_up(item, person, Random(step))
        assert queries.people(item) == 7
        assert db.session.query(GuestSupport).count() == 0


def test_set_up_travels_in_a_template(room: Room, app: Flask) -> None:
    with app.app_context():
        portable = activities.named("qa").portable
        assert portable
        assert portable.taken(room.this()) == {"moderated": False}
        assert portable.read({}) == {"moderated": True}


def correct(one: Contribution, text: str) -> None:
    wordings.correct_own(contribution=one, text=text, language="en")


def test_author_corrects_before_others_press(room: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0], "More tres.")
        correct(one, "More trees.")
        assert (str(one.wording), one.revision, one.state) == ("More trees.", 1, "accepted")
        correct(one, "Ring 07700 900123 for trees")
        assert one.state == "pending"
        want(other := contribute(room.this(), room.people()[1], "A bench."), room.people()[2])
        with pytest.raises(Conflict, match="Others want it"):
            correct(other, "Two benches.")


def test_correction_is_looked_at_as_if_it_were_new(questions: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(questions.this(), questions.people()[0], "Who pays?")
        services.moderate(contribution=one, state="accepted", actor=ACTOR)
        services.put_on_wall(contribution=one, actor=ACTOR)
        correct(one, "Who pays for the lift?")
        assert (one.state, one.on_wall) == ("pending", False)
        with pytest.raises(Conflict, match="corrected it meanwhile"):
            services.moderate(contribution=one, state="accepted", revision=0, actor=ACTOR)


def test_rejected_one_is_said_anew_and_waits_everywhere(room: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0], "Them again.")
        services.moderate(contribution=one, state="rejected", reason="unkind", actor=ACTOR)
        correct(one, "The neighbours again.")
        assert (one.state, one.reason) == ("pending", None)


def test_press_for_a_wording_that_was_corrected_is_refused(room: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0], "More tres.")
        correct(one, "No trees.")
        with pytest.raises(Conflict, match="corrected it meanwhile"):
            want(one, room.people()[1])
        services.support(
            contribution=one, person=room.people()[1], wanted=True, counter=1, revision=1
        )
        assert queries.supporters(one, Support) == 2


def test_correction_into_anothers_words_is_refused(room: Room, app: Flask) -> None:
    with app.app_context():
        contribute(room.this(), room.people()[0], "More trees.")
        one = contribute(room.this(), room.people()[1], "More tres.")
        with pytest.raises(Refused, match="written the same"):
            correct(one, "More trees!")
        services.join(contribution=one, into=queries.contributions_of(one.item)[0], actor=ACTOR)
        with pytest.raises(Conflict):
            correct(one, "A bench.")


def test_nobody_corrects_after_closing(room: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(room.this(), room.people()[0])
        room.close()
        with pytest.raises(Conflict):
            correct(one, "A bench.")


@pytest.mark.parametrize("closed", [False, True])
def test_what_is_taken_back_is_gone_and_counted(room: Room, app: Flask, closed: bool) -> None:
    with app.app_context():
        people = room.people()
        one = contribute(room.this(), people[0], "Something secret.")
        want(one, *people[1:])
        services.put_on_wall(contribution=one, actor=ACTOR)
        if closed:
            room.close()
        wordings.withdraw(contribution=one)
        wordings.withdraw(contribution=one)
        if not closed:
            with pytest.raises(Conflict):
                want(one, people[1])
            room.close()
        item = room.this()
        assert not queries.overview(item).all
        assert queries.own(item, people[0]) == []
        told = exports.contributions_result(item)
        assert (told["withdrawn"], told["contributions"]) == (1, [])
        assert "taken back by its author" in activity.minutes(item)
        assert db.session.scalars(lists.contributions(item).query).all() == []
        db.session.flush()
        assert "secret" not in str(db.session.scalar(select(Contribution.wording)))


def test_what_was_taken_up_stays(questions: Room, app: Flask) -> None:
    with app.app_context():
        one = contribute(questions.this(), questions.people()[0])
        services.moderate(contribution=one, state="accepted", actor=ACTOR)
        services.mark(contribution=one, mark="answered", on=True, actor=ACTOR)
        with pytest.raises(Conflict, match="taken up"):
            wordings.withdraw(contribution=one)
        with pytest.raises(Conflict):
            correct(one, "A bench.")


def test_staff_do_nothing_with_what_was_taken_back(room: Room, app: Flask) -> None:
    with app.app_context():
        one, other = (contribute(room.this(), room.people()[n], f"No. {n}") for n in (0, 1))
        wordings.withdraw(contribution=one)
        for act in (
            lambda: services.moderate(contribution=one, state="accepted", actor=ACTOR),
            lambda: services.join(contribution=one, into=other, actor=ACTOR),
            lambda: services.join(contribution=other, into=one, actor=ACTOR),
            lambda: services.mark(contribution=one, mark="shortlisted", on=True, actor=ACTOR),
            lambda: services.put_on_wall(contribution=one, actor=ACTOR),
            lambda: wordings.translate(contribution=one, wording=one.wording, actor=ACTOR),
        ):
            with pytest.raises(Conflict):
                act()


def test_author_corrects_and_takes_back_on_the_phone(room: Room, join: Join) -> None:
    author, other = join(room.members[0]), join(room.members[1])
    author.submit(room.new, {"text": "More tres"})
    own = re.search(r"/my/contributions/[^/\"]+/own", author.get(room.phone).text)
    assert own
    assert other.get(own[0]).status_code == 404
    author.submit(own[0], {"text": "More trees"}, button="Send the correction")
    assert "More trees" in text_of(other.page(room.phone))
    answer = author.submit(own[0], {}, action="/withdraw")
    assert answer.headers["Location"].endswith(room.phone)
    assert "its words are deleted" in text_of(author.page(room.phone))
    assert "More trees" not in text_of(other.page(room.phone))
    assert author.get(own[0]).status_code == 404
