"""The wall in its states: read from the last row, nothing cut off, whatever was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from panel_app.balloting import services as balloting
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.deliberation.statements import groups
from panel_app.deliberation.statements import queries as statements
from panel_app.deliberation.statements import services as rounds
from panel_app.panels.models import Member
from panel_app.sessions import services
from panel_app.sessions.models import AgendaItem, Session
from tests.browser import harness
from tests.browser.walk import Walk
from tests.conftest import POSTGRESQL
from tests.factories.budgets import make_ballot, make_small_pot
from tests.factories.deliberation import answer_question, make_asking
from tests.factories.panels import make_members, make_panel
from tests.factories.questions import make_question, options
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import PASSWORD, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(POSTGRESQL), reason="drawn on SQLite")]
PEOPLE = 24
SHORT = Translated.of(
    en="Repairs come before lighting.",
    bn="আলোর আগে মেরামত আসবে।",
    ar="الإصلاحات تأتي قبل الإنارة.",
)
LONGEST = Translated.of(
    en="Repairs that are not urgent should wait until spring if that pays for more lighting on"
    " all the paths between the blocks and the bus stops.",
    bn="জরুরি নয় এমন মেরামত বসন্ত পর্যন্ত অপেক্ষা করুক, যদি সেই টাকায় ব্লক আর বাস স্টপের"
    " মাঝের সব পথে আরও আলো বসানো যায়।",
    ar="ينبغي أن تنتظر الإصلاحات غير العاجلة حتى الربيع إذا كان ذلك يموّل المزيد من الإنارة"
    " على كل الممرات بين المباني ومواقف الحافلات.",
)
#: Texts that are too small, cut off by what holds them, or outside the screen.
FAULTS = """() => {
  const found = [], high = innerHeight, wide = innerWidth;
  for (const e of document.querySelectorAll('.screen *')) {
    if (!e.checkVisibility() || e.closest('.unseen')) continue;
    const said = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const what = `${e.tagName} ${e.textContent.trim().slice(0, 40)}`;
    if (said && size < high * .04 - .1) found.push(`${what} is ${size} px`);
    const box = e.getBoundingClientRect(), over = e.scrollHeight - e.clientHeight;
    const out = box.bottom > high + 1 || box.right > wide + 1 || box.left < -1 || box.top < -1;
    if (said && out) found.push(`${what} leaves the screen`);
    if (style.overflowY === 'hidden' && e.clientHeight > 5 && over > 2)
      found.push(`${what} cuts off ${over} px`);
  }
  for (const bar of document.querySelectorAll('.screen svg.c, .screen svg.bar')) {
    const tall = bar.getBoundingClientRect().height;
    if (tall < high * .04 - .5) found.push(`a bar is ${tall} px high`);
  }
  return found;
}"""


@dataclass
class Evening:
    """A session on a server of its own, whose parts are put on the wall one after another."""

    walk: Walk
    session: int
    members: list[int]
    email: str
    desk: str

    def go(self, act: Callable[[Session, list[Member]], Any]) -> None:
        """Do something to the evening, as its facilitator's laptop would."""
        with self.walk.app.test_request_context():
            members = [db.session.get_one(Member, member) for member in self.members]
            act(db.session.get_one(Session, self.session), members)
            db.session.commit()


@pytest.fixture(params=["en", "bn", "ar"])
def evening(
    request: pytest.FixtureRequest, migrated: str, tmp_path: Path, chromium: Browser
) -> Iterator[Evening]:
    with harness.running(migrated, tmp_path) as server:
        walk = Walk(server, chromium, request.param)
        with walk.app.test_request_context():
            panel = make_panel()
            members = [member.id for member in make_members(panel, PEOPLE)]
            session = make_session(panel)
            session.second_language = "en" if request.param == "bn" else "bn"
            email = make_user("facilitator", panel).email
            desk = f"/desk/{panel.slug}/sessions/{session.public_id}/"
            db.session.commit()
            made = Evening(walk, session.id, members, email, desk)
        yield made


def the_item(session: Session) -> AgendaItem:
    return max(session.items, key=lambda item: item.position)


def a_round(wordings: list[Translated]) -> Callable[[Session, list[Member]], None]:
    def act(session: Session, members: list[Member]) -> None:
        settings = {"seeds": [one.texts() for one in wordings], "adding": True}
        make_item(session, title="What first?", kind="statements", settings=settings, is_open=True)

    return act


