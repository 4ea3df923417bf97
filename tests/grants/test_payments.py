"""Payments that two people make: each step once, nothing before its time, accounts in the dark."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from panel_app.core import clock, errors
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.grants import awards, bank, checks, payments, rules
from panel_app.grants.award_models import BankDetails, Payment
from panel_app.grants.models import Award, Programme
from panel_app.outbox.models import Message
from panel_app.panels.models import Member, Panel
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.awards import (
    ACCOUNT,
    DRAFTER,
    RELEASER,
    make_award,
    make_payable,
    make_payment,
)
from tests.grants.conftest import Scene

ROOT = Path(__file__).parents[2]


@pytest.fixture
def inside(app: Flask, scene: Scene) -> Iterator[Scene]:
    """Return the scene, inside the application."""
    with app.test_request_context():
        yield scene


def payable(scene: Scene) -> Award:
    members = [db.session.get_one(Member, number) for number in scene.members[:4]]
    return make_payable(make_award(db.session.get_one(Programme, scene.programme), members))


def test_nothing_is_drafted_before_acceptance_nor_beyond_the_grant(inside: Scene) -> None:
    members = [db.session.get_one(Member, number) for number in inside.members[:4]]
    award = make_award(db.session.get_one(Programme, inside.programme), members)
    with pytest.raises(errors.Conflict):
        make_payment(award)
    make_payable(award)
    make_payment(award, 100_000)
    for amount in (85_001, -1):
        with pytest.raises(errors.Refused):
            payments.draft(award=award, amount=amount, due_on=date(2026, 12, 1), actor=DRAFTER)
    assert make_payment(award, 85_000).number == 2


def test_who_drafts_a_payment_never_releases_it(inside: Scene) -> None:
    line = make_payment(payable(inside))
    with pytest.raises(errors.NotAllowed):
        payments.release(payment=line, actor=DRAFTER)
    db.session.commit()
    with pytest.raises(IntegrityError):
        db.session.execute(
            text(
                "UPDATE payment SET state = 'released', released_at = created_at,"
                " released_by = drafted_by"
            )
        )
    db.session.rollback()
    payments.release(payment=line, actor=RELEASER)
    assert (line.state, line.award.state) == ("released", "paying")


def test_six_who_release_at_once_release_it_once(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        number = make_payment(payable(scene)).id
        db.session.commit()
    start, answers = threading.Barrier(6), list[str]()

    def press(who: int) -> None:
        with app.test_request_context():
            start.wait()
            try:
                line = db.session.get_one(Payment, number)
                payments.release(payment=line, actor=f"staff:{who}")
                db.session.commit()
                answers.append("released")
            except errors.Conflict:
                db.session.rollback()
                answers.append("refused")
            finally:
                db.session.remove()

    people = [threading.Thread(target=press, args=(who,)) for who in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(answers) == ["refused"] * 5 + ["released"]
    with app.app_context():
        entries = select(func.count()).where(AuditEntry.action == "payment.released")
        assert db.session.scalar(entries) == 1


KILLED = """
import sys, os, signal
from pathlib import Path
from panel_app.app import create_app
from panel_app.core import audit
from panel_app.core.db import db
from panel_app.grants import payments
from panel_app.grants.award_models import Payment
from tests.conftest import settings_for

app = create_app(settings_for(sys.argv[1], Path(sys.argv[2])))
with app.test_request_context():
    line = db.session.get_one(Payment, int(sys.argv[3]))
    payments._record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    payments.release(payment=line, actor="staff:releaser")
    db.session.commit()
