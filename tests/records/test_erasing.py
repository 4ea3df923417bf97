"""A person is found, shown, handed over and erased: everywhere, for good."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from panel_app.casework.models import Assessment, Decision
from panel_app.core import audit, clock, crypto
from panel_app.core.backup import backup, restore
from panel_app.core.db import db
from panel_app.deliberation.statements import services as deliberation
from panel_app.deliberation.statements.models import Statement
from panel_app.grants import services as grants
from panel_app.grants.models import Application
from panel_app.outbox.carriers.choosing import folder_for
from panel_app.outbox.models import Message
from panel_app.panels import seats
from panel_app.panels.models import Member, Panel
from panel_app.records import services as records
from panel_app.recruitment.models import Lottery, Person
from panel_app.sessions import services as sessions
from panel_app.sessions.models import Attendance
from panel_app.staff.models import User
from tests.checked_client import CheckedClient
from tests.conftest import POSTGRESQL
from tests.factories.casework import let_vote, score
from tests.factories.deliberation import answer_question, make_asking, make_round, make_statement
from tests.factories.grants import make_application, make_draft, make_programme
from tests.factories.grants import make_round as make_grants_round
from tests.factories.panels import make_panel
from tests.factories.questions import make_question
from tests.factories.recruitment import ACTOR, make_draw
from tests.factories.sessions import make_item, make_session
from tests.factories.staff import make_user

#: Begins every planted word; nothing of ours has it.
PLANT = "zqxv"
SignIn = Callable[[User | str], CheckedClient]


@dataclass
class Scene:
    """One of everything that a person can type in, with the public ids of the people."""

    slug: str = ""
    programme: str = ""
    person: str = ""
    member: str = ""
    code: str = ""
    funded: str = ""
    declined: str = ""
    waiting: str = ""
    draft: str = ""
    staff: str = ""
    administrator: str = ""
    #: Keys and sealed bytes of those to be erased.
    secrets: list[bytes] = field(default_factory=list)

    @property
    def people(self) -> list[str]:
        return [self.person, self.funded, self.declined, self.waiting, self.draft, self.staff]


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        panel = make_panel(published=True)
        make_draw(panel)
        scene = Scene(slug=panel.slug, administrator=make_user("administrator").email)
        members = list(panel.members)
        for each in members:
            each.state, each.confirmed_at = "confirmed", clock.now()
        _plant_member(scene, members[0])
        _plant_sessions(panel, members)
        _plant_applications(scene, panel, members)
        user = make_user("facilitator", panel)
        user.name, user.email, scene.staff = (
            f"{PLANT} staff",
            f"{PLANT}@example.org",
            user.public_id,
        )
        db.session.commit()
    return scene


def _plant_member(scene: Scene, member: Member) -> None:
    person = db.session.scalars(select(Person).where(Person.member_id == member.id)).one()
    person.reference = f"{PLANT}-reference"
    details = {**person.details, "name": f"{PLANT} Name", "phone": f"{PLANT} 0700"}
    person.sealed = crypto.seal(details, person.person_key)
    scene.person, scene.member = person.public_id, member.public_id
    scene.code = seats.code_of(member)
    scene.secrets += [person.person_key, person.sealed]


def _plant_sessions(panel: Panel, members: list[Member]) -> None:
    """Have the member come, say and answer; the rounds are closed, so results are kept."""
    session = make_session(panel)
    for member in members:
        sessions.attend(session=session, member=member)
    item = make_round(session)
    said = make_statement(item, members[0], f"{PLANT} ought to be built here.")
    deliberation.moderate(statement=said, state="accepted", actor=ACTOR)
    for member in members:
        deliberation.answer_statement(statement=said, member=member, value=1, counter=1)
    sessions.close_item(item=item, actor=ACTOR)
    assert PLANT in json.dumps(item.snapshot)
    asking = make_asking(session, make_question("text", high=200))
    for member in members:
        answer_question(asking, member, q1=f"{PLANT} answer" if member is members[0] else "No.")
    sessions.close_item(item=asking, actor=ACTOR)


def _plant_applications(scene: Scene, panel: Panel, members: list[Member]) -> None:
    programme = make_programme(panel)
    round_ = make_grants_round(programme)
    scene.programme = programme.slug
    typed = {
        "title": {"title": f"{PLANT} title"},
        "plan": {"plan": f"{PLANT} plan"},
        "contact": {"name": f"{PLANT} Applicant", "contact": f"{PLANT}@example.net"},
    }
    funded, declined, waiting = (
        make_application(programme, asks=100_000, **typed) for _ in range(3)
    )
    draft, _token = make_draft(programme, **typed)
    item = make_item(
        make_session(panel), title="Grants", kind="grants", settings={"round": round_.public_id}
    )
    sessions.open_item(item=item, actor=ACTOR)
    for application, outcome in ((funded, "fund"), (declined, "decline")):
        assert application.case is not None
        score(application.case, members[0], 4, f"{PLANT} of the member")
        score(application.case, members[1], 4, f"{PLANT} of another")
        let_vote(application.case, members[:4], outcome)
        grants.decide_application(
            application=application,
            outcome=outcome,
            amount=None,
            reason=f"{PLANT} why",
            actor=ACTOR,
        )
    sessions.close_item(item=item, actor=ACTOR)
    assert PLANT in json.dumps(item.snapshot)
    scene.funded, scene.declined = funded.public_id, declined.public_id
    scene.waiting, scene.draft = waiting.public_id, draft.public_id
    for each in (funded, declined, waiting, draft):
        scene.secrets += [each.person_key, each.sealed]
    for message in db.session.scalars(select(Message)):
        scene.secrets.append(message.sealed)
        sent = folder_for(current_app.extensions["settings"]) / f"{message.public_id}.eml"
        sent.parent.mkdir(exist_ok=True)
        sent.write_text(f"To: {PLANT}@example.net")


def erase(app: Flask, *public_ids: str) -> None:
    with app.app_context():
        for public_id in public_ids:
            records.erase(who=records.person(public_id), actor=ACTOR)
            db.session.commit()


@contextmanager
def everything(app: Flask, folder: Path) -> Iterator[bytes]:
    """Give every byte that the application has written: database, log, queue, lists, copies."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert any(file.name == "panel.db" for file in files)
    yield b"".join(file.read_bytes() for file in files)


