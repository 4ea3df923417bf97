"""A computed lottery is looked at before anybody commits to it; a committed one goes openly."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.panels.models import Panel
from panel_app.recruitment import exports, lotteries, queries, services
from panel_app.recruitment.models import Lottery
from panel_app.recruitment.proposals import proposal_of
from sortition.progress import Progress, Stopped
from sortition.verify import verify_files
from tests.checked_client import CheckedClient, text_of
from tests.factories.importing import import_by_pages
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, TARGETS, make_lottery, make_pool, people_csv
from tests.factories.staff import make_user

#: No panel can hold anybody with a dog.
NO_DOGS = TARGETS + "pet,Cat,6,6\npet,Dog,0,0\n"


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return an organiser's browser; the panel of 6 with its pool is at /desk/hillgrove/."""
    with app.test_request_context():
        make_pool(make_panel(slug="hillgrove", size=6))
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def proposed() -> Lottery:
    """Compute a lottery as the job does."""
    panel = make_panel(size=6)
    make_pool(panel)
    lottery = services.start_lottery(panel=panel, actor=ACTOR)
    db.session.commit()
    services.compute_lottery(lottery.public_id)
    return lottery


def with_a_dog() -> str:
    first, *rest = people_csv().splitlines()
    rows = [f"{row},{'Dog' if at == 0 else 'Cat'}" for at, row in enumerate(rest)]
    return "\n".join([f"{first},pet", *rows]) + "\n"


def test_shared_homes_are_told_before_committing(app: Flask, desk: CheckedClient) -> None:
    import_by_pages(desk, {"text": people_csv()})
    desk.submit("/desk/hillgrove/draw", action="start")
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "Addresses with two or more people: 12 · at most one of each is drawn" in page


def test_chances_by_group_and_who_is_left_out_are_seen_before_committing(
    app: Flask, desk: CheckedClient
) -> None:
    desk.submit("/desk/hillgrove/targets", {"text": NO_DOGS, "drop_people": "1"})
    import_by_pages(desk, {"text": with_a_dog()}, home_3="")
    desk.submit("/desk/hillgrove/draw", action="start")
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "nobody has committed to it yet" in page
    assert "1 person: Female, Younger, Dog." in page
    with app.test_request_context():
        shown = proposal_of(db.session.scalars(select(Lottery)).one())
        assert shown is not None
        assert (shown.left_out_people, shown.without, shown.unlucky) == (1, 1, 0)
        groups = {str(g.wording): g for f in shown.features for g in f.groups}
        dog, cat, female, male = groups["Dog"], groups["Cat"], groups["Female"], groups["Male"]
        assert (dog.people, dog.seats, dog.without) == (1, 0, 1)
        assert cat.least_panels == shown.least_panels > 0
        assert female.seats + male.seats == pytest.approx(6)
    desk.submit("/desk/hillgrove/draw", action="leave")
    assert "was not used" in text_of(desk.page("/desk/hillgrove/draw"))
    again = {"text": TARGETS, "drop_people": "1"}
    assert desk.submit("/desk/hillgrove/targets", again).status_code == 303


def test_lottery_nobody_committed_to_can_be_left_once(app: Flask) -> None:
    with app.test_request_context():
        lottery = proposed()
        services.leave_lottery(lottery=lottery, actor=ACTOR)
        assert queries.given_up(lottery.panel) == []
        for act in (services.leave_lottery, services.commit_lottery):
            with pytest.raises(Conflict):
                act(lottery=lottery, actor=ACTOR)


def test_committing_twice_is_committing_once(app: Flask) -> None:
    with app.test_request_context():
        lottery = proposed()
        for _ in range(2):
            services.commit_lottery(lottery=lottery, actor=ACTOR)
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert actions.count("lottery.committed") == 1


def test_committed_lottery_is_given_up_openly(app: Flask, desk: CheckedClient) -> None:
    for action in ("start", "commit"):
        desk.submit("/desk/hillgrove/draw", action=action)
    with app.test_request_context():
        lottery = db.session.scalars(select(Lottery)).one()
        public_id, commitment = lottery.public_id, str(lottery.commitment)
    way = f"/desk/hillgrove/draw/{public_id}/give-up"
    assert desk.submit(way, {"reason": " "}).status_code == 422
    why = "Two streets were missing from the list."
    assert desk.submit(way, {"reason": why}).status_code == 303
    public = text_of(desk.page("/p/hillgrove"))
    assert commitment in public.replace(" ", "")
    assert why in public
    assert "has not been prepared yet" in public
    assert desk.get("/p/hillgrove/draw.zip").status_code == 404
    with app.test_request_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert entry is not None
        assert (entry.action, entry.details["words"]) == ("lottery.failed", why)
    assert why in text_of(desk.page("/desk/hillgrove/draw"))
    assert desk.submit("/desk/hillgrove/draw", action="start").status_code == 303
    assert commitment in text_of(desk.page("/p/hillgrove")).replace(" ", "")


def test_panel_that_was_drawn_is_not_given_up(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = make_lottery(panel)
        with pytest.raises(Refused):
            services.give_up_lottery(lottery=lottery, reason="\u200b", actor=ACTOR)
        services.draw_panel(lottery=lottery, dice="407", actor=ACTOR)
        with pytest.raises(Conflict):
            services.give_up_lottery(lottery=lottery, reason="Other people.", actor=ACTOR)


def test_lottery_cut_short_keeps_the_best_so_far(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lotteries, "PAUSE", 0)
    reporter = lotteries.reporter
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = services.start_lottery(panel=panel, actor=ACTOR)
        with pytest.raises(Conflict):
            services.use_the_best(lottery=lottery, actor=ACTOR)
        db.session.commit()

        def pressed(public_id: str) -> Any:
            """Press "Use the best so far" while panels are written."""
            report = reporter(public_id)

            def step(progress: Progress) -> None:
                if progress.stage != "levels":
                    services.use_the_best(lottery=lottery, actor=ACTOR)
                    db.session.commit()
                report(progress)

            return step

        monkeypatch.setattr(lotteries, "reporter", pressed)
        services.compute_lottery(lottery.public_id)
        shown = proposal_of(lottery)
        assert shown is not None
        assert shown.cut_short
        services.commit_lottery(lottery=lottery, actor=ACTOR)
        files = exports.bundle_files(lottery)
        assert [check for check in verify_files(files, lottery.commitment) if not check.ok] == []
        services.draw_panel(lottery=lottery, dice="407", actor=ACTOR)
        assert len(panel.members) == 6


def test_working_lottery_offers_both_ways_to_stop(
    app: Flask, desk: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lotteries, "PAUSE", 0)
    with app.test_request_context():
        lottery = services.start_lottery(panel=db.session.scalars(select(Panel)).one(), actor=ACTOR)
        lottery.state, public_id = "working", lottery.public_id
        db.session.commit()
    assert desk.submit("/desk/hillgrove/draw", action="best").status_code == 303
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "It ends with the best lottery so far" in page
    assert "Stop the computation" in page
    with app.test_request_context(), pytest.raises(Stopped) as stopped:
        lotteries.reporter(public_id)(Progress("levels", 0.5))
    assert stopped.value.reason == lotteries.ENOUGH
