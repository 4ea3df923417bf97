"""Reserves: planned by likely losses, drawn with dice, called in their order or with a reason."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from panel_app.cli import main
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.panels import electorate, seats
from panel_app.panels import services as panel_services
from panel_app.panels.models import Panel
from panel_app.recruitment import exports, people_files, queries, replacements, reserves, services
from panel_app.recruitment.models import Lottery, Person, Reserve
from panel_app.recruitment.reserve_plans import likely_most
from sortition.verify import read_csv, verify_files
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, make_draw
from tests.factories.staff import make_user

DICE = {"first": "1", "second": "2", "third": "3"}


def drawn_panel(slug: str = "hillgrove") -> Panel:
    panel = make_panel(slug=slug, size=6)
    make_draw(panel)
    db.session.commit()
    return panel


def reserved(panel: Panel, number: int | None = 3, share: float = 0.2) -> Lottery:
    lottery = reserves.start_reserves(panel=panel, number=number, share=share, seed=4, actor=ACTOR)
    public_id = lottery.public_id
    db.session.commit()
    services.compute_lottery(public_id)
    services.commit_lottery(lottery=lottery, actor=ACTOR)
    services.draw_panel(lottery=lottery, dice="123", actor=ACTOR)
    db.session.commit()
    return lottery


def in_order(panel: Panel) -> list[Reserve]:
    return [one.reserve for one in reserves.listed(panel)]


def leave(panel: Panel, *seats_left: int) -> None:
    for member in panel.members:
        if member.seat in seats_left:
            panel_services.give_up_seat(member=member)
    db.session.flush()


@given(members=st.integers(1, 40), share=st.floats(0.01, 0.6))
def test_no_more_leave_than_there_are_reserves_nine_times_in_ten(
    members: int, share: float
) -> None:
    chance = [1.0]  # of so many gone, member by member
    for _ in range(members):
        chance = [
            (chance[k] if k < len(chance) else 0) * (1 - share)
            + (chance[k - 1] * share if k else 0)
            for k in range(len(chance) + 1)
        ]
    most = likely_most(members, share)
    assert sum(chance[: most + 1]) >= 0.9 - 1e-9
    assert sum(chance[:most]) < 0.9 + 1e-9


def test_reserves_stand_in_the_order_that_the_bundle_fixes(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel()
        lottery = reserved(panel)
        files = exports.bundle_files(lottery)
        assert all(check.ok for check in verify_files(files, lottery.commitment))
        _, rows = read_csv(files["selected.csv"])
        people = {p.public_id: p for p in db.session.scalars(select(Person))}
        key = (lottery.private or {})["key"]
        order = [people[key[row[0]]].id for row in rows]
        assert [one.person_id for one in in_order(panel)] == order
        assert [one.position for one in in_order(panel)] == [1, 2, 3]
        swapped = files["selected.csv"].splitlines(keepends=True)
        swapped[1:3] = swapped[2:0:-1]
        changed = {**files, "selected.csv": "".join(swapped)}
        assert not all(check.ok for check in verify_files(changed)), "the order is checked too"


def test_every_list_of_the_lottery_holds_what_the_plan_asks_for(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel()
        lottery = reserved(panel)
        files = exports.bundle_files(lottery)
        _, targets = read_csv(files["targets.csv"])
        assert all(low == high for _, _, low, high in targets)
        assert lottery.plan
        assert lottery.plan["with"] < lottery.plan["without"]
        seated = {p.household for p in db.session.scalars(select(Person)) if p.member_id}
        homes = [one.person.household for one in in_order(panel)]
        assert not seated & set(homes)
        assert len(set(homes)) == 3
        assert lottery.parent_id == db.session.scalar(
            select(Lottery.id).where(Lottery.kind == "panel")
        )


def test_a_called_reserve_gets_a_new_seat_and_no_part_in_an_open_vote(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel()
        reserved(panel)
        electorate.write_down("ballot:one", electorate.seated(panel))
        leave(panel, 2)
        first = in_order(panel)[0]
        member = reserves.call_reserve(reserve=first, actor=ACTOR)
        assert member.seat == 7
        assert seats.code_of(member)
        assert reserves.call_reserve(reserve=first, actor=ACTOR) is member, "twice is once"
        assert not electorate.includes("ballot:one", member)
        assert member in electorate.seated(panel)
        assert queries.standing(panel) == queries.Now(sitting=6, gone=1, came=1)
        with pytest.raises(Conflict, match="No seat is free"):
            reserves.call_reserve(reserve=in_order(panel)[1], actor=ACTOR)


def test_whoever_comes_before_others_needs_a_reason(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel()
        lottery = reserved(panel)
        leave(panel, 1, 2)
        first, _second, third = in_order(panel)
        for reason in ("", "   ", "x" * 401):
            with pytest.raises(Refused, match="before others"):
                reserves.call_reserve(reserve=third, reason=reason, actor=ACTOR)
        reserves.call_reserve(reserve=third, reason="The only tenant left", actor=ACTOR)
        reserves.call_reserve(reserve=first, reason="not needed", actor=ACTOR)
        told = reserves.called(panel)[lottery.public_id]
        assert [(one.position, one.reason) for one in told] == [
            (1, ""),
            (3, "The only tenant left"),
        ]


def test_whoever_cannot_sit_any_more_is_passed_over_without_a_reason(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel()
        reserved(panel)
        leave(panel, 1)
        first, second, third = in_order(panel)
        first.person.withdrawn_at = clock.now()
        second.person.person_key = b""
        db.session.flush()
        for gone in (first, second):
            with pytest.raises(Conflict, match="can’t take a seat"):
                reserves.call_reserve(reserve=gone, actor=ACTOR)
        assert reserves.call_reserve(reserve=third, actor=ACTOR).seat == 7


def test_reserves_are_in_no_lottery_of_replacements(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel()
        before = replacements.candidates(panel)
        reserved(panel)
        assert replacements.candidates(panel) == before - 3
        leave(panel, 1)
        running = replacements.start_replacement(panel=panel, number=1, actor=ACTOR)
        with pytest.raises(Conflict, match="under way"):
            reserves.call_reserve(reserve=in_order(panel)[0], actor=ACTOR)
        with pytest.raises(Conflict, match="under way"):
            reserves.start_reserves(panel=panel, number=1, share=0.1, actor=ACTOR)
        services.stop_lottery(lottery=running, actor=ACTOR)
        again = reserved(panel, 2)
        assert again.state == "drawn"
        assert len(in_order(panel)) == 5
        chosen = {row["id"] for row in people_files.people_rows(again, "selected")}
        assert chosen == {one.person.reference for one in in_order(panel)[3:]}


def test_refusals_say_what_is_wrong(app: Flask) -> None:
    with app.test_request_context():
        with pytest.raises(Conflict, match="not drawn yet"):
            reserves.start_reserves(panel=make_panel(size=6), number=1, share=0.1, actor=ACTOR)
        panel = drawn_panel()
        for share in (0.0, 1.2, -1.0):
            with pytest.raises(Refused, match="1 to 60"):
                reserves.start_reserves(panel=panel, number=1, share=share, actor=ACTOR)
        for number in (0, -2, 500):
            with pytest.raises(Refused, match="people are left"):
                reserves.start_reserves(panel=panel, number=number, share=0.1, actor=ACTOR)


def test_the_database_holds_one_open_lottery_after_the_draw(app: Flask) -> None:
    with app.test_request_context():
        panel = drawn_panel()
        first = reserves.start_reserves(panel=panel, number=2, share=0.1, actor=ACTOR)
        db.session.commit()
        twin = Lottery(
            panel_id=panel.id,
            kind="replacement",
            parent_id=first.parent_id,
            seed=1,
            size=1,
            pool_size=9,
        )
        db.session.add(twin)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_two_organisers_at_once_start_one_draw_and_fill_one_seat(app: Flask) -> None:
    with app.test_request_context():
        panel_id = drawn_panel().id

    def start(_: int) -> str:
        with app.test_request_context():
            panel = db.session.get_one(Panel, panel_id)
            lottery = reserves.start_reserves(panel=panel, number=3, share=0.2, actor=ACTOR)
            public_id: str = lottery.public_id
            db.session.commit()
            return public_id

    with ThreadPoolExecutor(4) as organisers:
        assert len(set(organisers.map(start, range(4)))) == 1
    with app.test_request_context():
        lottery = db.session.scalars(select(Lottery).where(Lottery.kind == "reserves")).one()
        services.compute_lottery(lottery.public_id)
        services.commit_lottery(lottery=lottery, actor=ACTOR)
        services.draw_panel(lottery=lottery, dice="123", actor=ACTOR)
        leave(db.session.get_one(Panel, panel_id), 1)
        db.session.commit()
        ids = [one.public_id for one in in_order(db.session.get_one(Panel, panel_id))]

    def call(public_id: str) -> str:
        with app.test_request_context():
            panel = db.session.get_one(Panel, panel_id)
            one = reserves.reserve_called(panel, public_id)
            try:
                reserves.call_reserve(reserve=one, reason="Fits best", actor=ACTOR)
                db.session.commit()
            except (Conflict, Refused):
                db.session.rollback()
                return "refused"
            return "seated"

    with ThreadPoolExecutor(3) as organisers:
        assert Counter(organisers.map(call, ids)) == {"seated": 1, "refused": 2}


def test_organiser_draws_and_calls_reserves_and_the_public_reads_it(
    app: Flask, sign_in: Any
) -> None:
    with app.test_request_context():
        drawn_panel()
        email = make_user("organiser").email
        db.session.commit()
    desk: CheckedClient = sign_in(email)
    page = "/desk/hillgrove/reserves"
    assert "no more than 2 of the 6 members do" in text_of(desk.page(page))
    answer = desk.submit(page, {"share": "20", "number": "3"}, button="Compute")
    assert answer.status_code == 303
    lottery = answer.headers["Location"]
    assert desk.submit(lottery, action="commit").status_code == 303
    assert "20 of 100 members were expected to leave." in text_of(desk.page(lottery))
    assert desk.submit(lottery, DICE, action="dice").status_code == 303
    assert desk.submit(lottery, action="/yes").status_code == 303
    assert "3 people are drawn." in text_of(desk.page(lottery))
    with app.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        leave(panel, 1, 2)
        db.session.commit()
        first, _, third = (one.public_id for one in in_order(panel))
    assert "Call before others" in text_of(desk.page(page))
    call = f"{page}/{third}/call"
    assert desk.submit(call, {"reason": ""}, button="Give them").status_code == 422
    assert desk.submit(call, {"reason": "The only tenant"}, button="Give them").status_code == 303
    assert desk.submit(f"{page}/{first}/call", button="Give them").status_code == 303
    public = text_of(new_client(app).page("/p/hillgrove/chosen"))
    assert "3 reserves were drawn by a lottery on" in public
    assert "Number 3 was called on" in public
    assert "Before others, because: The only tenant" in public
    assert "Person " not in public


def test_the_evidence_holds_the_draw_of_reserves(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context():
        reserved(drawn_panel())
    packed = tmp_path / "evidence.zip"
    packed.write_bytes(new_client(app).get("/p/hillgrove/evidence.zip").data)
    done = CliRunner().invoke(main, ["verify", str(packed)])
    assert done.exit_code == 0, done.output
    assert done.output.count("holds the people of panel") == 2