@pytest.mark.skipif(bool(POSTGRESQL), reason="about SQLite's files")
def test_planted_words_are_found_nowhere(app: Flask, scene: Scene, tmp_path: Path) -> None:
    with everything(app, tmp_path) as before:
        assert before.count(PLANT.encode()) > 20
        assert all(secret in before for secret in scene.secrets)
    erase(app, *scene.people)
    backup(app, tmp_path / "next" / "copy.db")
    with everything(app, tmp_path) as after:
        assert PLANT.encode() not in after
        assert PLANT.encode("utf-16-le") not in after
        assert not [secret for secret in scene.secrets if secret in after]


def test_log_draw_and_figures_still_verify(app: Flask, scene: Scene) -> None:
    with app.app_context():
        bundle = db.session.scalars(select(Lottery.bundle)).one()
        votes = db.session.scalars(select(Decision.votes).order_by(Decision.id)).all()
    erase(app, *scene.people)
    with app.app_context():
        assert audit.verify()[1] is None
        assert db.session.scalars(select(Lottery.bundle)).one() == bundle
        assert db.session.scalars(select(Decision.votes).order_by(Decision.id)).all() == votes
        private = db.session.scalars(select(Lottery.private)).one() or {}
        assert scene.person not in private["key"].values()


def test_rows_are_gone_or_empty(app: Flask, scene: Scene) -> None:
    erase(app, *scene.people)
    with app.app_context():
        member = db.session.scalars(select(Member).where(Member.public_id == scene.member)).one()
        assert (member.state, seats.code_of(member) != scene.code) == ("left", True)
        for model, column in (
            (Attendance, Attendance.member_id),
            (Statement, Statement.author_id),
            (Assessment, Assessment.member_id),
        ):
            assert not db.session.scalars(select(model).where(column == member.id)).all()
        assert not db.session.scalars(select(Message)).all()
        states = db.session.execute(select(Application.public_id, Application.state)).all()
        assert dict(states) == {  # type: ignore[arg-type]
            scene.funded: "decided", scene.declined: "decided", scene.waiting: "withdrawn"
        }  # fmt: skip


def test_erasing_twice_changes_nothing(app: Flask, scene: Scene) -> None:
    erase(app, scene.person, scene.funded, scene.person, scene.funded)


