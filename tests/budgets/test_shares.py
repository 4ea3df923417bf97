"""Ballots on service lines: papers, buttons, the count to the penny, and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from panel_app.balloting.models import Ballot, Paper
from panel_app.balloting.services import cast_paper, close_ballot, open_ballot
from panel_app.budgets import queries as budgets
from panel_app.budgets import services as pots
from panel_app.budgets.models import Count, Pot
from panel_app.budgets.shares import exports, paper, result, services, terms
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.translated import Translated
from panel_app.counting import count_shares
from panel_app.panels.models import Member
from panel_app.publishing.queries import closed_budgets
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.budgets import make_ballot_item, on_wall
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]
Join = Callable[[int], CheckedClient]

NAMES = ("Caretaking", "Repairs", "Green spaces")
WISHES = [(60, 40, 0), (20, 20, 60), (0, 100, 0), (35, 35, 30), (100, 0, 0), (10, 45, 45)]


def make_line_ballot(pot: Pot, *, agreed_by: str = "") -> Ballot:
    question = Translated.of(en="How to share it out?")
    return services.create_ballot(pot=pot, question=question, agreed_by=agreed_by, actor="system")


def make_lines(amount: int = 100_000_01) -> Pot:
    pot = pots.create_pot(
        panel=make_panel(), name=Translated.of(en="Estate"), amount=amount, actor="system"
    )
    for name in NAMES:
        yearly = 40_000_00 if name == "Repairs" else None
        pots.add_line(pot=pot, name=Translated.of(en=name), yearly=yearly, actor="system")
    return pot


@pytest.fixture
def opened(app: Flask) -> Iterator[Ballot]:
    with app.app_context():
        pot = make_lines()
        make_members(pot.panel, len(WISHES))
        ballot = make_line_ballot(pot, agreed_by="the meeting")
        yield open_ballot(ballot=ballot, closes_at=None, actor="system")


def lines_of(ballot: Ballot) -> list[str]:
    return [line.id for line in terms.read(ballot.terms).lines]


def wish(ballot: Ballot, shares: tuple[int, ...]) -> dict[str, Any]:
    return dict(zip(lines_of(ballot), shares, strict=True))


def closed(ballot: Ballot, wishes: list[tuple[int, ...]] = WISHES) -> Ballot:
    members = db.session.scalars(select(Member).order_by(Member.id)).all()
    for member, shares in zip(members, wishes, strict=False):
        cast_paper(ballot=ballot, member=member, choice=wish(ballot, shares), counter=1)
    db.session.commit()
    close_ballot(ballot=ballot, actor="system")
    db.session.commit()
    return ballot


def test_a_paper_shares_out_the_whole_pot_and_nothing_else(opened: Ballot) -> None:
    first, second, third = lines_of(opened)
    kept = terms.check(opened.terms, {first: "৬০", second: "40", third: ""})
    assert kept == {first: 60, second: 40}
    for wrong in (
        {first: "60"},
        {first: "60", second: "41"},
        {first: "99.5", second: "0.5"},
        {first: "-10", second: "110"},
        {first: "10 50"},
        {"elsewhere": "100"},
        {},
        [first],
        None,
    ):
        with pytest.raises(Refused):
            terms.check(opened.terms, wrong)


@given(
    typed=st.lists(st.integers(0, 60), min_size=3, max_size=3),
    presses=st.lists(st.tuples(st.sampled_from(["more", "less"]), st.integers(0, 2)), max_size=30),
)
def test_buttons_never_give_more_than_is_left(
    typed: list[int], presses: list[tuple[str, int]]
) -> None:
    choice = {f"l{place}": str(share) for place, share in enumerate(typed)}
    worst = min(0, terms.left(choice))
    for act, place in presses:
        sent = MultiDict({f"share.{line}": share for line, share in choice.items()})
        sent["press"] = f"{act}.l{place}"
        choice = paper.read(None, sent)  # type: ignore[arg-type]
        assert terms.left(choice) >= worst
        assert set(choice) == {"l0", "l1", "l2"}


@settings(max_examples=150, deadline=None)
@given(data=st.data(), lines=st.integers(1, 40), pot=st.integers(0, 10_000_019))
def test_pence_add_up_for_any_number_of_lines(data: st.DataObject, lines: int, pot: int) -> None:
    cuts = st.lists(st.integers(0, 100), min_size=lines - 1, max_size=lines - 1)
    marks = [[0, *sorted(data.draw(cuts)), 100] for _ in range(data.draw(st.integers(1, 7)))]
    papers = [[b - a for a, b in pairwise(m)] for m in marks]
    counted = count_shares([f"l{n}" for n in range(lines)], papers, pot=pot)
    assert sum(line.amount for line in counted.lines) == pot
    assert sum(line.average for line in counted.lines) == pot
    assert sum(paper.in_pence(pot, papers[0])) == pot


def test_a_ballot_needs_two_lines_and_is_frozen_once_open(app: Flask) -> None:
    with app.app_context():
        pot = make_lines()
        make_members(pot.panel, 6)
        for line in pot.lines[1:]:
            pots.remove_line(line=line, actor="system")
        db.session.refresh(pot)
        ballot = make_line_ballot(pot)
        with pytest.raises(Refused, match="at least two service lines"):
            open_ballot(ballot=ballot, closes_at=None, actor="system")
        pots.add_line(pot=pot, name=Translated.of(en="Play"), actor="system")
        open_ballot(ballot=ballot, closes_at=None, actor="system")
        pots.change_pot(pot=pot, name=pot.name, amount=5, actor="system")
        assert terms.read(ballot.terms).pot == 100_000_01
        with pytest.raises(Conflict):
            services.change_draft(
                ballot=ballot, question=ballot.question, agreed_by="", actor="system"
            )


def test_result_is_counted_kept_and_counted_again(opened: Ballot) -> None:
    ballot = closed(opened)
    shown = result.of(ballot)
    assert shown is not None
    assert sum(line.amount for line in shown.lines) == 100_000_01
    assert sum(line.average for line in shown.lines) == 100_000_01
    assert all("wanted at least this" in line.words for line in shown.lines)
    assert shown.lines[0].words.startswith("Caretaking gets £")
    assert result.recount_agrees(ballot)
    assert db.session.scalars(select(Count)).one().margins == {}


def test_stranger_counts_the_file_and_gets_the_same(opened: Ballot) -> None:
    ballot = closed(opened)
    rows = list(csv.DictReader(io.StringIO(exports.SHARES.csv_file(ballot).lstrip("\ufeff"))))
    papers: dict[str, dict[str, int]] = {}
    for row in rows:
        papers.setdefault(row["paper"], {})[row["line"]] = int(row["percent"])
    told = list(csv.DictReader(io.StringIO(exports.LINES.csv_file(ballot).lstrip("\ufeff"))))
    lines = [row["line"] for row in told]
    counted = count_shares(
        lines, [[each[line] for line in lines] for each in papers.values()], pot=100_000_01
    )
    assert [line.amount for line in counted.lines] == [int(row["amount_pence"]) for row in told]
    assert [line.average for line in counted.lines] == [int(row["average_pence"]) for row in told]
    choices = [str(sorted(each.items())) for each in papers.values()]
    assert len(choices) == len(WISHES)
    cast_in_order = [str(sorted(wish(ballot, one).items())) for one in WISHES]
    assert sorted(choices) == sorted(cast_in_order)


def test_under_five_papers_nothing_is_told(opened: Ballot, client: CheckedClient) -> None:
    ballot = closed(opened, WISHES[:4])
    assert exports.paper_rows(ballot) == []
    assert {row["amount_pence"] for row in exports.line_rows(ballot)} == {None}
    assert exports.whole(ballot).keys().isdisjoint({"covered", "result", "in_words"})
    address = f"/p/{ballot.panel.slug}/budget/{ballot.public_id}"
    db.session.rollback()
    page = client.page(address)
    assert "£" not in text_of(page.find(".//main") or page)


def test_pages_files_wall_and_minutes_tell_the_result(
    opened: Ballot, client: CheckedClient
) -> None:
    ballot = closed(opened)
    address = f"/p/{ballot.panel.slug}/budget/{ballot.public_id}"
    db.session.rollback()
    page = text_of(client.page(address))
    assert "Caretaking gets £" in page
    assert "Plain average" in page
    assert "agreed by: the meeting" in page
    assert "percent" in client.get(f"{address}/papers.csv").text
    assert "amount_pence" in client.get(f"{address}/projects.csv").text
    told = client.get(f"{address}.json").get_json()
    assert sum(line["amount"] for line in told["result"]["lines"]) == 100_000_01
    assert client.get(f"{address}.pb").status_code == 404
    assert closed_budgets(ballot.panel, at_most=1)[0].amount == 100_000_01
    assert budgets.opened_on(db.session.scalars(select(Pot)).one())[0][1].options == ()
    item = make_ballot_item(ballot.panel, ballot)
    item.revealed = True
    wall = on_wall(item)
    assert wall.count("Caretaking") == len(NAMES)
    assert "average:" in wall


def test_voting_without_javascript_keeps_what_was_typed(opened: Ballot, join: Join) -> None:
    first, second, third = lines_of(opened)
    member = db.session.scalars(select(Member.id).order_by(Member.id)).first()
    assert member is not None
    address = f"/my/ballots/{opened.public_id}"
    db.session.commit()
    phone = join(member)
    form = phone.page(address).find(".//form[@id='typed']")
    again = next(b.get("formaction", "") for b in form.iter("button") if b.get("formaction"))
    sent = {f"share.{first}": "60", f"share.{second}": "38", f"share.{third}": ""}
    token = {"csrf_token": phone.token_on(address), "counter": "1", "press": f"more.{third}"}
    page = parse(phone.post(again.partition("#")[0], data={**sent, **token}).text)
    typed = {f.get("name"): f.get("value") for f in page.iter("input")}
    assert [typed[f"share.{line}"] for line in (first, second, third)] == ["60", "38", "2"]
    assert "All of £100,000.01 is shared out." in text_of(page)
    short = phone.submit(address, {f"share.{first}": "60", "press": ""}, action="/check")
    told = text_of(parse(short.text).find(".//*[@id='errors']"))
    assert "40 percent of the money is still to share out" in told, told
    wished = {f"share.{first}": "60", f"share.{third}": "40", "press": ""}
    checked = phone.submit(address, wished, action="/check")
    assert "60% · Caretaking" in text_of(parse(checked.text))
    cast = {**token, **wished}
    phone.post(f"{address}/cast", data=cast)
    paper_kept = db.session.scalars(select(Paper)).one()
    assert paper_kept.choice == {first: 60, third: 40}


def test_organiser_makes_and_changes_a_draft(opened: Ballot, sign_in: SignIn) -> None:
    pot = db.session.scalars(select(Pot)).one()
    email = make_user("organiser", pot.panel).email
    address = f"/desk/{pot.panel.slug}/pots/{pot.public_id}"
    db.session.commit()
    desk = sign_in(email)
    assert "Make a ballot on the service lines" in text_of(desk.page(address))
    desk.submit(f"{address}/ballots/shares", {"question_en": "Share it?", "agreed_by": "us"})
    draft = db.session.scalars(select(Ballot).where(Ballot.state == "draft")).one()
    assert (draft.kind, str(draft.question)) == ("shares", "Share it?")
    edit = f"{address}/ballots/{draft.public_id}"
    db.session.rollback()
    assert "us" in {f.get("value") for f in desk.page(edit).iter("input")}
    desk.submit(edit, {"question_en": "Share?", "agreed_by": "all"})
    db.session.refresh(draft)
    assert str(draft.question) == "Share?"
