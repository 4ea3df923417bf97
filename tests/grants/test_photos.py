"""A photo in an application: kept with its answer, seen by who may read it, and gone with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.holdings import Who
from panel_app.grants import case_subject
from panel_app.grants import services as grants
from panel_app.grants.models import Application, Programme
from panel_app.questions import holdings, photos, services
from panel_app.questions.models import Photo
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient
from tests.core.test_documents import PDF
from tests.core.test_pictures import exif, picture
from tests.factories.grants import make_application, make_draft
from tests.factories.questions import make_question
from tests.grants.conftest import Scene


def ask_for_photo(scene: Scene, kind: str = "photo") -> Programme:
    """Have a programme ask for a photo of an estimate, or for the estimate itself."""
    programme = db.session.get_one(Programme, scene.programme)
    assert programme.questionnaire
    estimate = make_question(kind, "estimate", wording="A photo of an estimate", required=False)
    services.change_question(
        questionnaire=programme.questionnaire, question=estimate, actor="staff:test"
    )
    return programme


@pytest.fixture
def path(app: Flask, scene: Scene) -> str:
    """Return the address of the photo's page in a draft."""
    with app.test_request_context():
        _draft, token = make_draft(ask_for_photo(scene))
        db.session.commit()
        return f"/a/{token}/answer/estimate"


def upload(
    client: CheckedClient, path: str, data: bytes, name: str = "x.jpg", **more: str
) -> tuple[int, str]:
    answer = client.submit(path, {"estimate.file": (BytesIO(data), name), **more})
    return answer.status_code, answer.text


def photo_in(page: str) -> str:
    found = re.search(r'src="(/photos/[^"]+)"', page)
    assert found
    return found[1]


def test_a_photo_is_not_lost_when_its_words_are_missing(
    app: Flask, client: CheckedClient, path: str
) -> None:
    status, page = upload(client, path, picture(exif=exif()), "../../etc/passwd")
    assert status == 422
    assert "what the photo shows" in page
    answer = client.get(photo_in(page))
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with Image.open(BytesIO(answer.data)) as shown:
        assert not shown.getexif()
    assert client.submit(path, {"estimate.text": "An estimate"}).status_code == 303
    with app.app_context():
        kept = db.session.scalars(select(Application)).one().answers["estimate"]
        assert kept["text"] == "An estimate"
        assert kept["photo"] == db.session.scalars(select(Photo)).one().public_id


def test_what_is_no_photo_is_told_beside_its_field(
    app: Flask, client: CheckedClient, path: str
) -> None:
    status, page = upload(client, path, b"<svg/>", "x.jpg", **{"estimate.text": "An estimate"})
    assert status == 422
    assert "no photo that can be shown" in page
    assert "An estimate" in page
    with app.app_context():
        assert db.session.scalars(select(Photo)).all() == []


def test_another_photo_takes_its_place(app: Flask, client: CheckedClient, path: str) -> None:
    for size in ((10, 10), (20, 20), (20, 20)):
        upload(client, path, picture(size=size), **{"estimate.text": "An estimate"})
        with app.app_context():
            assert len(db.session.scalars(select(Photo)).all()) == 1


def test_nobody_takes_another_ones_photo(app: Flask, client: CheckedClient, path: str) -> None:
    with app.test_request_context():
        other = photos.keep("application:other", picture())
        address = photos.address(other)
        db.session.commit()
    client.submit(path, {"estimate.text": "Mine"})
    with app.test_request_context():
        draft = db.session.scalars(select(Application)).one()
        grants.save_answer(
            application=draft, question="estimate", answers={"estimate": {"photo": other}}
        )
        assert draft.answers["estimate"] == {}
    assert client.get(address).status_code == 200
    assert client.get(address[:-2] + "aa").status_code == 404
    assert client.get(f"/photos/{other}").status_code == 404


def test_panel_sees_it_and_it_goes_with_the_person(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = ask_for_photo(scene)
        draft, _token = make_draft(programme)
        ref = f"application:{draft.public_id}"
        kept = {"photo": photos.keep(ref, picture()), "text": "An estimate"}
        grants.save_answer(application=draft, question="estimate", answers={"estimate": kept})
        case = grants.submit_application(application=draft).case
        assert case
        assert 'alt="An estimate"' in repr(case_subject.answers(case))
        stays = photos.keep(f"application:{make_application(programme).public_id}", picture())
        assert list(holdings.tell(Who((ref,))))
        holdings.erase(Who((ref,)), "staff:test")
        assert [one.public_id for one in db.session.scalars(select(Photo))] == [stays]


def test_a_deleted_draft_takes_its_photo_along(
    app: Flask, client: CheckedClient, path: str
) -> None:
    upload(client, path, picture(), **{"estimate.text": "An estimate"})
    client.submit(path.replace("/answer/estimate", "/withdraw"), button="Yes")
    with app.app_context():
        assert db.session.scalars(select(Photo)).all() == []


def test_a_programme_can_ask_for_a_photo(
    app: Flask, enter: Callable[[Role], CheckedClient], scene: Scene
) -> None:
    with app.app_context():
        asked = db.session.get_one(Programme, scene.programme).questionnaire
        assert asked
        path = f"/desk/{scene.slug}/questionnaires/{asked.public_id}"
    desk = enter("organiser")
    assert f"{path}/new/photo" in desk.get(path).text
    sent = desk.submit(f"{path}/new/photo", {"wording_en": "A photo of an estimate"})
    assert sent.status_code == 303
    assert desk.get(f"{path}/preview").status_code == 200


def test_a_document_is_handed_out_as_it_came_to_whoever_may_read_the_answer(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    with app.test_request_context():
        programme = ask_for_photo(scene, "document")
        _draft, token = make_draft(programme)
        db.session.commit()
    path = f"/a/{token}/answer/estimate"
    status, page = upload(client, path, picture(), "x.pdf", **{"estimate.text": "Our rules"})
    assert (status, "no document that can be taken" in page) == (422, True)
    status, _page = upload(client, path, PDF, "../x.html", **{"estimate.text": "Our rules"})
    assert status == 303
    found = re.search(r'href="(/documents/[^"]+)"', client.get(path).text)
    assert found
    answer = client.get(found[1])
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with app.test_request_context():
        draft = db.session.scalars(select(Application)).one()
        who = Who((f"application:{draft.public_id}",))
        assert [str(held.heading) for held in holdings.tell(who)] == ["A document"]
        holdings.erase(who, "staff:test")
        assert db.session.scalars(select(Photo)).all() == []
