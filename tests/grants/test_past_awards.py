"""Grants given before come in by a list, and a programme's page adds up what it gave."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import FaultyFile
from panel_app.grants import account
from panel_app.grants.desk import past_awards
from panel_app.grants.models import Programme
from panel_app.grants.past_models import PastAward
from panel_app.panels.models import Panel
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient
from tests.grants.conftest import Scene
from tests.grants.test_register import decided

HEAD = "reference,date,amount,kind,title,mission,place,organisation,organisation_id\n"
TOTAL, GRANTS, PEOPLE = 61_911_200, 350, 221


def past_list(total: int = TOTAL, grants: int = GRANTS, people: int = PEOPLE) -> str:
    """Return a list of grants that come to a total, so many of them to residents."""
    chance = random.Random(619112)
    amounts = [chance.randint(20_000, 250_000) for _ in range(grants - 1)]
    share = total / sum(amounts) * 0.997
    amounts = [round(amount * share) for amount in amounts]
    amounts.append(total - sum(amounts))
    kinds = ["individual"] * people + ["group", "organisation"] * grants
    rows = [
        f"G-{n},{date(2021 + n % 5, 1 + n % 12, 1 + n % 28)},{amount // 100}.{amount % 100:02},"
        f"{kind},Idea {n},{['food', 'Nobody is left alone', ''][n % 3]},"
        f"{['Roman Road', 'Bow', ''][n % 3]},,"
        for n, (amount, kind) in enumerate(zip(amounts, kinds, strict=False), 1)
    ]
    return HEAD + "\n".join(rows)


def read(scene: Scene, source: str) -> int:
    programme = db.session.get_one(Programme, scene.programme)
    return past_awards.read(programme=programme, source=source, actor="staff:test")


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(PastAward)) or 0


def test_the_sentence_equals_an_independent_sum(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        assert read(scene, past_list()) == GRANTS
        programme = db.session.get_one(Programme, scene.programme)
        told = account.account_of(programme)
        assert told.sentence == "£619,112 in 350 grants, 63% to individuals"
        totals = db.session.execute(select(func.sum(PastAward.amount), func.count())).one()
        assert (told.amount, told.grants) == tuple(totals) == (TOTAL, GRANTS)
        for title, rows in told.parts:
            assert sum(row.amount for row in rows) == TOTAL, title
            assert sum(row.grants for row in rows) == GRANTS, title
        decided(scene, "fund", asks=100_001)
        later = account.account_of(programme)
        assert (later.amount, later.grants) == (TOTAL + 100_001, GRANTS + 1)
        assert later.to_individuals == PEOPLE + 1


def test_a_list_read_twice_changes_nothing_and_a_known_row_is_put_right(
    app: Flask, scene: Scene
) -> None:
    with app.test_request_context():
        assert read(scene, past_list()) == GRANTS
        entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
        assert read(scene, past_list()) == 0
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries
        assert read(scene, HEAD + "G-1,31/03/2024,£1 250.50,Individual,,,,,") == 1
        put_right = db.session.scalars(select(PastAward).where(PastAward.reference == "G-1")).one()
        assert (put_right.amount, put_right.awarded_on) == (125_050, date(2024, 3, 31))
        assert kept() == GRANTS


def test_every_fault_is_said_by_its_row_and_nothing_is_kept(app: Flask, scene: Scene) -> None:
    wrong = [
        "A-1,2024-01-01,100,group,Fine,,,,",
        "A-1,2024-01-01,100,group,Again,,,,",
        "A/2,2024-01-01,100,group,Slash,,,,",
        "A-3,2024-13-01,100,group,Month,,,,",
        "A-4,2999-01-01,100,group,Tomorrow,,,,",
        "A-5,2024-01-01,0,group,Nothing,,,,",
        "A-6,2024-01-01,ten,group,Words,,,,",
        "A-7,2024-01-01,100,club,Kind,,,,",
        "A-8,2024-01-01,100,group,,,,,",
        "A-9,2024-01-01,100,group,Ring 020 7946 0000,,,,",
        "A-10,2024-01-01,100,group,Mission,flying,,,",
        "A-11,2024-01-01,100,organisation,Number,,,Hall,no number",
    ]
    with app.test_request_context():
        with pytest.raises(FaultyFile) as refused:
            read(scene, HEAD + "\n".join(wrong))
        said = "\n".join(map(str, refused.value.faults))
        for row in range(3, 14):
            assert str(row) in said
        assert kept() == 0


def test_nothing_that_a_list_says_of_a_resident_is_kept(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        read(scene, HEAD + "R-1,2024-01-01,100,individual,Rosa Quillfeather,,,Rosa’s shop,")
        row = db.session.scalars(select(PastAward)).one()
        assert (row.title, row.organisation) == (None, None)


def test_a_place_of_few_grants_is_not_told_apart(app: Flask, scene: Scene) -> None:
    rows = [f"B-{n},2024-01-01,100,individual,,,Bow,," for n in range(5)]
    rows += [f"C-{n},2024-01-01,100,individual,,,Cell Street,," for n in range(4)]
    with app.test_request_context():
        read(scene, HEAD + "\n".join(rows))
        parts = account.account_of(db.session.get_one(Programme, scene.programme)).parts
        assert [str(row.label) for row in parts[-1][1]] == ["Bow", "Elsewhere, or not said"]


def test_the_desk_reads_a_list_and_the_public_page_tells_it(
    app: Flask, scene: Scene, enter: Callable[[Role], CheckedClient], client: CheckedClient
) -> None:
    desk = enter("organiser")
    where = f"/desk/{scene.slug}/grants/programmes/{scene.programme_id}/past"
    assert "organisation_id" in desk.get(where).text
    desk.submit(where, {"text": past_list()})
    with app.app_context():
        db.session.get_one(Panel, scene.panel).published = True
        db.session.commit()
    address = f"/p/{scene.slug}/programmes/{scene.programme_slug}"
    shown = client.get(address).text
    assert "£619,112 in 350 grants, 63% to individuals" in shown
    assert "Idea 1<" not in shown, "what a resident’s row said"
    assert "Idea 340" in client.get(f"{address}?q=Idea+340").text
    assert client.get(f"/p/{scene.slug}/programmes/elsewhere").status_code == 404
    assert "350 grants" in client.get(f"/apply/{scene.programme_slug}").text
