"""The lottery: checked, committed before the dice, drawn once, verifiable by anyone."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError

from panel_app.core import clock
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db, reading
from panel_app.core.errors import Conflict, DomainError, Refused
from panel_app.panels.models import Member, Panel
from panel_app.recruitment import exports, lotteries, queries, services
from panel_app.recruitment.desk.changes import fault_lines
from panel_app.recruitment.models import Lottery, Person
from sortition.progress import Progress, Stopped
from sortition.verify import verify_files
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import (
    ACTOR,
    TARGETS,
    make_draw,
    make_lottery,
    make_pool,
    people_csv,
)
from tests.factories.staff import make_user

POOLS = Path(__file__).parents[2] / ".." / "shared" / "data" / "pools"
DICE = {"first": "4", "second": "0", "third": "7"}


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return an organiser's browser; the panel of 6 with its pool is at /desk/hillgrove/."""
    with app.test_request_context():
        make_pool(make_panel(slug="hillgrove", size=6))
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_organiser_draws_a_panel_in_the_browser(app: Flask, desk: CheckedClient) -> None:
    assert desk.submit("/desk/hillgrove/draw", action="start").status_code == 303
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "nobody has committed to it yet" in page
    with app.test_request_context():
        assert actions()[-1] == "lottery.proposed"
    assert desk.submit("/desk/hillgrove/draw", action="commit").status_code == 303
    page = text_of(desk.page("/desk/hillgrove/draw"))
    with app.test_request_context():
        lottery = db.session.scalars(select(Lottery)).one()
        assert lottery.commitment is not None
        assert lottery.commitment in page.replace(" ", "")
        assert actions()[-1] == "lottery.committed"
    desk.submit("/desk/hillgrove/draw", DICE, action="/dice")
    answer = desk.submit("/desk/hillgrove/draw", action="/dice/yes")
    assert answer.status_code == 303
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "4, 0, 7. That is panel 407." in page
    assert "3 of 6" in page
    assert "target 2 to 4" in page
    assert f"python -m sortition verify draw --commitment {lottery.commitment}" in page
    assert "about 1 in 4" in page
    assert "The panel is drawn." in text_of(desk.page("/desk/hillgrove/"))


