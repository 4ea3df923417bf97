"""Answers before and after can be counted in pairs until the second time closes, never after."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import random
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import crypto, key_files
from panel_app.core.backup import backup, restore
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.core.holdings import Who
from panel_app.questions import holdings, pairing
from panel_app.questions.models import PairedAnswer, Pairing
from panel_app.questions.pairing import Given
from tests.conftest import POSTGRESQL
from tests.factories.panels import make_members, make_panel

PEOPLE = 40


class Change(NamedTuple):
    """How many answered both times, and by how much they changed: on average, least and most."""

    n: int
    change: float
    least: float
    most: float


def change(before: Given, after: Given) -> Change:
    changes = [
        float(str(after[who]["scale"])) - float(str(before[who]["scale"]))
        for who in before.keys() & after.keys()
    ]
    return Change(len(changes), sum(changes) / len(changes), min(changes), max(changes))


def hold(app: Flask, people: int = PEOPLE) -> tuple[int, list[str]]:
    """Have everybody answer twice, each time in the same order, the second time one higher."""
    panel = make_panel(size=people)
    seats = [member.public_id for member in make_members(panel, people)]
    one = pairing.begin(panel=panel, actor="staff:test")
    for wave, higher in (("before", 0), ("after", 1)):
        for number, who in enumerate(seats):
            answers = {"scale": str(number + higher), "note": f"{wave} {number}"}
            pairing.keep(pairing=one, wave=wave, who=who, answers=answers, counter=1)  # type: ignore[arg-type]
            db.session.commit()
    return one.id, seats


def close(pairing_id: int, seats: list[str]) -> Any:
    one = db.session.get_one(Pairing, pairing_id)
    row = pairing.close(pairing=one, people=seats, count=change, actor="staff:test")
    db.session.commit()
    return row


def key_file(app: Flask, pairing_id: int) -> Path:
    return key_files._place(db.session.get_one(Pairing, pairing_id).public_id)


def test_pairs_are_counted_once_and_the_key_dies_with_the_commit(app: Flask) -> None:
    with app.app_context():
        pairing_id, seats = hold(app)
        assert key_file(app, pairing_id).exists()
        row = close(pairing_id, seats)
        assert (row.n, row.change) == (PEOPLE, 1.0)
        assert row.least == row.most
        assert not key_file(app, pairing_id).exists()
        assert db.session.get_one(Pairing, pairing_id).cleaned
        with pytest.raises(Conflict):
            close(pairing_id, seats)


def test_a_closing_that_is_undone_keeps_the_key(app: Flask) -> None:
    with app.app_context():
        pairing_id, seats = hold(app, 5)
        one = db.session.get_one(Pairing, pairing_id)
        pairing.close(pairing=one, people=seats, count=change, actor="staff:test")
        db.session.rollback()
        assert key_file(app, pairing_id).exists()
        assert close(pairing_id, seats).n == 5


def test_the_newest_answer_counts_and_none_after_the_closing(app: Flask) -> None:
    with app.app_context():
        pairing_id, seats = hold(app, 5)
        one = db.session.get_one(Pairing, pairing_id)
        for scale, counter in (("9", 3), ("2", 2)):
            pairing.keep(
                pairing=one, wave="after", who=seats[0], answers={"scale": scale}, counter=counter
            )
        assert pairing.given_by(one, "after", seats[0]) == {"scale": "9"}
        close(pairing_id, seats)
        with pytest.raises(Conflict):
            pairing.keep(pairing=one, wave="after", who=seats[0], answers={}, counter=9)
        assert pairing.given_by(one, "after", seats[0]) is None


def attacks(app: Flask, seats: list[str], rows: list[PairedAnswer], log: bytes) -> dict[str, int]:
    """Return how many pairs each way finds of a thief with the database, a copy and the secret."""
    waves = {w: [row for row in rows if row.wave == w] for w in pairing.WAVES}
    in_file = {
        w: sorted(waves[w], key=lambda row: log.find(str(row.answers["note"]).encode()))
        for w in pairing.WAVES
    }

    def right(first: list[PairedAnswer], second: list[PairedAnswer]) -> int:
        both = zip(first, second, strict=True)
        return sum(int(a.answers["scale"]) + 1 == int(b.answers["scale"]) for a, b in both)

    found = {"the order in the files": right(in_file["before"], in_file["after"])}
    for name in ("id", "handle"):
        by = [sorted(waves[w], key=lambda row: getattr(row, name)) for w in pairing.WAVES]
        found[f"the order by {name}"] = right(*by)
    found["one handle for both"] = len(
        {r.handle for r in waves["before"]} & {r.handle for r in waves["after"]}
    )
    secret = app.config["SECRET_KEY"].encode()
    keys = [secret, hashlib.sha256(secret).digest(), b""]
    keys += [crypto.master_key(purpose) for purpose in ("answers", "person", "pairing", "mark")]
    named = {
        handle
        for key, wave, who in itertools.product(keys, pairing.WAVES, seats)
        for handle in (
            pairing.handle(key, wave, who),
            hmac.digest(key, who.encode(), "sha256"),
        )
    }
    found["the secret"] = sum(row.handle in named for row in rows)
    return found


def test_nobody_with_database_and_copy_pairs_the_waves_once_the_key_is_dead(
    app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        pairing_id, seats = hold(app)
        copy = backup(app, tmp_path / "copy").file
        close(pairing_id, seats)
        rows = list(db.session.scalars(select(PairedAnswer)))
        random.Random(1).shuffle(rows)
        assert len(rows) == 2 * PEOPLE
        for loot in (copy, *tmp_path.glob("panel.db*")):
            content = loot.read_bytes()
            # By chance one pair is right on the average, ten once in ten million times.
            found = attacks(app, seats, rows, content)
            assert {name: right for name, right in found.items() if right >= 10} == {}, loot.name
            assert not re.search(rb"pairing_key", content)


def test_the_same_attack_pairs_everybody_while_rows_lie_in_their_order(app: Flask) -> None:
    with app.app_context():
        _pairing_id, seats = hold(app)
        rows = list(db.session.scalars(select(PairedAnswer)))
        told = b" ".join(f"{w} {n}".encode() + b" " for w in pairing.WAVES for n in range(PEOPLE))
        assert attacks(app, seats, rows, told)["the order in the files"] > PEOPLE / 2


def test_an_older_copy_that_is_put_back_keeps_it_closed(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        pairing_id, seats = hold(app, 5)
    copy = backup(app, tmp_path / "copy").file
    with app.app_context():
        close(pairing_id, seats)
    restore(app, copy)
    with app.app_context():
        one = db.session.get_one(Pairing, pairing_id)
        assert one.closed_at is not None
        with pytest.raises(Conflict):
            pairing.keep(pairing=one, wave="after", who=seats[0], answers={}, counter=9)


def test_somebodys_answers_are_told_and_erased_while_the_key_lives(app: Flask) -> None:
    with app.test_request_context():
        pairing_id, seats = hold(app, 6)
        who = Who((f"member:{seats[0]}",))
        assert any("before 0" in str(held.rows) for held in holdings.tell(who))
        holdings.erase(who, "staff:test")
        db.session.commit()
        assert list(holdings.tell(who)) == []
        assert close(pairing_id, seats).n == 5


@pytest.mark.skipif(bool(POSTGRESQL), reason="one disk is enough")
def test_a_key_that_a_disk_keeps_is_destroyed_by_the_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        pairing_id, seats = hold(app, 5)
        with monkeypatch.context() as disk:
            disk.setattr(key_files, "destroy", _refuse)
            close(pairing_id, seats)
        assert key_file(app, pairing_id).exists()
        pairing.tidy()
        assert not key_file(app, pairing_id).exists()


def _refuse(_name: str) -> None:
    raise OSError(5, "Input/output error")