@pytest.mark.skipif(bool(POSTGRESQL), reason="restores a file")
def test_copy_that_is_put_back_is_erased_again(app: Flask, scene: Scene, tmp_path: Path) -> None:
    copy = backup(app, tmp_path / "copy.db").file
    erase(app, *scene.people)
    assert not restore(app, copy).kept.faults
    with app.app_context():
        assert audit.verify()[1] is None
        people = db.session.scalars(select(Person)).all()
        assert next(p for p in people if isinstance(p.details, crypto.Erased)).reference[0] == "–"
        applications = db.session.scalars(select(Application)).all()
        assert all(isinstance(each.answers, crypto.Erased) for each in applications)
    copy.unlink()
    for aside in tmp_path.glob("panel.db.before-*"):
        aside.unlink()
    with everything(app, tmp_path) as after:
        assert PLANT.encode() not in after


def test_no_page_breaks(app: Flask, scene: Scene, sign_in: SignIn) -> None:
    erase(app, *scene.people)
    browser, desk = sign_in(scene.administrator), f"/desk/{scene.slug}"
    pages = ["letters", "letters/print", "pool", "people", "grants", "grants/outbox", "draw"]
    for place in pages:
        answer = browser.get(f"{desk}/{place}")
        assert answer.status_code in {200, 404}, place
    for application in (scene.funded, scene.declined):
        shown = browser.get(f"{desk}/grants/applications/{application}")
        assert shown.status_code == 200
    for place in ("", "/grants", "/grants.json"):
        assert browser.get(f"/{scene.slug}{place}").status_code in {200, 404}


@pytest.mark.parametrize("kind", ["application", "person", "message"])
def test_row_whose_key_was_forgotten_says_erased(app: Flask, scene: Scene, kind: str) -> None:
    model = {"application": Application, "person": Person, "message": Message}[kind]
    with app.app_context():
        row = db.session.scalars(select(model)).first()
        assert row is not None
        row.person_key = b""
        opened = crypto.unseal(row.sealed, row.person_key)
        assert (opened["name"], opened.get("plan", "")) == ("erased", "erased")
        assert list(opened) == []


@pytest.mark.parametrize("words", ["name", "code", "number", "contact", "reference"])
def test_a_person_is_found(app: Flask, scene: Scene, sign_in: SignIn, words: str) -> None:
    typed, found = {
        "name": (f"{PLANT}  NAME", scene.person),
        "code": (scene.code.lower(), scene.member),
        "number": ("1", scene.funded),
        "contact": (f"{PLANT}@example.net", scene.waiting),
        "reference": (f"{PLANT}-reference", scene.person),
    }[words]
    shown = sign_in(scene.administrator).submit("/desk/records/", {"words": typed})
    assert f"/desk/records/{found}" in shown.text
    with app.app_context():
        entry = db.session.scalars(
            select(audit.AuditEntry).order_by(audit.AuditEntry.number.desc())
        )
        newest = entry.first()
        assert newest is not None
        assert newest.action == "records.searched"
        assert PLANT not in json.dumps(newest.details)


def test_everything_is_shown_and_handed_over(app: Flask, scene: Scene, sign_in: SignIn) -> None:
    browser = sign_in(scene.administrator)
    address = f"/desk/records/{scene.person}"
    shown = browser.submit(address, {}, action=f"{address}/show").text
    for word in ("Name", "0700", "ought to be built", "answer", "of the member", "reference"):
        assert f"{PLANT} {word}" in shown or f"{PLANT}-{word}" in shown, word
    kept = browser.submit(address, {}, action=f"{address}/file.json")
    assert f"{PLANT} Name" in kept.text
    assert kept.json["person"][0] == f"person:{scene.person}"
    page = browser.submit(address, {}, action=f"{address}/file.html")
    assert "attachment" in page.headers["Content-Disposition"]
    assert PLANT in page.text


def test_it_is_erased_from_the_desk(app: Flask, scene: Scene, sign_in: SignIn) -> None:
    browser, address = sign_in(scene.administrator), f"/desk/records/{scene.funded}"
    assert "accounts of the award" in browser.get(address).text
    assert browser.submit(address, {}, action=f"{address}/erase").status_code == 422
    assert browser.submit(address, {"sure": "y"}, action=f"{address}/erase").status_code == 303
    with app.app_context():
        actions = db.session.scalars(select(audit.AuditEntry.action)).all()
        assert records.ERASED in actions
        assert "erasure.cleaned" in actions
        entry = select(audit.AuditEntry.actor).where(audit.AuditEntry.action == records.ERASED)
        assert all(actor.startswith("staff:") for actor in db.session.scalars(entry))
