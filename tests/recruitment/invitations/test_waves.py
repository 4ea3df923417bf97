"""Waves: a list that is read, a plan with its reasons, a draw that strangers verify."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations import (
    addresses,
    exports,
    letters,
    marking,
    queries,
    services,
    waves,
)
from panel_app.recruitment.invitations.models import Address, AddressList, Invitation, Wave
from sortition import verify
from tests.factories.invitations import addresses_csv, draw_letters, load_addresses
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR
from tests.sortition.workbooks import xlsx

SOON = timedelta(days=14)


def list_state(panel_id: int) -> AddressList:
    return db.session.scalars(select(AddressList).where(AddressList.panel_id == panel_id)).one()


def test_a_list_is_read_sealed_and_its_id_kept(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel)
        kept = list_state(panel.id)
        assert (kept.state, kept.area_column) == ("ready", "Ward")
        assert kept.address_columns == ["Street", "Postcode"]
        first = db.session.scalars(select(Address).order_by(Address.id)).first()
        assert first is not None
        assert first.reference == "10000001"
        assert first.details["Street"] == "1 Canary Row"
        assert b"Canary" not in first.sealed
        assert sum(queries.homes_left(panel).values()) == 180, "two rows of one home are one"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("id,address,ward\n1,1 Row,\n", "blank"),
        ("id,address,ward\n1,,N\n", "blank"),
        ("id,address,ward\n1,1 Row,N\n1,2 Row,N\n", "used by different"),
        ("id,address,ward\n1,1 Row,N\n", "only 1 homes"),
        ("id,colour\n1,red\n", "missing"),
        ("id,address,ward\n", "nothing below"),
    ],
)
def test_a_faulty_list_is_refused_with_words_and_nothing_is_kept(
    app: Flask, rows: str, words: str
) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel, rows)
        kept = list_state(panel.id)
        assert kept.state == "failed"
        told = " ".join(str(fault.message) for fault in addresses.told(kept)["faults"])
        assert words in told
        assert not queries.addresses_of(panel)
        assert kept.told is not None
        assert b"Row" not in kept.told


def test_another_choice_of_columns_reads_the_file_again(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel)
        addresses.choose_columns(
            panel=panel, address_columns=["Street"], area_column="", actor=ACTOR
        )
        db.session.commit()
        addresses.read_list(panel.id)
        db.session.expire_all()
        assert list(queries.homes_left(panel)) == [""]


def test_a_reading_that_was_given_up_writes_nothing_more(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = addresses._Read.take

    def slowly(read: Any) -> None:
        """Take so long that the hour's tidying finds the list silent."""
        take(read)
        list_state(panel.id).beat_at = clock.now() - addresses.SILENCE * 2
        db.session.commit()
        addresses.tidy()

    with app.test_request_context():
        panel = make_panel()
        db.session.commit()
        monkeypatch.setattr(addresses._Read, "take", slowly)
        load_addresses(panel)
        assert list_state(panel.id).state == "failed"
        assert not queries.addresses_of(panel)


def read_so(panel: Panel, **columns: Any) -> AddressList:
    addresses.choose_columns(panel=panel, actor=ACTOR, **columns)
    db.session.commit()
    addresses.read_list(panel.id)
    db.session.expire_all()
    return list_state(panel.id)


def references() -> set[str]:
    return set(db.session.scalars(select(Address.reference)))


def test_another_sheet_of_a_workbook_is_read_with_columns_of_its_own(app: Flask) -> None:
    homes = [["Our number", "Street", "Postcode", "Ward"]]
    homes += [[f"H{n}", f"{n} Canary Row", "E1 4AA", "North"] for n in range(1, 9)]
    other = [["Address", "Ward"], *([f"{n} Old Lane", "South"] for n in range(1, 7))]
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel, xlsx({"Other": other, "Homes": homes}))
        kept = list_state(panel.id)
        assert (kept.state, kept.sheets, kept.sheet) == ("ready", ["Other", "Homes"], "Other")
        assert references() == {str(n) for n in range(2, 8)}
        read_so(panel, address_columns=kept.address_columns, area_column="Ward", sheet="Homes")
        kept = list_state(panel.id)
        assert (kept.sheet, kept.address_columns) == ("Homes", ["Street", "Postcode"])
        assert sum(queries.homes_left(panel).values()) == 8
        chosen = {"address_columns": kept.address_columns, "area_column": "Ward", "sheet": "Homes"}
        assert read_so(panel, **chosen, id_column="Our number").state == "ready"
        assert references() == {f"H{n}" for n in range(1, 9)}
        with pytest.raises(Refused, match="can’t be a part"):
            read_so(panel, **chosen, id_column="Street")


