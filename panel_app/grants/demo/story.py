"""The demo's grants round: a dozen applications, some decided, some to assess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from random import Random

from sqlalchemy import select

from panel_app.casework import services as casework
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.story import ACTOR, Part, Story
from panel_app.grants import appeals, awards, checks, payments, reports, rounds
from panel_app.grants import services as grants
from panel_app.grants.demo import texts
from panel_app.grants.demo.applications import REQUESTS, Request
from panel_app.grants.desk import past_awards
from panel_app.grants.models import Application, Award, Programme, Round
from panel_app.panels.demo import Members
from panel_app.panels.models import Member, Panel
from panel_app.questions import photos
from panel_app.questions.question import Answer
from panel_app.sessions.demo import PLANNED, Tonight, add

POT = 800_000
QUORUM = 6


def call(story: Story) -> None:
    """Set up the programme with its ninth round, and the one after."""
    programme = grants.create_programme(
        panel=story.the(Panel),
        slug="hillgrove-small-grants",
        name=texts.PROGRAMME,
        summary=texts.PROGRAMME_SUMMARY,
        largest_grant=200_000,
        missions=texts.MISSIONS,
        criteria=list(texts.CRITERIA),
        quorum=QUORUM,
        actor=ACTOR,
    )
    now = clock.now() + clock.how_long_ago()
    round_ = rounds.add_round(
        programme=programme,
        opens_at=clock.now(),
        closes_at=now + timedelta(days=1),
        meets_at=now + timedelta(days=2),
        pot=POT,
        number=9,
        actor=ACTOR,
    )
    rounds.add_round(
        programme=programme,
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=15),
        meets_at=now + timedelta(days=16),
        pot=POT,
        actor=ACTOR,
    )
    past_awards.read(programme=programme, source=texts.PAST_AWARDS, actor=ACTOR)
    story.keep(programme, round_)


def apply(story: Story) -> None:
    """Let residents ask for a dozen things, and the panel decide on the first five."""
    for request in REQUESTS:
        application = ask(story.the(Programme), request)
        if request.outcome:
            decide(application, request, story.the(Members), story.random)
        db.session.commit()


def pay(story: Story) -> None:
    """Let one grant be accepted and paid, and another be accepted."""
    programme = story.the(Programme)
    query = select(Award).join(Application).where(Application.programme_id == programme.id)
    first, second = db.session.scalars(query.order_by(Award.id).limit(2)).all()
    for award in (first, second):
        awards.accept(award=award, may_name=True, pay_by="cheque")
    for kind in checks.needed(first):
        checks.check(award=first, kind=kind, note="…", actor=ACTOR)
    due_on = clock.now().date()
    line = payments.draft(award=first, amount=first.amount, due_on=due_on, actor=ACTOR)
    payments.release(payment=line, actor=f"{ACTOR}-2")
    payments.settle(payment=line, outcome="paid", actor=ACTOR)
    tell(first)
    db.session.commit()


def tell(award: Award) -> None:
    """Let somebody tell what came of their grant, with a photo, and show it."""
    for code, words in texts.TOLD.items():
        reports.save(award=award, question=code, given={code: words})
    photo: Answer = {"photo": photos.keep(reports.about(award), drawn()), "text": texts.PHOTO}
    reports.save(award=award, question="photo1", given={"photo1": photo})
    told = [*texts.TOLD, "photo1"]
    reports.send(award=award, agreed=told)
    reports.show(award=award, codes=told, actor=ACTOR)


def appeal(story: Story) -> None:
    """Let somebody whose request was declined appeal, so that the desk has one to answer."""
    programme = story.the(Programme).id
    query = select(Application).where(
        Application.programme_id == programme, Application.state == "decided"
    )
    declined = [
        each
        for each in db.session.scalars(query.order_by(Application.reference))
        if each.decision and each.decision.outcome == "decline"
    ]
    appeals.send(application=declined[0], about="facts", words=texts.APPEAL)
    db.session.commit()


def drawn() -> bytes:
    """Return a drawing of a table with plates, in place of a photo."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (960, 640), "#f3e6c8")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((80, 220, 880, 560), 60, fill="#8a5a33")
    for left in range(130, 800, 180):
        draw.ellipse((left, 300, left + 130, 430), fill="white")
        draw.ellipse((left + 30, 330, left + 100, 400), fill="#d9772b")
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def plan(story: Story) -> None:
    """Put the round on tonight's agenda."""
    round_ = story.the(Round).public_id
    add(story.the(Tonight).session, texts.GRANTS_TITLE, 30, "grants", round=round_)


def ask(programme: Programme, request: Request) -> Application:
    """Send one application."""
    application, _token = grants.start_application(programme=programme, language=request.language)
    answers: dict[str, dict[str, Answer]] = {
        "kind": {"kind": request.kind},
        "title": {"title": request.title},
        "plan": {"plan": request.what},
        "people": {"people": request.who},
        "mission": {"mission": request.mission},
        "amount": {"amount": str(request.asks // 100)},
        "costs": {"costs": request.what},
        "contact": {"name": request.name, "contact": f"{request.mission}@example.org"},
    }
    for question, given in answers.items():
        grants.save_answer(application=application, question=question, answers=given)
    return grants.submit_application(application=application)


def decide(
    application: Application, request: Request, members: Sequence[Member], random: Random
) -> None:
    """Let some members declare, score and vote, and record what came of it."""
    case = application.case
    if case is None or request.outcome is None:
        return
    for member in members[: QUORUM + 3]:
        casework.declare_conflict(case=case, member=member, level="none")
        liked = request.outcome in {"fund", "part"}
        points = {c.public_id: random.randint(3, 5) - 2 * (not liked) for c in case.scheme.criteria}
        casework.save_assessment(case=case, by=member, points=points, reason="…")
    named = request.amount if request.outcome == "part" else None
    casework.open_voting(case=case, actor=ACTOR)
    for member in members[: QUORUM + 2]:
        casework.cast_decision_vote(case=case, member=member, outcome=request.outcome, amount=named)
    casework.close_voting(case=case, actor=ACTOR)
    grants.decide_application(
        application=application,
        outcome=request.outcome,
        reason=request.reason,
        actor=ACTOR,
    )


PARTS = (
    Part(ago=timedelta(days=13), play=call),
    Part(ago=timedelta(days=6), play=apply),
    Part(ago=timedelta(days=3), play=pay),
    Part(ago=timedelta(days=1), play=appeal),
    Part(ago=PLANNED, play=plan),
)
