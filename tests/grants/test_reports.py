"""What came of a grant: told by its link, reminded of, looked at, shown as far as agreed to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from panel_app.core import clock, errors
from panel_app.core.db import db
from panel_app.core.holdings import Who
from panel_app.grants import awards, holdings, links, payments, report_letters, reports
from panel_app.grants.models import Award, Programme
from panel_app.grants.report_models import Report
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from panel_app.questions.models import Photo
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.core.test_pictures import exif, picture
from tests.factories.awards import RELEASER, make_award, make_payable, make_payment
from tests.grants.conftest import Scene

TOLD = {"people": "24", "changed": "Rosa and 23 others eat together.", "differently": ""}


def paid(scene: Scene, kind: str = "individual") -> tuple[Award, str]:
    """Return an award that is paid, and the token of its applicant's link."""
    members = [db.session.get_one(Member, number) for number in scene.members[:4]]
    award = make_payable(make_award(db.session.get_one(Programme, scene.programme), members))
    award.application.applicant_kind = kind
    line = make_payment(award)
    payments.release(payment=line, actor=RELEASER)
    payments.settle(payment=line, outcome="paid", actor="staff:test")
    token = links.another(award.application).rpartition("/")[2]
    db.session.commit()
    return award, token


@pytest.fixture
def grant(app: Flask, scene: Scene) -> tuple[str, str]:
    """Return the public identifier and the applicant's token of a grant that is paid."""
    with app.test_request_context():
        award, token = paid(scene)
        return award.public_id, token


def tell(client: CheckedClient, token: str) -> None:
    for code, words in TOLD.items():
        assert client.submit(f"/a/{token}/report/{code}", {code: words}).status_code == 303
    photo = {"photo1.file": (BytesIO(picture(size=(900, 700), exif=exif())), "x.jpg")}
    page = client.submit(f"/a/{token}/report/photo1", {**photo, "photo1.text": "Our table"})
    assert page.status_code == 303


def test_it_is_told_looked_at_and_shown_as_far_as_agreed(
    app: Flask,
    scene: Scene,
    client: CheckedClient,
    grant: tuple[str, str],
    enter: Callable[[Role], CheckedClient],
) -> None:
    award, token = grant
    assert "Tell what came of it" in text_of(client.page(f"/a/{token}"))
    tell(client, token)
    page = text_of(client.page(f"/a/{token}/report"))
    assert "eat together" in page
    assert "Nothing is sent yet" in page
    sent = client.submit(f"/a/{token}/report", {"agreed": ["people", "changed", "photo1"]})
    assert sent.status_code == 303
    public = f"/p/{scene.slug}/grants/{award}"
    assert "eat together" not in client.get(public).text
    desk = enter("organiser")
    looked = f"/desk/{scene.slug}/grants/awards/{award}/report"
    assert "This may tell everyone who somebody is" in desk.get(looked).text
    assert desk.submit(looked, {"shown": ["people", "photo1", "differently"]}).status_code == 422
    assert desk.submit(looked, {"shown": ["people", "photo1"]}).status_code == 303
    page = client.get(public).text
    assert "eat together" not in page
    found = re.search(r'<img class="photo" src="([^"]+)" alt="Our table" loading="lazy">', page)
    assert found
    with Image.open(BytesIO(client.get(found[1]).data)) as small:
        assert max(small.size) == reports.SMALL
        assert not small.getexif()
    assert client.submit(f"/a/{token}/report", {"agreed": ["people"]}).status_code == 303
    assert "Our table" not in client.get(public).text
    assert client.get(found[1]).status_code == 404
    assert "24" in text_of(client.page(public))


def test_everything_is_kept_and_nothing_is_sent_with_an_answer_missing(
    app: Flask, client: CheckedClient, grant: tuple[str, str]
) -> None:
    token = grant[1]
    wrong = client.submit(f"/a/{token}/report/people", {"people": "many"})
    assert wrong.status_code == 422
    kept = client.submit(f"/a/{token}/report/changed", {"changed": "Half a", "go": "link"})
    assert kept.headers["Location"].endswith("/report")
    assert 'value="many"' in client.get(f"/a/{token}/report/people").text
    assert client.submit(f"/a/{token}/report", {}).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Report)).one().sent_at is None