def test_unpublished_fingerprint_is_warned_of(app: Flask, desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/draw", action="start")
    desk.submit("/desk/hillgrove/draw", action="commit")
    words = "nobody can see the fingerprint there"
    assert words not in text_of(desk.page("/desk/hillgrove/draw"))
    desk.submit("/desk/hillgrove/", action="withdraw")
    assert words in text_of(desk.page("/desk/hillgrove/draw"))


def test_state_of_a_lottery_is_a_fragment_with_its_version(app: Flask, desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/draw", action="start")
    with app.test_request_context():
        public_id = db.session.scalars(select(Lottery.public_id)).one()
    answer = desk.get(f"/desk/hillgrove/draw/{public_id}/state")
    assert "nobody has committed to it yet" in answer.text
    assert int(answer.headers["X-Live-Version"]) > 0
    assert desk.get("/desk/hillgrove/draw/abcdefghjkmn/state").status_code == 404


def test_everyone_drawn_gets_a_seat_and_nobody_else(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        lottery = make_draw(panel)
        db.session.commit()
        people = db.session.scalars(select(Person).where(Person.member_id.is_not(None))).all()
        assert len(people) == 6
        assert [member.seat for member in panel.members] == [1, 2, 3, 4, 5, 6]
        assert {member.state for member in panel.members} == {"invited"}
        assert lottery.private is not None
        drawn = exports.bundle_files(lottery)["selected.csv"]
        shown = {p for p in lottery.private["key"] if p in drawn}
        assert {lottery.private["key"][p] for p in shown} == {p.public_id for p in people}
        assert len({person.household for person in people}) == 6


def test_same_files_seed_and_salt_give_the_same_bundle(app: Flask) -> None:
    with app.test_request_context():
        commitments = []
        for seed, salt in ((7, "a"), (7, "a"), (8, "a"), (7, "b"), (None, None), (None, None)):
            panel = make_panel(size=6)
            make_pool(panel)
            lottery = services.start_lottery(panel=panel, seed=seed, salt=salt, actor=ACTOR)
            db.session.commit()
            services.compute_lottery(lottery.public_id)
            commitments.append(lottery.commitment)
    assert commitments[0] == commitments[1]
    assert len(set(commitments)) == 5
    assert None not in commitments


def test_member_speaks_the_language_of_their_registration(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_draw(panel)
        wanted = {"English": "en", "বাংলা": "bn", "ar": "ar"}
        for person in db.session.scalars(select(Person).where(Person.member_id.is_not(None))):
            assert person.member is not None
            assert person.member.language == wanted[person.details["language"]]


def test_dice_wait_for_the_committed_fingerprint(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = services.start_lottery(panel=panel, actor=ACTOR)
        db.session.commit()
        with pytest.raises(Conflict):
            services.draw_panel(lottery=lottery, dice="407", actor=ACTOR)
        services.compute_lottery(lottery.public_id)
        with pytest.raises(Conflict):
            services.draw_panel(lottery=lottery, dice="407", actor=ACTOR)
        services.commit_lottery(lottery=lottery, actor=ACTOR)
        services.draw_panel(lottery=lottery, dice="407", actor=ACTOR)
        order = [a for a in actions() if a.startswith("lottery.")]
        assert order == [f"lottery.{act}" for act in ("started", "proposed", "committed", "drawn")]


def test_same_dice_twice_draw_once_and_other_dice_are_refused(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        lottery = make_draw(panel)
        services.draw_panel(lottery=lottery, dice="407", actor=ACTOR)
        assert len(panel.members) == 6
        with pytest.raises(Conflict):
            services.draw_panel(lottery=lottery, dice="408", actor=ACTOR)
        with pytest.raises(Conflict):
            services.start_lottery(panel=panel, actor=ACTOR)


@pytest.mark.parametrize("dice", ["", "4", "40", "4077", "abc", "-12", "٤٠٧", "4 7", "\0\0\0"])
def test_dice_that_name_no_panel_are_refused(app: Flask, dice: str) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = make_lottery(panel)
        with pytest.raises(Refused):
            services.draw_panel(lottery=lottery, dice=dice, actor=ACTOR)
        assert not panel.members


def test_wrong_dice_stay_in_the_form(app: Flask, desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/draw", action="start")
    desk.submit("/desk/hillgrove/draw", action="commit")
    answer = desk.submit("/desk/hillgrove/draw", {**DICE, "second": "x"}, action="dice")
    assert answer.status_code == 422
    assert "Type one digit" in answer.text
    field = parse(answer.text).find(".//input[@name='third']")
    assert field is not None
    assert field.get("value") == "7"


def test_infeasible_targets_say_the_smallest_change(app: Flask, desk: CheckedClient) -> None:
    women = TARGETS.replace("gender,Female,2,4", "gender,Female,4,4").replace(
        "gender,Male,2,4", "gender,Male,2,2"
    )
    few = "\n".join(
        line for line in people_csv(40).splitlines() if "Female" not in line or "p2," in line
    )
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        services.import_targets(panel=panel, source=women, actor=ACTOR)
        services.import_people(panel=panel, source=few, address_columns=["street"], actor=ACTOR)
        db.session.commit()
    desk.submit("/desk/hillgrove/draw", action="start")
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "No panel can meet all targets" in page
    assert "Lower the minimum of gender “Female” from 4 to 1." in page
    assert "Raise the maximum of gender “Male” from 2 to 5." in page
    with app.test_request_context():
        assert db.session.scalars(select(Lottery.state)).one() == "failed"


def test_people_whom_no_panel_can_hold_are_named_by_combination(
    app: Flask, desk: CheckedClient
) -> None:
    targets = TARGETS + "pets,Dog,0,0\npets,None,0,6\n"
    lines = [line + ",None" for line in people_csv().splitlines()]
    lines[0] = lines[0].removesuffix("None") + "pets"
    lines[1] = lines[1].removesuffix("None") + "Dog"
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        services.import_targets(panel=panel, source=targets, drop_people=True, actor=ACTOR)
        services.import_people(
            panel=panel, source="\n".join(lines), address_columns=[], actor=ACTOR
        )
        db.session.commit()
    desk.submit("/desk/hillgrove/draw", action="start")
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "1 person: Female, Younger, Dog." in page


def test_lottery_needs_targets_people_and_address(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        with pytest.raises(Refused, match="targets"):
            services.start_lottery(panel=panel, actor=ACTOR)
        services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
        with pytest.raises(Refused, match="fewer people"):
            services.start_lottery(panel=panel, actor=ACTOR)
        services.import_people(panel=panel, source=people_csv(), actor=ACTOR)
        with pytest.raises(Refused, match="address"):
            services.start_lottery(panel=panel, actor=ACTOR)


def test_started_twice_is_one_lottery(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        first = services.start_lottery(panel=panel, actor=ACTOR)
        assert services.start_lottery(panel=panel, actor=ACTOR) == first
        db.session.commit()
        services.compute_lottery(first.public_id)
        services.compute_lottery(first.public_id)
        assert actions().count("lottery.proposed") == 1


def test_stopped_lottery_is_never_committed(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = services.start_lottery(panel=panel, actor=ACTOR)
        services.stop_lottery(lottery=lottery, actor=ACTOR)
        db.session.commit()
        services.compute_lottery(lottery.public_id)
        db.session.refresh(lottery)
        assert (lottery.state, lottery.commitment) == ("failed", None)
        assert services.start_lottery(panel=panel, actor=ACTOR) != lottery


def test_stopping_reaches_a_running_computation(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lotteries, "PAUSE", 0)
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = services.start_lottery(panel=panel, actor=ACTOR)
        lottery.state = "working"
        db.session.commit()
        report = lotteries.reporter(lottery.public_id)
        report(Progress("levels", 0.5))
        db.session.refresh(lottery)
        assert (lottery.stage, lottery.done) == ("levels", 50)
        services.stop_lottery(lottery=lottery, actor=ACTOR)
        db.session.commit()
        with pytest.raises(Stopped):
            report(Progress("levels", 0.6))


def test_killed_computation_can_be_repeated(app: Flask, desk: CheckedClient) -> None:
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        lottery = services.start_lottery(panel=panel, actor=ACTOR)
        lottery.state, lottery.beat_at = "working", clock.now() - lotteries.SILENCE / 2
        db.session.commit()
        lotteries.tidy()
        db.session.refresh(lottery)
        assert lottery.state == "working"
        lottery.beat_at = clock.now() - lotteries.SILENCE * 2
        db.session.commit()
        lotteries.tidy()
        assert actions()[-1] == "lottery.failed"
    assert "was interrupted" in text_of(desk.page("/desk/hillgrove/draw"))
    desk.submit("/desk/hillgrove/draw", action="start")
    assert "nobody has committed to it yet" in text_of(desk.page("/desk/hillgrove/draw"))


def test_lottery_that_the_queue_forgot_is_computed(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = services.start_lottery(panel=panel, actor=ACTOR)
        db.session.commit()
        lotteries.tidy()
        assert lottery.state == "waiting"
        lottery.created_at = clock.now() - lotteries.SILENCE * 2
        db.session.commit()
        lotteries.tidy()
        db.session.refresh(lottery)
        assert lottery.state == "proposed"


def test_working_computation_shows_signs_of_life(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[object] = set()

    def slow(public_id: str) -> dict[str, Any]:
        query = select(Lottery.beat_at).where(Lottery.public_id == public_id)
        until = time.monotonic() + 20
        while len(seen) < 2 and time.monotonic() < until:
            with reading():
                seen.add(db.session.scalar(query))
                db.session.rollback()
        raise Stopped("cancelled")

    monkeypatch.setattr(lotteries, "BEAT", 0.05)
    monkeypatch.setattr(lotteries, "_computed", slow)
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        public_id = services.start_lottery(panel=panel, actor=ACTOR).public_id
        db.session.commit()
        services.compute_lottery(public_id)
    assert len(seen) == 2


def test_broken_computation_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(public_id: str) -> dict[str, Any]:
        raise MemoryError

    monkeypatch.setattr(lotteries, "_computed", broken)
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = services.start_lottery(panel=panel, actor=ACTOR)
        db.session.commit()
        with pytest.raises(MemoryError):
            services.compute_lottery(lottery.public_id)
        assert (lottery.state, lottery.fault) == ("failed", {"code": "broken"})
        assert fault_lines(lottery.fault or {}) == [
            "The computation failed. Try again, or ask for help."
        ]


def test_database_holds_one_lottery_of_a_panel_in_use(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        for state in ("failed", "failed", "waiting"):
            db.session.add(Lottery(panel_id=panel.id, seed=1, size=6, pool_size=24, state=state))
        db.session.flush()
        db.session.add(Lottery(panel_id=panel.id, seed=1, size=6, pool_size=24, state="working"))
        with pytest.raises(IntegrityError):
            db.session.flush()


@pytest.mark.parametrize("state", ["waiting", "working", "proposed", "ready"])
def test_size_and_inputs_stay_while_a_lottery_uses_them(
    app: Flask, desk: CheckedClient, state: str
) -> None:
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        services.start_lottery(panel=panel, actor=ACTOR).state = state
        db.session.commit()
    assert desk.submit("/desk/hillgrove/edit", {"size": "7"}).status_code == 422
    for path in ("targets", "people"):
        assert desk.submit(f"/desk/hillgrove/{path}", {"text": TARGETS}).status_code == 422
    with app.test_request_context():
        db.session.scalars(select(Lottery)).one().state = "failed"
        db.session.commit()
    assert desk.submit("/desk/hillgrove/edit", {"size": "7"}).status_code == 303


def test_draw_page_reads_no_bundle(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        db.session.expunge(make_draw(panel))
        lottery = queries.lottery_of(panel)
        assert queries.draw_story(panel) is not None
        assert {"bundle", "private"} <= inspect(lottery).unloaded  # type: ignore[union-attr]


def test_smallest_chance_is_never_said_too_large(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        lottery = make_draw(panel)
        for chance, said in ((0.25, 4), (0.249, 4.1), (0.07, 15), (0.001, 1000), (1.0, 1)):
            lottery.smallest_chance = chance
            story = queries.draw_story(panel)
            assert story is not None
            assert story.chance_in == said


def test_two_draws_at_once_draw_once(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        public_id = make_lottery(panel).public_id

    def draw(dice: str) -> str:
        with app.test_request_context():
            lottery = db.session.scalars(
                select(Lottery).where(Lottery.public_id == public_id)
            ).one()
            try:
                services.draw_panel(lottery=lottery, dice=dice, actor=ACTOR)
                db.session.commit()
            except DomainError:
                db.session.rollback()
                return "refused"
            return dice

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(draw, ["407", "111", "407", "222", "407", "333"]))
    accepted = {answer for answer in answers if answer != "refused"}
    assert len(accepted) == 1
    with app.test_request_context():
        assert db.session.scalar(select(func.count()).select_from(Member)) == 6
        assert actions().count("lottery.drawn") == 1
        assert db.session.scalars(select(Lottery.dice)).one() in accepted


def test_bundle_verifies_and_holds_no_name(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        lottery = make_draw(panel)
        commitment = lottery.commitment
        files = exports.bundle_files(lottery)
        assert all(check.ok for check in verify_files(files, commitment))
        told = json.dumps(files, ensure_ascii=False)
        for person in db.session.scalars(select(Person)):
            assert person.public_id not in told
            assert person.details["name"] not in told
        assert "Canary Row" not in told
        with zipfile.ZipFile(io.BytesIO(exports.bundle_archive(files))) as archive:
            archive.extractall(tmp_path)
    command = [sys.executable, "-I", "-S", "verify.py", "draw", "--commitment", str(commitment)]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    (tmp_path / "draw" / "selected.csv").write_text("nobody\n")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_bundle_is_downloaded_as_a_zip(app: Flask, desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/draw", action="start")
    with app.test_request_context():
        lottery_id = db.session.scalars(select(Lottery.public_id)).one()
    address = f"/desk/hillgrove/draw/{lottery_id}/bundle.zip"
    assert desk.get(address).status_code == 404
    desk.submit("/desk/hillgrove/draw", action="commit")
    answer = desk.get(address)
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "draw/portfolio.csv" in archive.namelist()
        assert "draw/draw.json" not in archive.namelist()


def test_story_and_composition_hold_figures_only(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        assert queries.draw_story(panel) is None
        assert queries.composition(panel) == []
        assert exports.bundle_files(queries.lottery_of(panel)) == {}
        make_draw(panel)
        story = queries.draw_story(panel)
        assert story is not None
        assert (story.pool_size, story.size, story.panels, story.dice) == (24, 6, 1000, "407")
        assert story.number == 407
        assert Fraction(story.least_panels, 1000) == Fraction(
            story.smallest_chance
        ).limit_denominator(1000)
        rows = exports.composition_rows(panel)
        assert sum(row["number"] for row in rows if row["feature"] == "gender") == 6  # type: ignore[misc]
        assert all(row["minimum"] <= row["number"] <= row["maximum"] for row in rows)  # type: ignore[operator]


@pytest.mark.skipif(not POOLS.is_dir(), reason="the real pools are not on this machine")
def test_real_pool_reaches_the_best_smallest_chance(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=22)
        folder = POOLS / "fixture_150_22"
        services.import_targets(
            panel=panel, source=(folder / "features.csv").read_bytes(), actor=ACTOR
        )
        services.import_people(
            panel=panel,
            source=(folder / "candidates.csv").read_bytes(),
            address_columns=["primary_address1", "primary_zip"],
            actor=ACTOR,
        )
        services.draw_panel(lottery=make_lottery(panel), dice="012", actor=ACTOR)
        story = queries.draw_story(panel)
        assert story is not None
        assert story.least_panels == 90
        values = [value for feature in queries.composition(panel) for value in feature.values]
        assert all(value.minimum <= value.number <= value.maximum for value in values)