def test_a_sheet_that_is_no_list_leaves_the_choice_of_another(app: Flask) -> None:
    homes = [["Number", "Where"], *([str(n), f"{n} Canary Row"] for n in range(1, 9))]
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel, xlsx({"Notes": [["Address list of May"]], "Homes": homes}))
        kept = list_state(panel.id)
        assert (kept.state, kept.sheets) == ("failed", ["Notes", "Homes"])
        kept = read_so(panel, address_columns=[], area_column="", sheet="Homes")
        assert kept.columns == ["Number", "Where"]
        assert read_so(panel, address_columns=["Where"], area_column="", sheet="Homes").done == 100
        assert sum(queries.homes_left(panel).values()) == 8


def test_a_file_that_is_not_read_anew_is_forgotten(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel)
        kept = list_state(panel.id)
        kept.beat_at = clock.now() - addresses.KEPT * 2
        db.session.commit()
        addresses.tidy()
        db.session.expire_all()
        assert kept.upload is None
        with pytest.raises(Conflict, match="not kept"):
            addresses.choose_columns(
                panel=panel, address_columns=["Street"], area_column="", actor=ACTOR
            )


@pytest.mark.parametrize(
    ("letters_", "rates", "words"),
    [
        (181, None, "180 homes are on the list"),
        (0, None, "180 homes are on the list"),
        (40, {"Ward 1": 0.0}, "lies above 0"),
        (40, {"Ward 1": 1.2}, "at most 1"),
        (40, {"Ward 1": None}, "Ward 1.* has no response rate"),
        (40, {"Ward 9": 0.1}, "no area"),
    ],
)
def test_a_plan_that_can_not_be_is_refused_with_words(
    app: Flask, letters_: int, rates: dict[str, float | None] | None, words: str
) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel)
        given = {**dict.fromkeys(queries.homes_left(panel), 0.05), **(rates or {})}
        with pytest.raises(Refused, match=words):
            waves.plan_wave(
                panel=panel,
                letters=letters_,
                rates={area: rate for area, rate in given.items() if rate is not None},
                closes_on=(clock.now() + SOON).date(),
                actor=ACTOR,
            )


