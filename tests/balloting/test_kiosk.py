"""A kiosk: one after the other votes on it, and it keeps nothing of anybody."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from panel_app.balloting.models import Paper
from panel_app.balloting.on_paper import services
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Device, Member
from tests.checked_client import CheckedClient
from tests.factories.balloting import Vote, close, the_ballot
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]


def opened(app: Flask, sign_in: SignIn, vote: Vote) -> CheckedClient:
    with app.app_context():
        email = make_user("facilitator", the_ballot(vote).panel).email
        db.session.commit()
    tablet = sign_in(email)
    landed = tablet.submit(f"{vote.desk}/kiosk", button="Open the kiosk")
    assert landed.headers["Location"] == "/kiosk"
    return tablet


def code_of(app: Flask, member: int) -> str:
    with app.app_context():
        return seats.code_of(db.session.get_one(Member, member))


def cast_here(app: Flask, tablet: CheckedClient, vote: Vote, member: int) -> str:
    """Vote with a letter's code; return the check page, as it stands on the tablet."""
    let_in = tablet.submit("/kiosk", {"code": code_of(app, member)})
    assert let_in.headers["Location"] == "/kiosk/vote"
    asked = tablet.submit("/kiosk/vote", {"project": vote.projects[:1]}, action="/kiosk/check")
    assert "Is this your vote?" in asked.text
    fields = {"project": vote.projects[:1], "counter": 1, "helper": "carer"}
    token = tablet.token_on("/kiosk/vote")
    done = tablet.post("/kiosk/cast", data={"csrf_token": token, **fields})
    assert done.headers["Location"] == "/kiosk/receipt"
    return asked.text


def test_opening_a_kiosk_signs_the_staff_out(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    tablet = opened(app, sign_in, vote)
    assert tablet.get(vote.desk).status_code == 303
    with app.app_context():
        close(vote)
    assert "not open" in tablet.get("/kiosk").text


def test_people_vote_one_by_one_and_nothing_of_them_stays(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    tablet = opened(app, sign_in, vote)
    for place, member in enumerate(vote.members[:2], start=1):
        asked = cast_here(app, tablet, vote, member)
        assert "data-queue" not in asked.partition("<main")[2].partition("</main")[0].replace(
            "data-queue-of", ""
        )
        assert "Your vote is in" in tablet.get("/kiosk/receipt").text
        left = tablet.get("/kiosk/leave")
        assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert tablet.get_cookie("kiosk_visit", path="/kiosk") is None
        for page in ("vote", "receipt"):
            assert tablet.get(f"/kiosk/{page}").headers["Location"] == "/kiosk/leave"
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Paper)) == place
    with app.app_context():
        assert set(db.session.scalars(select(Paper.origin))) == {"kiosk"}
        assert set(db.session.scalars(select(Paper.helper))) == {"carer"}
        # No phone lost its seat, and the log says that a kiosk was opened, no more.
        assert db.session.scalar(select(func.count()).select_from(Device)) == 0
        acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
        assert acts[-1] == "ballot.kiosk_opened"


def test_pages_of_a_kiosk_are_kept_by_no_browser(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    tablet = opened(app, sign_in, vote)
    tablet.submit("/kiosk", {"code": code_of(app, vote.members[0])})
    for page in ("", "/vote"):
        assert tablet.get(f"/kiosk{page}").headers["Cache-Control"] == "no-store"
        if not page:
            tablet.submit("/kiosk", {"code": code_of(app, vote.members[0])})


def test_a_kiosk_refuses_wrong_codes_and_who_votes_on_paper(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    tablet = opened(app, sign_in, vote)
    assert tablet.submit("/kiosk", {"code": "AAAA-BBBB-CCCC"}).status_code == 422
    with app.app_context():
        member = db.session.get_one(Member, vote.members[0])
        services.hand_out(ballot=the_ballot(vote), member=member, actor="system")
        db.session.commit()
    refused = tablet.submit("/kiosk", {"code": code_of(app, vote.members[0])})
    assert refused.status_code == 422
    assert "you vote on paper" in refused.text


def test_no_address_signs_staff_out_elsewhere(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        email = make_user("administrator").email
        db.session.commit()
    desk = sign_in(email)
    assert desk.get("/kiosk/leave").status_code == 404
    assert desk.get("/desk/").status_code == 200


def test_any_other_device_is_no_kiosk(app: Flask, vote: Vote) -> None:
    phone = CheckedClient(app, app.response_class)
    assert phone.get("/kiosk").status_code == 404
    assert phone.get("/kiosk/vote").status_code == 404
    phone.set_cookie("kiosk", vote.public_id, path="/kiosk")
    assert phone.get("/kiosk").status_code == 404