def camps_answer(session: Session, members: list[Member]) -> None:
    item = the_item(session)
    for number, statement in enumerate(statements.statements_of(item)):
        for place, member in enumerate(members):
            side: Any = 1 if (place < PEOPLE // 2) == (number < 5) else -1
            rounds.answer_statement(statement=statement, member=member, value=side, counter=1)


def close(session: Session, members: list[Member]) -> None:
    services.close_item(item=the_item(session), actor=ACTOR)


def reveal(session: Session, members: list[Member]) -> None:
    services.reveal(item=the_item(session), actor=ACTOR)


def turn(page: int) -> Callable[[Session, list[Member]], None]:
    return lambda session, members: services.turn_wall(item=the_item(session), page=page)


def asking(
    kind: str, answers: list[Any], **settings: Any
) -> Callable[[Session, list[Member]], None]:
    """Ask one question, answered by all by turns, closed and revealed."""

    def act(session: Session, members: list[Member]) -> None:
        item = make_asking(session, make_question(kind, **settings))
        for place, member in enumerate(members):
            answer_question(item, member, q1=answers[place % len(answers)])
        close(session, members)
        reveal(session, members)

    return act


def a_ballot(session: Session, members: list[Member]) -> None:
    pot = make_small_pot(session.panel, projects=7, cost=1_600_000)
    pot.amount = 10_000_000
    ballot = make_ballot(pot)
    item = make_item(
        session, title="How?", kind="ballot", settings={"ballot": ballot.public_id}, is_open=True
    )
    chosen = [project.public_id for project in pot.projects]
    for place, member in enumerate(members):
        balloting.cast_paper(
            ballot=ballot, member=member, choice=chosen[: 2 + place % 4], counter=1
        )
    services.close_item(item=item, actor=ACTOR)
    reveal(session, members)


def walls(page: Page, evening: Evening, name: str) -> None:
    """Hold the wall to the rules at both sizes."""
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{evening.desk}wall")
        evening.walk.look(page, f"wall-{name}-{height}")
        found: list[str] = page.evaluate(FAULTS)
        assert found == [], f"{name} at {width}: {found}"


def test_every_state_of_the_wall_is_read_from_the_last_row(evening: Evening) -> None:
    wall = evening.walk.laptop()
    evening.walk.sign_in(wall, evening.email, PASSWORD)
    walls(wall, evening, "start")
    evening.go(a_round([SHORT, LONGEST, *[SHORT] * 8]))
    walls(wall, evening, "statement")
    evening.go(turn(1))
    walls(wall, evening, "statement-long")
    evening.go(lambda session, members: services.invite(session=session, shown=True))
    walls(wall, evening, "inviting")
    evening.go(lambda session, members: services.invite(session=session, shown=False))
    evening.go(camps_answer)
    walls(wall, evening, "statement-answered")
    evening.go(close)
    walls(wall, evening, "closed")
    evening.go(lambda session, members: groups.work_out(the_item(session).public_id))
    evening.go(reveal)
    for page, name in ((0, "result"), (9, "result-last"), (10, "found")):
        evening.go(turn(page))
        walls(wall, evening, name)
    abc = options("Light", "Bins", "Benches")
    thirty = options(*(f"Something to choose that is number {n}" for n in range(30)))
    for name, act in (
        ("one-of", asking("one_of", ["a", "a", "b", "c"], options=abc)),
        ("thirty", asking("one_of", [o.code for o in thirty[:4]], options=thirty)),
        ("scale", asking("scale", ["1", "2", "2", "5"], low=1, high=5, options=abc[:2])),
        ("ranking", asking("ranking", [["a", "b", "c"], ["b", "a", "c"]], options=abc)),
        ("points", asking("points", [{"a": "5", "b": "5"}, {"c": "10"}], options=abc, high=10)),
        ("number", asking("number", ["3", "9"], low=0, high=20)),
    ):
        evening.go(act)
        walls(wall, evening, name)
    evening.go(a_ballot)
    for page, name in ((0, "pot-first"), (4, "pot-last"), (5, "lacking")):
        evening.go(turn(page))
        walls(wall, evening, name)
    evening.go(lambda session, members: services.close_session(session=session, actor=ACTOR))
    walls(wall, evening, "over")