"""


def test_killed_between_release_and_record_nothing_is_released(
    app: Flask, scene: Scene, tmp_path: Path
) -> None:
    with app.test_request_context():
        number = make_payment(payable(scene)).id
        db.session.commit()
        url = db.engine.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(tmp_path), str(number)], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with app.test_request_context():
        line = db.session.get_one(Payment, number)
        assert (line.state, line.released_by) == ("draft", None)
        payments.release(payment=line, actor=RELEASER)
        db.session.commit()


def test_what_failed_is_drafted_again_and_paid_only_once(inside: Scene) -> None:
    award = payable(inside)
    line = make_payment(award)
    with pytest.raises(errors.Conflict):
        payments.settle(payment=line, outcome="paid", actor=DRAFTER)
    payments.release(payment=line, actor=RELEASER)
    assert payments.settle(payment=line, outcome="failed", actor=DRAFTER)
    again = make_payment(award)
    payments.release(payment=again, actor=RELEASER)
    assert payments.settle(payment=again, outcome="paid", actor=DRAFTER)
    assert not payments.settle(payment=again, outcome="paid", actor=DRAFTER)
    with pytest.raises(errors.Conflict):
        payments.settle(payment=line, outcome="paid", actor=DRAFTER)
    assert (award.state, awards.spent(award, "paid")) == ("reporting", 185_000)


def test_a_file_of_the_finance_system_is_read_whole_or_not_at_all(inside: Scene) -> None:
    panel, line = db.session.get_one(Panel, inside.panel), make_payment(payable(inside))
    payments.release(payment=line, actor=RELEASER)
    db.session.commit()

    def read(rows: str) -> int:
        return payments.read_back(panel=panel, source=rows.encode(), actor=DRAFTER)

    long = f"payment,outcome\n{line.public_id},{'x' * 200_000}"
    for faulty in ("name\nx", "payment,outcome\nnone,paid", "\xff\xfe", long):
        with pytest.raises(errors.Refused):
            read(faulty)
    with pytest.raises(errors.FaultyFile) as refused:
        read(f"payment,outcome\n{line.public_id},paid\n{line.public_id},sent\nnone,paid\n")
    assert len(refused.value.faults) == 2
    db.session.rollback()
    assert read(f"\ufeffPayment,Date,Outcome\n{line.public_id},1/12/2026,Paid\n") == 1
    assert read(f"payment,outcome\n{line.public_id},paid\n") == 0
    assert line.state == "paid"


def test_an_account_is_sealed_shown_once_and_in_no_log_message_or_export(
    inside: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    award = payable(inside)
    make_payment(award)
    db.session.commit()
    assert bank.last_two(award) == "19"
    assert bank.look(award=award, actor=DRAFTER).number == ACCOUNT["number"]
    with pytest.raises(errors.Conflict):
        bank.look(award=award, actor=RELEASER)
    db.session.commit()
    entries = db.session.scalars(select(AuditEntry)).all()
    messages = db.session.scalars(select(Message)).all()
    told = json.dumps([[e.details for e in entries], [m.wording for m in messages]])
    whole = told + caplog.text
    if db.engine.dialect.name == "sqlite":
        file = Path(str(db.engine.url.database))
        for part in (file, file.with_name(file.name + "-wal")):
            whole += part.read_bytes().decode("latin-1") if part.exists() else ""
    for secret in (ACCOUNT["number"], "123456"):
        assert secret not in whole
    bank.keep(award=award, **{**ACCOUNT, "number": "55779911"})
    assert bank.look(award=award, actor=DRAFTER).number == "55779911"


def test_another_account_is_checked_anew_and_none_is_changed_under_a_payment(
    inside: Scene,
) -> None:
    award = payable(inside)
    first = make_payment(award, 1_000)
    db.session.commit()
    bank.keep(award=award, **{**ACCOUNT, "number": "55779911"})
    with pytest.raises(errors.Conflict):
        payments.release(payment=first, actor=RELEASER)
    checks.check(award=award, kind="account", note="Seen", actor="staff:test")
    payments.release(payment=first, actor=RELEASER)
    with pytest.raises(errors.Conflict):
        bank.keep(award=award, **ACCOUNT)
    assert bank.last_two(award) == "11"
    payments.settle(payment=first, outcome="failed", actor=DRAFTER)
    bank.keep(award=award, **ACCOUNT)
    assert "account" not in checks.done(award)


def test_an_account_is_deleted_three_months_after_the_last_payment(
    inside: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    award = payable(inside)
    line = make_payment(award)
    payments.release(payment=line, actor=RELEASER)
    payments.settle(payment=line, outcome="paid", actor=DRAFTER)
    db.session.commit()
    for days, kept in ((89, 1), (91, 0)):
        later = clock.now() + timedelta(days=days)
        with monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda later=later: later)
            bank.forget_old()
        assert db.session.scalar(select(func.count()).select_from(BankDetails)) == kept


@given(typed=st.text(max_size=20))
def test_an_account_is_eight_digits_or_refused(typed: str) -> None:
    for found, length in ((rules.sort_code(typed), 6), (rules.account_number(typed), 8)):
        assert found is None or (len(found) == length and found.isascii() and found.isdigit())


def test_accounts_are_read_as_people_type_them() -> None:
    assert rules.sort_code(" 12-34-56 ") == rules.sort_code("123456") == "123456"
    assert rules.account_number("1234 567") == "01234567"
    assert rules.account_number("1234567a") is None
    assert rules.iban("GB82 WEST 1234 5698 7654 32") == "GB82WEST12345698765432"
    assert rules.iban("GB83 WEST 1234 5698 7654 32") is None


def test_payer_and_releaser_pay_a_grant_on_the_desk(
    app: Flask, scene: Scene, enter: Callable[[Role], CheckedClient]
) -> None:
    with app.test_request_context():
        award = payable(scene).public_id
        db.session.commit()
    payer, releaser, organiser = enter("payer"), enter("releaser"), enter("organiser")
    path = f"/desk/{scene.slug}/grants/awards/{award}"
    new = {"amount": "1850", "due_on": "2026-12-01"}
    assert organiser.get(f"{path}/pay").status_code == 403
    assert payer.submit(f"{path}/pay", {**new, "amount": "2000"}).status_code == 422
    assert payer.submit(f"{path}/pay", new).status_code == 303
    assert "Release it" not in text_of(payer.page(path))
    shown = payer.submit(path, {}, action=path)
    assert ACCOUNT["number"] in shown.text
    assert ACCOUNT["number"] not in text_of(payer.page(path))
    assert releaser.submit(path, {}, action="/release").status_code == 303
    rows = releaser.get(f"/desk/{scene.slug}/grants/payments?as=csv&state=released").text
    line = rows.splitlines()[1].split(",")[0]
    assert ACCOUNT["number"] not in rows
    assert payer.submit(path, {}, action="/paid").status_code == 303
    assert "Paid, to be reported" in text_of(organiser.page(path))
    assert line in payer.get(f"/desk/{scene.slug}/grants/payments?as=csv").text
    assert organiser.submit(f"{path}/close", {"reason": "Told by phone"}).status_code == 303
    assert "Closed" in text_of(organiser.page(f"/desk/{scene.slug}/grants/awards"))
