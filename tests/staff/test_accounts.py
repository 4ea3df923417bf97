"""Administrators look after accounts; nobody locks everybody out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.staff.accounts import create_user, give_role, set_active, take_role
from panel_app.staff.models import User
from tests.checked_client import CheckedClient
from tests.conftest import new_client
from tests.factories.panels import make_panel
from tests.factories.staff import PASSWORD, make_user

SignIn = Callable[[User | str], CheckedClient]


@pytest.fixture
def administrator(app: Flask, sign_in: SignIn) -> CheckedClient:
    """Return the browser of an administrator of all panels."""
    with app.app_context():
        email = make_user("administrator").email
        db.session.commit()
    return sign_in(email)


def account(app: Flask, email: str) -> str:
    with app.app_context():
        return db.session.query(User).filter_by(email=email).one().public_id


def test_administrator_adds_an_account_that_can_sign_in(
    app: Flask, administrator: CheckedClient
) -> None:
    with app.app_context():
        panel = make_panel()
        db.session.commit()
        panel_id, slug = panel.public_id, panel.slug
    sent = {"name": "Asha", "email": "Asha@Example.org ", "password": PASSWORD,
            "role": "facilitator", "panel": panel_id}  # fmt: skip
    made = administrator.submit("/desk/staff/new", sent)
    assert made.status_code == 303
    assert "Facilitator" in administrator.get(made.headers["Location"]).text
    assert "Asha" in administrator.get("/desk/staff/").text
    asha = new_client(app)
    sent = {"email": "asha@example.org", "password": PASSWORD}
    assert asha.submit("/staff/login", sent).status_code == 302
    assert asha.get(f"/desk/{slug}/").status_code == 200
    assert asha.get("/desk/staff/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"password": "short"}, "at least 12"), ({"name": ""}, "Fill this in"),
     ({"role": "king"}, "Not a valid choice"), ({"panel": "elsewhere"}, "Not a valid choice"),
     ({"name": "x" * 121}, "too long")],
)  # fmt: skip
def test_faulty_account_is_refused_and_the_form_stays_filled(
    administrator: CheckedClient, wrong: dict[str, str], message: str
) -> None:
    sent = {"name": "Asha", "email": "asha@example.org", "password": PASSWORD, **wrong}
    answer = administrator.submit("/desk/staff/new", sent)
    assert answer.status_code == 422
    assert message in answer.text
    assert "asha@example.org" in answer.text
    assert PASSWORD not in answer.text


def test_address_is_taken_once(app: Flask) -> None:
    with app.app_context():
        create_user(email="a@example.org", name="A", password=PASSWORD, role="observer")
        with pytest.raises(Refused, match="already"):
            create_user(email=" A@example.ORG", name="A", password=PASSWORD, role="observer")


def test_role_is_given_once_taken_and_logged(app: Flask, administrator: CheckedClient) -> None:
    with app.app_context():
        email = make_user("observer").email
        db.session.commit()
    path = f"/desk/staff/{account(app, email)}"
    assert (
        administrator.submit(path, {"role": "organiser"}, button="Give the role").status_code == 303
    )
    again = administrator.submit(path, {"role": "organiser"}, button="Give the role")
    assert (again.status_code, "has that role already" in again.text) == (422, True)
    assert administrator.submit(path, button="Take this role away").status_code == 303
    with app.app_context():
        roles = {r.role for r in db.session.query(User).filter_by(email=email).one().staff_roles}
        assert len(roles) == 1
        entries = db.session.query(audit.AuditEntry).order_by(audit.AuditEntry.number)
        actions = [e.action for e in entries]
        assert actions[-2:] == ["staff.role_given", "staff.role_taken"]
        assert audit.verify()[1] is None


def test_account_is_switched_off_and_on(app: Flask, administrator: CheckedClient) -> None:
    with app.app_context():
        email = make_user("observer").email
        db.session.commit()
    path = f"/desk/staff/{account(app, email)}"
    administrator.submit(path, button="Switch the account off")
    off = "/desk/staff/?state=off"
    assert email in administrator.get(off).text
    administrator.submit(path, button="Switch the account on")
    assert email not in administrator.get(off).text


def test_last_administrator_stays(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        last = make_user("administrator")
        make_user("administrator", panel)
        gone = make_user("administrator")
        set_active(user=gone, active=False, actor="system")
        with pytest.raises(Conflict):
            set_active(user=last, active=False, actor="system")
        with pytest.raises(Conflict):
            take_role(given=last.staff_roles[0], actor="system")
        give_role(user=make_user("observer"), role="administrator", panel=None, actor="system")
        take_role(given=last.staff_roles[0], actor="system")


def test_role_of_another_account_is_not_found(app: Flask, administrator: CheckedClient) -> None:
    with app.app_context():
        one, other = make_user("observer"), make_user("observer")
        db.session.commit()
        path, role = f"/desk/staff/{one.public_id}", other.staff_roles[0].id
    token = administrator.get(path).text.partition('csrf_token" value="')[2].partition('"')[0]
    for wrong in (role, 10**30):
        answer = administrator.post(f"{path}/roles/{wrong}/take", data={"csrf_token": token})
        assert answer.status_code in {400, 404}


@pytest.mark.parametrize("role", ["organiser", "facilitator", "scribe", "observer"])
def test_others_do_not_see_accounts(app: Flask, sign_in: SignIn, role: str) -> None:
    with app.app_context():
        email = make_user(role).email  # type: ignore[arg-type]
        db.session.commit()
    browser = sign_in(email)
    assert browser.get("/desk/staff/").status_code == 403
    assert browser.get(f"/desk/staff/{account(app, email)}").status_code == 403
