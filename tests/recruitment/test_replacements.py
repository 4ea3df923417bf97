"""Replacements: who may come in, the targets that are left, one draw, seats of their own."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from panel_app.cli import main
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.panels import electorate, seats
from panel_app.panels import services as panel_services
from panel_app.panels.models import Panel
from panel_app.recruitment import exports, queries, replacements, services
from panel_app.recruitment.models import Lottery, Person
from sortition.verify import verify_files
from tests.checked_client import CheckedClient, parse, text_of
from tests.conftest import new_client
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, make_draw
from tests.factories.staff import make_user

DICE = {"first": "1", "second": "2", "third": "3"}


def drawn_panel(leaving: int) -> Panel:
    """Return a panel of 6, drawn, of whom the first few declined; commits."""
    panel = make_panel(slug="hillgrove", size=6)
    make_draw(panel)
    for member in panel.members[:leaving]:
        panel_services.give_up_seat(member=member)
    db.session.commit()
    return panel


def replaced(panel: Panel, number: int, dice: str = "123", **more: Any) -> Lottery:
    lottery = replacements.start_replacement(panel=panel, number=number, actor=ACTOR, **more)
    public_id = lottery.public_id
    db.session.commit()
    services.compute_lottery(public_id)
    if lottery.state == "proposed":
        services.commit_lottery(lottery=lottery, actor=ACTOR)
        services.draw_panel(lottery=lottery, dice=dice, actor=ACTOR)
    db.session.commit()
    return lottery


def seated_people(panel: Panel) -> list[Person]:
    query = select(Person).join(Person.member).where(Person.panel_id == panel.id)
    return [p for p in db.session.scalars(query) if p.member and p.member.state == "invited"]


@pytest.mark.parametrize("leaving", [1, 2, 4, 6])
def test_whoever_comes_in_restores_targets_and_homes(app: Flask, leaving: int) -> None:
    with app.test_request_context():
        panel = drawn_panel(leaving)
        before = {p.public_id for p in db.session.scalars(select(Person)) if p.member_id}
        lottery = replaced(panel, leaving)
        assert lottery.state == "drawn"
        people = seated_people(panel)
        assert len(people) == 6
        came = [p for p in people if p.lottery_id == lottery.id]
        assert len(came) == leaving
        assert not before & {p.public_id for p in came}, "nobody is drawn a second time"
        assert len({p.household for p in people}) == 6, "one seat a home"
        for feature, targets in queries.targets_of(panel):
            held = Counter(p.features[feature] for p in people)
            for target in targets:
                assert target.minimum <= held[target.value] <= target.maximum
        seats = [p.member.seat for p in came if p.member]
        assert min(seats) == 7, "a seat's number is never used twice"
        assert queries.standing(panel) == queries.Now(sitting=6, gone=leaving, came=leaving)
        drawn = queries.composition(panel)
        assert sum(value.number for value in drawn[0].values) == 6, "as drawn stays as it was"


def test_a_stranger_verifies_the_replacement_as_the_panels_draw(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(2)
        lottery = replaced(panel, 2)
        files = exports.bundle_files(lottery)
        assert all(check.ok for check in verify_files(files, lottery.commitment))
        sitting_homes = {p.household for p in seated_people(panel) if p.lottery_id != lottery.id}
        pool = len(files["pool.csv"].splitlines()) - 1
        assert pool == lottery.pool_size
        left = db.session.scalars(select(Person).where(Person.member_id.is_(None))).all()
        eligible = [p for p in left if p.household not in sitting_homes]
        assert lottery.pool_size >= len(eligible)


def test_people_who_were_erased_are_not_drawn(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(1)
        left = db.session.scalars(select(Person).where(Person.member_id.is_(None))).all()
        before = replacements.candidates(panel)
        gone = next(
            p for p in left if p.household not in {s.household for s in seated_people(panel)}
        )
        gone.person_key, gone.sealed, gone.household = b"", b"", None
        db.session.flush()
        assert replacements.candidates(panel) == before - 1


def test_an_electorate_fixed_before_does_not_take_the_newcomer_in(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(1)
        electorate.write_down("ballot:one", electorate.seated(panel))
        lottery = replaced(panel, 1)
        came = db.session.scalars(select(Person).where(Person.lottery_id == lottery.id)).one()
        assert came.member is not None
        assert not electorate.includes("ballot:one", came.member)
        assert came.member in electorate.seated(panel)


def test_refusals_say_what_is_wrong(app: Flask) -> None:
    with app.test_request_context():
        fresh = make_panel(size=6)
        with pytest.raises(Conflict, match="not drawn yet"):
            replacements.start_replacement(panel=fresh, number=1, actor=ACTOR)
        panel = drawn_panel(2)
        for number in (0, -1, 3):
            with pytest.raises(Refused, match="seats are free: 2"):
                replacements.start_replacement(panel=panel, number=number, actor=ACTOR)
        first = replacements.start_replacement(panel=panel, number=2, actor=ACTOR)
        again = replacements.start_replacement(panel=panel, number=1, actor=ACTOR)
        assert again is first
        db.session.commit()
        services.compute_lottery(first.public_id)
        services.commit_lottery(lottery=first, actor=ACTOR)
        with pytest.raises(Conflict, match="roll its dice first"):
            replacements.start_replacement(panel=panel, number=2, actor=ACTOR)


def test_a_decline_is_undone_until_the_place_is_given(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(2)
        first, second = panel.members[:2]
        replacements.take_back(member=first, actor=ACTOR)
        assert first.state == "invited"
        assert replacements.free_seats(panel) == 1
        lottery = replacements.start_replacement(panel=panel, number=1, actor=ACTOR)
        db.session.commit()
        with pytest.raises(Conflict, match="given to another neighbour"):
            replacements.take_back(member=second, actor=ACTOR)
        services.compute_lottery(lottery.public_id)
        services.commit_lottery(lottery=lottery, actor=ACTOR)
        services.draw_panel(lottery=lottery, dice="000", actor=ACTOR)
        with pytest.raises(Conflict, match="given to another neighbour"):
            replacements.take_back(member=second, actor=ACTOR)


def test_nobody_is_taken_back_beside_a_new_member_of_their_home(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(2)
        gone = panel.members[0]
        home = db.session.scalars(select(Person).where(Person.member_id == gone.id)).one()
        came = db.session.scalars(
            select(Person).where(Person.household == home.household, Person.id != home.id)
        ).one()
        came.member_id = seats.new_member(panel=panel).id
        db.session.flush()
        assert replacements.free_seats(panel) == 1
        with pytest.raises(Conflict):
            replacements.take_back(member=gone, actor=ACTOR)


def test_nobody_is_taken_back_while_a_lottery_is_under_way(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(2)
        replacements.start_replacement(panel=panel, number=1, actor=ACTOR)
        with pytest.raises(Conflict):
            replacements.take_back(member=panel.members[0], actor=ACTOR)


def test_targets_that_nobody_left_can_meet_are_eased_for_one_lottery(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(0)
        women = [p for p in seated_people(panel) if p.features["gender"] == "Female"]
        left = db.session.scalars(select(Person).where(Person.member_id.is_(None))).all()
        for person in left:
            if person.features["gender"] == "Female":
                person.person_key = b""
        for person in women:
            assert person.member
            panel_services.give_up_seat(member=person.member)
        db.session.commit()
        failed = replaced(panel, len(women))
        assert failed.state == "failed"
        assert failed.fault
        assert failed.fault["changes"]
        lottery = replaced(panel, len(women), eased=failed.fault["changes"])
        assert lottery.state == "drawn"
        assert all(check.ok for check in verify_files(exports.bundle_files(lottery)))
        targets = {t.value: t.minimum for _, rows in queries.targets_of(panel) for t in rows}
        assert targets["Female"] == 2, "the panel's own targets stay"
        (story,) = queries.replacement_stories(panel)
        assert story.eased == failed.fault["changes"]


def test_the_database_holds_one_open_replacement(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel(2)
        replacements.start_replacement(panel=panel, number=1, actor=ACTOR)
        db.session.commit()
        twin = Lottery(panel_id=panel.id, kind="replacement", seed=1, size=1, pool_size=9)
        db.session.add(twin)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_two_organisers_at_once_start_one_draw(app: Flask) -> None:
    with app.test_request_context():
        panel_id = drawn_panel(2).id

    def press(_: int) -> str:
        with app.test_request_context():
            panel = db.session.get_one(Panel, panel_id)
            lottery = replacements.start_replacement(panel=panel, number=2, actor=ACTOR)
            public_id: str = lottery.public_id
            db.session.commit()
            return public_id

    with ThreadPoolExecutor(4) as organisers:
        assert len(set(organisers.map(press, range(4)))) == 1


def test_organiser_replaces_in_the_browser_and_the_public_reads_it(
    app: Flask, sign_in: Any
) -> None:
    with app.test_request_context():
        drawn_panel(2)
        email = make_user("organiser").email
        db.session.commit()
    desk: CheckedClient = sign_in(email)
    home = text_of(desk.page("/desk/hillgrove/"))
    assert "2 seats are free." in home
    answer = desk.submit("/desk/hillgrove/replacements", {"number": "2"}, button="Compute")
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert desk.submit(page, action="commit").status_code == 303
    assert "rolled where people can see them" in text_of(desk.page(page))
    assert desk.submit(page, DICE, action="dice").status_code == 303
    assert desk.submit(page, action="/yes").status_code == 303
    assert "2 people are drawn." in text_of(desk.page(page))
    shown = text_of(desk.page("/desk/hillgrove/replacements"))
    assert "0 seats of 6 are free." in shown
    public = text_of(new_client(app).page("/p/hillgrove/chosen"))
    assert "6 of 6 seats are held now. 2 people declined or left." in public
    assert "2 people came in by a lottery on" in public
    assert "Who sits now" not in public, "beside the list as drawn it would tell who left"


def test_a_wrong_number_is_said_beside_the_field(app: Flask, sign_in: Any) -> None:
    with app.test_request_context():
        drawn_panel(1)
        email = make_user("organiser").email
        db.session.commit()
    desk: CheckedClient = sign_in(email)
    answer = desk.submit("/desk/hillgrove/replacements", {"number": "4"}, button="Compute")
    assert answer.status_code == 422
    assert "So many seats are free: 1. Type a number up to that." in text_of(parse(answer.text))


def test_the_evidence_holds_every_draw_and_checks_each(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context():
        panel = drawn_panel(1)
        replaced(panel, 1)
    packed = tmp_path / "evidence.zip"
    packed.write_bytes(new_client(app).get("/p/hillgrove/evidence.zip").data)
    done = CliRunner().invoke(main, ["verify", str(packed)])
    assert done.exit_code == 0, done.output
    assert done.output.count("holds the people of panel") == 2