def test_a_stranger_verifies_the_homes_with_the_standard_library_alone(
    app: Flask, tmp_path: Path
) -> None:
    with app.test_request_context():
        wave = draw_letters(panel := _loaded())
        files, commitment = exports.wave_files(wave), wave.commitment
        assert wave.state == "drawn"
        invited = db.session.scalars(select(Invitation)).all()
        assert len({i.home for i in invited}) == len(invited) == 40
        assert "Canary" not in str(files)
        assert queries.letters_sent(panel) == 40
    folder = tmp_path / "letters-1"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, newline="")
    command = [sys.executable, "-I", "-S", verify.__file__, str(folder), "--commitment"]
    done = subprocess.run([*command, str(commitment)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "holds the addresses that the dice name" in done.stdout
    for name in files:
        changed = {**files, name: files[name].replace("1", "2", 1)}
        assert not all(check.ok for check in verify.verify_files(changed, commitment)), name


def test_no_home_is_written_to_twice_and_strangers_see_it(app: Flask) -> None:
    with app.test_request_context():
        panel = _loaded()
        first, second = draw_letters(panel, 60), draw_letters(panel, 120, dice="152")
        homes = db.session.scalars(select(Invitation.home)).all()
        assert len(homes) == len(set(homes)) == 180
        names = [_named(wave) for wave in (first, second)]
        assert not names[0] & names[1]
        assert not queries.homes_left(panel)
        load_addresses(panel, addresses_csv(220))
        assert sum(queries.homes_left(panel).values()) == 18, "only those that were not there"


def test_the_second_wave_is_planned_from_what_was_measured(app: Flask) -> None:
    with app.test_request_context():
        panel = _loaded()
        wave = draw_letters(panel, 100)
        ward = db.session.scalars(
            select(Invitation).where(Invitation.wave_id == wave.id, Invitation.area == "Ward 1")
        ).all()
        for invitation in ward[:5]:
            services.use(invitation)
        rates = {rate.area: rate for rate in queries.rates_of(panel)}
        assert rates["Ward 1"].source == "area"
        assert rates["Ward 1"].rate == pytest.approx(5 / len(ward))
        assert rates["Ward 2"].source == "all"
        assert rates["Ward 2"].rate == pytest.approx(5 / 100)


def test_without_answers_nothing_is_measured(app: Flask) -> None:
    with app.test_request_context():
        panel = _loaded()
        draw_letters(panel, 100)
        assert {(r.source, r.rate) for r in queries.rates_of(panel)} == {("usual", 0.05)}


def test_letters_are_marked_by_number_and_code_and_used_ones_stay(app: Flask) -> None:
    with app.test_request_context():
        wave = draw_letters(_loaded(), 20)
        row = next(r for r in letters.merge_rows(wave) if r["letter"] == "1-0003")
        used = db.session.scalars(select(Invitation).where(Invitation.number == 4)).one()
        services.use(used)
        done = marking.mark_many(
            wave=wave,
            typed=f"1-0001, 2\n{row['code']}\n1-0004 2-0005 XXXX 1-0001",
            state="returned",
            actor=ACTOR,
        )
        assert (done.marked, done.used, done.unknown) == (3, ["1-0004"], ["2-0005", "XXXX"])
        area = sum(area.returned for area in queries.areas_of(wave))
        assert area == 3
        with pytest.raises(Refused):
            services.find(row["code"])


def test_a_letter_says_what_it_is_in_the_languages_of_the_place(app: Flask) -> None:
    with app.test_request_context():
        wave = draw_letters(_loaded(), 20)
        html = letters.letters(wave)[0].html
        row = next(iter(letters.merge_rows(wave)))
        assert row["Street"] in html
        assert row["code"] in html
        assert 'lang="bn"' in html
        assert 'dir="rtl"' in html
        assert services.find(row["code"]).reference == row["letter"]
        assert set(row) == set(letters.merge_columns(wave))


def test_a_published_round_is_given_up_openly_and_another_follows(app: Flask) -> None:
    with app.test_request_context():
        panel = _loaded()
        wave = _planned(panel)
        waves.fix_wave(wave=wave, actor=ACTOR)
        db.session.commit()
        waves.seal(wave.public_id)
        db.session.expire_all()
        with pytest.raises(Conflict):
            waves.leave_wave(wave=wave, actor=ACTOR)
        with pytest.raises(Conflict):
            load_addresses(panel)
        db.session.rollback()
        waves.give_up_wave(wave=wave, reason="The list was old.", actor=ACTOR)
        assert _planned(panel).number == 2


def test_two_who_roll_at_once_draw_once(app: Flask) -> None:
    with app.test_request_context():
        wave = _planned(_loaded())
        waves.fix_wave(wave=wave, actor=ACTOR)
        public_id = wave.public_id
        db.session.commit()
        waves.seal(public_id)
        db.session.remove()

    def roll(dice: str) -> bool:
        with app.test_request_context():
            one = db.session.scalars(select(Wave).where(Wave.public_id == public_id)).one()
            try:
                waves.roll(wave=one, dice=dice, actor=ACTOR)
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return False
            waves.draw(public_id)
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(roll, ["111", "222", "333", "444"])) == 1
    with app.test_request_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 40


def test_a_job_that_died_is_begun_again(app: Flask) -> None:
    with app.test_request_context():
        wave = _planned(_loaded())
        waves.fix_wave(wave=wave, actor=ACTOR)
        wave.beat_at = clock.now() - waves.SILENCE * 2
        db.session.commit()
        waves.tidy()
        db.session.expire_all()
        assert wave.state == "ready"


def _loaded() -> Panel:
    panel = make_panel()
    load_addresses(panel)
    return panel


def _planned(panel: Panel) -> Wave:
    return waves.plan_wave(
        panel=panel,
        letters=40,
        rates=dict.fromkeys(queries.homes_left(panel), 0.05),
        closes_on=(clock.now() + SOON).date(),
        actor=ACTOR,
    )


def _named(wave: Wave) -> set[str]:
    return {line.split(",")[0] for line in exports.wave_files(wave)["invited.csv"].splitlines()[1:]}