@pytest.mark.parametrize("state", sorted(reports.WHY_NOT))
def test_a_grant_that_is_not_to_be_told_of_is_refused_with_words(
    app: Flask, client: CheckedClient, grant: tuple[str, str], state: str
) -> None:
    with app.app_context():
        award = db.session.scalars(select(Award)).one()
        award.state = state
        if state == "annulled":
            award.freed = award.amount
        db.session.commit()
        with pytest.raises(errors.Conflict):
            reports.save(award=award, question="people", given={"people": "3"})
    for path in ("report", "report/people"):
        assert client.get(f"/a/{grant[1]}/{path}").status_code == 409
    with app.app_context():
        assert str(reports.WHY_NOT[state]) in client.get(f"/a/{grant[1]}/report").text
        assert db.session.scalar(select(func.count()).select_from(Report)) == 0


def test_a_report_is_sent_once(app: Flask, client: CheckedClient, grant: tuple[str, str]) -> None:
    tell(client, grant[1])
    client.submit(f"/a/{grant[1]}/report", {})
    with app.test_request_context():
        award = db.session.scalars(select(Award)).one()
        with pytest.raises(errors.Conflict):
            reports.send(award=award, agreed=[])
        with pytest.raises(errors.Conflict):
            reports.save(award=award, question="people", given={"people": "9"})
        awards.close(award=award, reason="It is in", actor="staff:test")
        reports.agree(award=award, agreed=["people"])
        assert award.report
        assert award.report.agreed == ["people"]


def test_photos_of_other_kinds_are_refused_with_words(
    client: CheckedClient, grant: tuple[str, str]
) -> None:
    path = f"/a/{grant[1]}/report/photo1"
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(64)
    video = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
    for data in (heic, video):
        answer = client.submit(path, {"photo1.file": (BytesIO(data), "x.jpg"), "photo1.text": "A"})
        assert answer.status_code == 422
        assert "Send a JPEG, PNG or WebP" in answer.text
    large = {"photo1.file": (BytesIO(bytes(40 * 1024 * 1024)), "x.jpg"), "photo1.text": "A"}
    assert client.submit(path, large).status_code == 413
    assert client.submit(path, {"photo1.text": ""}).status_code == 303


def test_it_is_reminded_of_twice_and_no_more(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        award, _token = paid(scene)
        due = clock.now().date()
        counts = []
        for days in (60, 14, 13, 0, -6, -7, -8, -100):
            award.report_due_on = due + timedelta(days=days)
            if award.reminded_on and days == 0:
                award.reminded_on = award.report_due_on - timedelta(days=14)
            counts.append(report_letters.remind())
            db.session.flush()
        assert counts[:3] == [0, 1, 0]
        assert sum(counts[3:5]) == 0
        assert reports.is_overdue(award)
        sent = db.session.scalars(select(Message).where(Message.purpose == "grants.report")).first()
        assert sent
        assert sent.secret


def test_overdue_and_told_are_found_on_the_desk(
    app: Flask, scene: Scene, enter: Callable[[Role], CheckedClient]
) -> None:
    with app.test_request_context():
        late, _token = paid(scene)
        late.report_due_on = clock.now().date() - timedelta(days=3)
        db.session.commit()
    page = text_of(enter("observer").page(f"/desk/{scene.slug}/grants/awards?state=late"))
    assert "overdue" in page


def test_what_was_told_goes_with_the_person(
    app: Flask, client: CheckedClient, grant: tuple[str, str]
) -> None:
    tell(client, grant[1])
    client.submit(f"/a/{grant[1]}/report", {"agreed": ["photo1"]})
    with app.test_request_context():
        award = db.session.scalars(select(Award)).one()
        reports.show(award=award, codes=["photo1"], actor="staff:test")
        assert db.session.scalar(select(func.count()).select_from(Photo)) == 2
        who = Who([f"application:{award.application.public_id}"])
        assert any("eat together" in str(value) for held in holdings.tell(who)
                   for _label, value in held.rows)  # fmt: skip
        holdings.erase(who, "staff:test")
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Photo)) == 0
        assert db.session.scalar(select(func.count()).select_from(Report)) == 0
