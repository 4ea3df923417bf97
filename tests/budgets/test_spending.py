"""Where the money goes now: shares never exceed their contract, and no figure loses its word."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from panel_app.budgets.spending import exports, files, queries, services, wording
from panel_app.budgets.spending.models import Apportionment, Contract
from panel_app.budgets.spending.services import Share, Terms
from panel_app.core.db import db
from panel_app.core.errors import Conflict, FaultyFile, Refused
from panel_app.core.translated import Translated
from panel_app.places.models import Place
from panel_app.places.services import add_place, remove_place
from panel_app.web.exports import csv_file
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]
ACTOR = "staff:test"


@pytest.fixture
def borough(app: Flask) -> Flask:
    """Return the application with a borough, an estate, two blocks and a contract on trees."""
    with app.app_context():
        borough = place("borough", "Hillgrove")
        estate = place("estate", "Hillgrove estate", borough)
        for name in ("Block A", "Block B"):
            place("block", name, estate)
        contract()
        db.session.commit()
    return app


def place(kind: Any, name: str, parent: Place | None = None) -> Place:
    return add_place(kind=kind, name=Translated.of(en=name), parent=parent, actor=ACTOR)


def contract(reference: str = "T1", yearly: int = 300_000_00) -> Contract:
    terms = Terms(
        reference=reference,
        service=Translated.of(en="Tree care"),
        supplier="company",
        yearly=yearly,
    )
    return services.add_contract(terms=terms, actor=ACTOR)


def the(name: str) -> Place:
    return next(p for p in db.session.query(Place) if str(p.name) == name)


def share(name: str, part: int = 9, whole: int = 100, **more: Any) -> Apportionment:
    facts = {"year": 2026, "basis": "assets", "confidence": "fair", "source": "Survey", **more}
    counted = Translated.of(en="trees") if facts["basis"] == "assets" else None
    typed = Share(place=the(name), part=part, whole=whole, counted=counted, **facts)
    return services.set_share(contract=db.session.query(Contract).one(), share=typed, actor=ACTOR)


def test_shares_come_to_at_most_all_of_a_contract_exactly(borough: Flask) -> None:
    with borough.app_context():
        share("Block A", 1, 3)
        share("Block B", 2, 3)
        other = place("estate", "Other estate", the("Hillgrove"))
        with pytest.raises(Conflict, match=r"0 % is left for 2026"):
            share(str(other.name), 1, 10**12)
        share(str(other.name), 1, 1, year=2027)
        share("Block B", 1, 3)
        share(str(other.name), 1, 3)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=6))
def test_a_share_is_taken_just_where_the_sum_stays_within_one(
    borough: Flask, wanted: list[tuple[int, int]]
) -> None:
    with borough.app_context():
        taken = Fraction()
        for number, (part, whole) in enumerate(wanted):
            there = place("estate", f"Estate {number}", the("Hillgrove"))
            fits = part <= whole and taken + Fraction(part, whole) <= 1
            try:
                share(str(there.name), part, whole)
                assert fits
                taken += Fraction(part, whole)
            except (Refused, Conflict):
                assert not fits
        kept = sum((one.share for one in db.session.query(Apportionment)), Fraction())
        assert kept == taken
        db.session.rollback()


def test_two_who_set_shares_at_once_never_pass_the_whole(borough: Flask) -> None:
    start, told = threading.Barrier(4), list[str]()

    def work(number: int) -> None:
        with borough.app_context():
            name = ("Block A", "Block B", "East", "West")[number]
            start.wait()
            try:
                share(name, 2, 5)
                db.session.commit()
                told.append("set")
            except Conflict:
                db.session.rollback()
                told.append("refused")

    with borough.app_context():
        for name in ("East", "West"):
            place("estate", name, the("Hillgrove"))
        db.session.commit()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "refused", "set", "set"]
    with borough.app_context():
        assert sum((s.share for s in db.session.query(Apportionment)), Fraction()) == Fraction(4, 5)


def test_money_is_not_counted_for_an_estate_and_again_for_its_block(borough: Flask) -> None:
    with borough.app_context():
        share("Block A")
        with pytest.raises(Conflict, match="counted twice"):
            share("Hillgrove estate")
        with pytest.raises(Conflict, match="counted twice"):
            share("Hillgrove")


@pytest.mark.parametrize(
    "wrong",
    [
        {"part": 0},
        {"part": 101},
        {"year": 1},
        {"source": ""},
    ],
)
def test_a_share_without_its_figures_or_source_is_refused(
    borough: Flask, wrong: dict[str, Any]
) -> None:
    with borough.app_context(), pytest.raises(Refused):
        share("Block A", **wrong)


@pytest.mark.parametrize(
    "change",
    ["part = whole + 1", "part = 0", "basis = 'felt'", "confidence = 'none'", "source = ''"],
)
def test_the_database_keeps_nonsense_out(borough: Flask, change: str) -> None:
    with borough.app_context():
        share("Block A")
        with pytest.raises(IntegrityError):
            db.session.execute(text(f"UPDATE apportionment SET {change}"))


def test_counted_things_have_their_name_in_the_database_too(borough: Flask) -> None:
    with borough.app_context():
        made = share("Block A", basis="area")
        assert db.session.scalar(text("SELECT count(*) FROM apportionment WHERE counted IS NULL"))
        made.basis = "assets"
        with pytest.raises(IntegrityError):
            db.session.flush()


@pytest.mark.parametrize(
    ("basis", "confidence", "says"),
    [
        ("assets", "fair", "estimated: 9 % of “Tree care”, by number of trees"),
        ("area", "guess", "guessed: 9 % of “Tree care”, by area of land"),
        ("agreed", "high", "agreed: 9 % of “Tree care”, by agreement"),
        ("measured", "high", "measured: 9 % of “Tree care”"),
    ],
)
def test_a_figure_carries_its_word_on_the_page_in_the_list_and_in_the_data(
    borough: Flask, client: CheckedClient, basis: str, confidence: str, says: str
) -> None:
    with borough.app_context():
        share("Block A", basis=basis, confidence=confidence)
        panel = make_panel(slug="hillgrove")
        panel.published, panel.area = True, the("Hillgrove estate")
        db.session.commit()
        estate = the("Hillgrove estate").public_id
    page = text_of(client.page(f"/money/{estate}"))
    assert says in page
    assert "£27,000" in page
    assert ("all of it measured" in page) == (basis == "measured")
    for path in (f"/money/{estate}.csv", "/p/hillgrove/data/spending.csv"):
        listed = client.get(path).text
        assert says in listed
        assert "2700000" in listed
    assert f"/money/{estate}" in client.get("/p/hillgrove/").text
    assert "Hillgrove estate" in text_of(client.page("/money"))


def test_what_is_not_measured_is_told_to_the_pound_on_the_page_and_kept_exactly(
    borough: Flask, client: CheckedClient
) -> None:
    with borough.app_context():
        made = share("Block A", 1, 7)
        assert wording.pence_of(made) == 42_857_14
        block = the("Block A").public_id
        db.session.commit()
    told = text_of(client.page(f"/money/{block}"))
    assert "About £42,857 a year. None of it is measured." in told
    assert "£42,857.14" not in told
    assert "4285714" in client.get(f"/money/{block}.csv").text


def test_a_published_register_is_read_with_its_own_columns(borough: Flask) -> None:
    register = (
        "Hillgrove: contracts over £5,000,,,,,\n"
        "Contract Reference,Title of agreement,Supplier name,SME/VCSE,Contract value,"
        "Start date,End date\n"
        'A1,Lifts,Lift Ltd,SME,"£40,000.00",01/04/2024,31/03/2028\n'
        "A2,Youth club,The Club,VCSE,12000,01/04/2026,31/03/2027\n"
        "A3,Gates,Gate Co,,900,01/04/2026,30/06/2026\n"
    )
    with borough.test_request_context():
        done = files.read_contracts(source=register, actor=ACTOR)
        assert (done.added, done.changed) == (3, 0)
        kept = {one.reference: one for one in queries.contracts()}
        assert [kept[r].yearly for r in ("A1", "A2", "A3")] == [10_000_00, 12_000_00, 900_00]
        assert [kept[r].supplier for r in ("A1", "A2", "A3")] == ["small", "charity", "unknown"]
        assert all(kept[r].worked_out for r in ("A1", "A2", "A3"))
        assert "Lift Ltd" not in csv_file(files.contract_rows(), files.CONTRACT_COLUMNS)


def test_columns_of_any_name_are_read_once_they_are_named(borough: Flask) -> None:
    source = "No.,Leistung,Pro Jahr\nX,Bins,1250\n"
    named = {"reference": "No.", "service_en": "leistung", "yearly": "Pro Jahr"}
    with borough.test_request_context():
        assert files.read_contracts(source=source, columns=named, actor=ACTOR).added == 1
        with pytest.raises(FaultyFile):
            files.read_contracts(source=source, actor=ACTOR)


def test_every_fault_of_a_list_is_named_by_row_and_nothing_is_changed(borough: Flask) -> None:
    contracts = (
        "reference,service_en,yearly,supplier,area\n"
        "A,Bins,10 50,company,\n"
        "B,,100,company,\n"
        "C,Gates,100,friend,\n"
        "D,Gates,100,own,Nowhere\n"
        "E,Gates,100,own,Block A\n"
        "E,Gates,100,own,Block A\n"
    )
    shares = (
        "contract,place,year,basis,part,whole,confidence,source,counted_en\n"
        "T1,Block A,2026,households,1,4,high,List,\n"
        "T9,Block A,2026,households,1,4,high,List,\n"
        "T1,Block Z,2026,households,1,4,high,List,\n"
        "T1,Block B,2026,households,4,1,high,List,\n"
        "T1,Block B,2026,assets,1,4,high,List,\n"
        "T1,Block B,2026,measured,,4,high,,\n"
    )
    with borough.test_request_context():
        with pytest.raises(FaultyFile) as refused:
            files.read_contracts(source=contracts, actor=ACTOR)
        told = "\n".join(refused.value.faults)
        for row, word in ((2, "yearly"), (3, "service_en"), (4, "supplier"), (5, "Nowhere")):
            assert any(str(row) in line and word in line for line in refused.value.faults), told
        assert "more than once" in told
        with pytest.raises(FaultyFile) as refused:
            files.read_shares(source=shares, actor=ACTOR)
        told = "\n".join(refused.value.faults)
        for word in ("T9", "Block Z", "part", "source"):
            assert word in told
        db.session.rollback()
        assert [one.reference for one in queries.contracts()] == ["T1"]
        assert db.session.query(Apportionment).count() == 0


def test_lists_read_back_as_they_are_change_nothing(borough: Flask) -> None:
    with borough.test_request_context():
        share("Block A")
        db.session.commit()
        written = csv_file(files.contract_rows(), files.CONTRACT_COLUMNS).encode()
        done = files.read_contracts(source=written, actor=ACTOR)
        assert (done.added, done.changed) == (0, 0)
        before = files.share_rows()
        files.read_shares(source=csv_file(before, files.SHARE_COLUMNS), actor=ACTOR)
        assert files.share_rows() == before


def test_a_place_with_money_is_not_removed(borough: Flask) -> None:
    with borough.app_context():
        share("Block A")
        with pytest.raises(Refused):
            remove_place(place=the("Block A"), actor=ACTOR)


def test_contracts_and_shares_are_kept_by_hand(borough: Flask, sign_in: SignIn) -> None:
    with borough.app_context():
        email = make_user("administrator").email
        block = the("Block A").public_id
        db.session.commit()
    desk, here = sign_in(email), "/desk/contracts"
    sent = {"reference": "B7", "service_en": "Bins", "supplier": "own", "yearly": "£5,000"}
    assert desk.submit(f"{here}/new", sent).status_code == 303
    with borough.app_context():
        one = next(c for c in queries.contracts() if c.reference == "B7").public_id
    assert "Another contract" in desk.submit(f"{here}/new", sent).text
    typed = {
        "place": block,
        "year": "2026",
        "basis": "households",
        "part": "40",
        "whole": "1000",
        "confidence": "high",
        "source": "Council tax list",
    }
    assert desk.submit(f"{here}/{one}/shares/new", typed).status_code == 303
    told = text_of(desk.page(f"{here}/{one}"))
    assert "estimated: 4 % of “Bins”, by number of households" in told
    assert desk.submit(f"{here}/{one}/change", {**sent, "yearly": "6000"}).status_code == 303
    with borough.app_context():
        made = db.session.query(Apportionment).one()
        assert wording.pence_of(made) == 240_00
        share_id = made.public_id
    for page in (here, f"{here}/file", f"{here}/shares/file"):
        desk.page(page)
    assert "B7" in desk.get(f"{here}/list.csv").text
    assert "B7" in desk.get(f"{here}/shares.csv").text
    assert desk.submit(f"{here}/{one}/shares/{share_id}/remove").status_code == 303
    source = {"text": "reference,service_en,yearly\nB8,Gates,10\n"}
    assert desk.submit(f"{here}/file", source).status_code == 303
    shares = {
        "text": "contract,place,year,basis,part,whole,confidence,source\nB8,Block A,2026,"
        "area,1,2,fair,Map\n"
    }
    assert desk.submit(f"{here}/shares/file", shares).status_code == 303
    assert desk.submit(f"{here}/{one}/remove").status_code == 303
    with borough.app_context():
        assert exports.rows_of(None)[0]["told"] == "estimated: 50 % of “Gates”, by area of land"
