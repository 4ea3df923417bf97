"""Votes on paper: one person has one, two people read each, and all join the one count."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from panel_app.balloting import changing, due, numbers, origins, queries
from panel_app.balloting.models import Paper, Receipt, Turnout
from panel_app.balloting.on_paper import queries as on_paper
from panel_app.balloting.on_paper import services
from panel_app.balloting.on_paper.models import PaperVoter, TypedPaper
from panel_app.balloting.services import close_ballot
from panel_app.budgets import exports
from panel_app.core import audit, clock, ids, key_files
from panel_app.core.db import db
from panel_app.core.errors import Conflict, DomainError, NotAllowed, Refused
from panel_app.counting import Project, approval_election, count
from panel_app.counting.pb_file import parse_pb
from panel_app.panels.models import Member
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot
from tests.factories.on_paper import ONE, OTHER, batch, hand_out, printed, typed


@pytest.fixture
def vote(app: Flask) -> Vote:
    return make_vote(app, members=12)


def papers_of(vote: Vote, numbers: list[str]) -> dict[str, list[str]]:
    """Return a choice for each number."""
    return {number: [vote.projects[i % 3]] for i, number in enumerate(numbers)}


@given(st.text(ids.CROCKFORD, min_size=9, max_size=9), st.data())
def test_a_wrong_sign_or_two_exchanged_never_fit(drawn: str, data: st.DataObject) -> None:
    fits = [drawn + last for last in ids.CROCKFORD if numbers.holds(drawn + last)]
    assert len(fits) == 1
    place = data.draw(st.integers(0, 9))
    other = data.draw(st.sampled_from(ids.CROCKFORD))
    code = fits[0]
    wrong = code[:place] + other + code[place + 1 :]
    assert numbers.holds(wrong) == (wrong == code)
    if place:
        exchanged = code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]
        assert numbers.holds(exchanged) == (exchanged == code)


def test_papers_and_phones_join_one_count(app: Flask, vote: Vote) -> None:
    with app.app_context():
        sheets = printed(vote)[:6]
        hand_out(vote, vote.members[:6])
        for member in vote.members[6:]:
            cast(vote, member, vote.projects[:1])
        one = batch(vote, size=6)
        said = papers_of(vote, sheets[:4]) | {sheets[4]: "blank", sheets[5]: "void"}
        typed(one, ONE, said)
        assert not on_paper.is_settled(one)
        typed(one, OTHER, said)
        ballot = close(vote)
        # Six phones, four votes and a blank one; the void one is not counted.
        assert queries.turnout(ballot) == queries.voters(ballot) == 11
        assert queries.counted_choices(ballot).count([]) == 1
        assert ballot.origins == {"phone": 6, "kiosk": 0, "paper": 5, "helped": 0, "void": 1}
        assert queries.published(ballot)["origins"] == {
            "phone": [6, 6],
            "kiosk": [0, 0],
            "paper": [5, 5],
            "helped": [0, 0],
            "void": [1, 4],
        }
        listed = {receipt.tracker for receipt in queries.receipts(ballot)}
        assert {ids.normalise_code(number) for number in sheets[:5]} <= listed
        assert ids.normalise_code(sheets[5]) not in listed
        assert queries.fingerprint_holds(ballot)
        assert db.session.scalar(select(func.count()).select_from(TypedPaper)) == 0
        recounted(vote)


def recounted(vote: Vote) -> None:
    """Count what is exported again, with the engine alone."""
    told = exports.ballot_result(the_ballot(vote))
    covered = told["covered"]
    projects = [Project(p["id"], p["cost"]) for p in covered["terms"]["projects"]]
    election = approval_election(projects, covered["papers"], pot=covered["terms"]["pot"])
    kept = told["counts"]["equal-shares"]["result"]
    rule = exports.counts.rules(the_ballot(vote))["equal-shares"]
    assert list(count(election, rule).winners) == kept["winners"]
    read = parse_pb(exports.election_pb(the_ballot(vote)).splitlines())
    assert sum(read.papers.values()) == len(covered["papers"])


def test_a_phone_vote_gives_way_to_a_paper_handed_out_later(app: Flask, vote: Vote) -> None:
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
        sheets = printed(vote)
        hand_out(vote, vote.members[:1])
        # Nothing of the sealed papers was touched, and the log names nobody.
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 12
        newest = select(audit.AuditEntry).order_by(audit.AuditEntry.number.desc()).limit(1)
        noted = db.session.scalars(newest).one()
        assert (noted.action, noted.details) == ("ballot.paper_handed_out", {})
        one = batch(vote, size=1)
        for who in (ONE, OTHER):
            typed(one, who, {sheets[0]: [vote.projects[1]]})
        ballot = close(vote)
        assert queries.turnout(ballot) == 12
        assert queries.counted_choices(ballot).count([vote.projects[1]]) == 1
        assert vote.members[0] not in db.session.scalars(select(Turnout.member_id)).all()
        assert queries.has_voted(ballot, db.session.get_one(Member, vote.members[0])) is None
        # One paper is not told of, nor given away by the others.
        assert origins.told(ballot.origins or {})["paper"] == [1, 4]


def test_who_has_a_paper_cannot_vote_on_a_phone_until_it_is_given_back(
    app: Flask, vote: Vote
) -> None:
    with app.app_context():
        sheets = printed(vote)
        member = db.session.get_one(Member, vote.members[0])
        hand_out(vote, [member.id])
        with pytest.raises(NotAllowed):
            cast(vote, member.id, vote.projects[:1])
        db.session.rollback()
        assert not services.hand_out(ballot=the_ballot(vote), member=member, actor="system")
        services.give_back(ballot=the_ballot(vote), member=member, number=sheets[0], actor="system")
        db.session.commit()
        cast(vote, member.id, vote.projects[:1])
        one = batch(vote)
        with pytest.raises(Refused, match="given back"):
            services.type_paper(batch=one, who=ONE, number=sheets[0], said="void", choice=None)


def test_turnout_moves_alike_whoever_is_handed_a_paper(app: Flask, vote: Vote) -> None:
    with app.app_context():
        printed(vote)
        for member in vote.members[:10]:
            cast(vote, member, vote.projects[:1])
        before = queries.turnout(the_ballot(vote))
        after = []
        for member in (vote.members[0], vote.members[11]):
            hand_out(vote, [member])
            after.append(queries.turnout(the_ballot(vote)))
        assert [before, *after] == [10, 9, 8]


def test_two_people_who_read_differently_see_where_and_nothing_is_counted(
    app: Flask, vote: Vote
) -> None:
    with app.app_context():
        sheets = printed(vote)
        hand_out(vote, vote.members[:6])
        one = batch(vote, size=3)
        said = papers_of(vote, sheets[:3])
        typed(one, ONE, said)
        assert on_paper.differences(one) == []
        typed(one, OTHER, {**said, sheets[1]: [vote.projects[4]]})
        (found,) = on_paper.differences(one)
        assert found.number == sheets[1]
        with pytest.raises(Conflict, match="not settled: 1"):
            close_ballot(ballot=the_ballot(vote), actor="system")
        db.session.rollback()
        services.correct_paper(
            batch=one, who=OTHER, number=sheets[1], said="vote", choice=said[sheets[1]]
        )
        assert on_paper.is_settled(one)
        # The envelope has more papers in it than both have typed.
        services.change_batch(batch=one, size=4, actor=ONE)
        assert not on_paper.is_settled(one)
        services.take_out(batch=one, who=ONE, number=sheets[0])
        assert [d.number for d in on_paper.differences(one)] == [sheets[0]]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("again", "typed already, in batch 1"),
        ("wrong", "has a mistake in it"),
        ("strange", "was printed with this number"),
        ("short", "has a mistake in it"),
        ("", "has a mistake in it"),
    ],
)
def test_a_paper_is_typed_once_and_only_one_that_was_printed(
    app: Flask, vote: Vote, number: str, words: str
) -> None:
    with app.app_context():
        sheets = printed(vote, 3)
        one, other = batch(vote), batch(vote, number=2)
        typed(one, ONE, {sheets[0]: []})
        strange = next(n for n in iter(numbers.new, "") if ids.spell(n) not in sheets)
        last = sheets[0][-1]
        spelt = {
            "again": sheets[0].lower().replace("-", " "),
            "wrong": sheets[0][:-1] + ids.CROCKFORD[ids.CROCKFORD.index(last) - 1],
            "strange": strange,
            "short": sheets[0][:-2],
        }
        with pytest.raises(Refused) as refused:
            services.type_paper(
                batch=other, who=ONE, number=spelt.get(number, number), said="void", choice=None
            )
        assert words in str(refused.value)
        assert refused.value.field == "number"


def test_two_batches_never_have_one_number(app: Flask, vote: Vote) -> None:
    with app.app_context():
        printed(vote)
        batch(vote, number=4)
        with pytest.raises(Refused, match="already") as refused:
            batch(vote, number=4)
        assert refused.value.field == "number"


def test_a_third_person_decides_nothing_and_one_is_not_two(app: Flask, vote: Vote) -> None:
    with app.app_context():
        sheets = printed(vote)
        one = batch(vote)
        typed(one, ONE, {sheets[0]: []})
        with pytest.raises(Refused):
            services.type_paper(batch=one, who=ONE, number=sheets[0], said="vote", choice=[])
        db.session.rollback()
        typed(one, OTHER, {sheets[0]: []})
        with pytest.raises(Conflict):
            services.finish(batch=one, who="staff:third")


def test_no_more_papers_count_than_people_were_handed_one(app: Flask, vote: Vote) -> None:
    with app.app_context():
        sheets = printed(vote)
        hand_out(vote, vote.members[:5])
        one = batch(vote, size=6)
        for who in (ONE, OTHER):
            typed(one, who, papers_of(vote, sheets[:6]))
        with pytest.raises(Conflict, match="6 papers were typed, but only 5"):
            close_ballot(ballot=the_ballot(vote), actor="system")
        db.session.rollback()
        hand_out(vote, vote.members[5:6])
        assert queries.turnout(close(vote)) == 6


def test_a_ballot_with_papers_out_waits_for_them_when_its_time_is_up(app: Flask) -> None:
    vote = make_vote(app, members=6)
    with app.app_context():
        sheets = printed(vote)
        hand_out(vote, vote.members[:5])
        ballot = the_ballot(vote)
        ballot.closes_at = clock.now()
        db.session.commit()
        due.tidy()
        db.session.expire_all()
        assert the_ballot(vote).state == "open"
        with pytest.raises(Conflict):
            cast(vote, vote.members[5], [])
        db.session.rollback()
        one = batch(vote, size=5)
        for who in (ONE, OTHER):
            typed(one, who, papers_of(vote, sheets[:5]))
        assert queries.turnout(close(vote)) == 5


def test_few_papers_are_destroyed_uncounted(app: Flask, vote: Vote) -> None:
    with app.app_context():
        sheets = printed(vote)
        hand_out(vote, vote.members[:4])
        one = batch(vote, size=4)
        for who in (ONE, OTHER):
            typed(one, who, papers_of(vote, sheets[:4]))
        ballot = close(vote)
        assert queries.too_few(ballot)
        assert ballot.origins is None
        assert db.session.scalar(select(func.count()).select_from(Receipt)) == 0
        assert db.session.scalar(select(func.count()).select_from(TypedPaper)) == 0


def test_a_void_ballot_destroys_what_was_typed_settled_or_not(app: Flask, vote: Vote) -> None:
    with app.app_context():
        sheets = printed(vote)
        hand_out(vote, vote.members[:4])
        typed(batch(vote, size=4), ONE, papers_of(vote, sheets[:4]))
        changing.declare_void(ballot=the_ballot(vote), reason="A wrong cost", actor="system")
        db.session.commit()
        assert the_ballot(vote).state == "closed"
        assert db.session.scalar(select(func.count()).select_from(TypedPaper)) == 0


def test_without_its_key_a_ballot_with_papers_out_stays_open(app: Flask, vote: Vote) -> None:
    with app.app_context():
        for member in vote.members[:6]:
            cast(vote, member, vote.projects[:1])
        hand_out(vote, vote.members[:1])
        place = key_files._place(vote.public_id)
        place.rename(place.with_suffix(".aside"))
        with pytest.raises(DomainError, match="key is missing"):
            close_ballot(ballot=the_ballot(vote), actor="system")
        db.session.rollback()
        place.with_suffix(".aside").rename(place)
        assert queries.turnout(close(vote)) == 5


def at_once(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """Run acts at the same moment, each in a transaction of its own; return what came of each."""
    start, came = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                came[place] = str(act())
                db.session.commit()
            except DomainError as refusal:
                db.session.rollback()
                came[place] = type(refusal).__name__

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_six_who_hand_one_person_a_paper_at_once_hand_out_one(app: Flask, vote: Vote) -> None:
    def act() -> bool:
        member = db.session.get_one(Member, vote.members[0])
        return services.hand_out(ballot=the_ballot(vote), member=member, actor="system")

    came = at_once(app, *[act] * 6)
    assert sorted(came) == ["False"] * 5 + ["True"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PaperVoter)) == 1


def test_six_who_type_one_paper_at_once_keep_it_twice(app: Flask, vote: Vote) -> None:
    with app.app_context():
        number = printed(vote)[0]
        batch(vote, size=1)

    def act(who: str) -> Callable[[], object]:
        def typing() -> str:
            one = on_paper.batch_of(the_ballot(vote), 1)
            services.type_paper(batch=one, who=who, number=number, said="vote", choice=[])
            return "kept"

        return typing

    came = at_once(app, *[act(f"staff:{place}") for place in range(6)])
    assert sorted(came) == ["Conflict"] * 4 + ["kept"] * 2
    with app.app_context():
        assert sorted(db.session.scalars(select(TypedPaper.side))) == [1, 2]


def test_a_paper_and_a_phone_at_once_are_one_vote(app: Flask, vote: Vote) -> None:
    with app.app_context():
        sheets = printed(vote)
        for member in vote.members[1:7]:
            cast(vote, member, vote.projects[:1])

    def paper() -> bool:
        member = db.session.get_one(Member, vote.members[0])
        return services.hand_out(ballot=the_ballot(vote), member=member, actor="system")

    def phone() -> str:
        return cast(vote, vote.members[0], vote.projects[2:3]).tracker

    at_once(app, paper, phone, paper, phone, paper, phone)
    with app.app_context():
        one = batch(vote, size=1)
        for who in (ONE, OTHER):
            typed(one, who, {sheets[0]: [vote.projects[1]]})
        choices = queries.counted_choices(close(vote))
        assert len(choices) == 7
        assert [vote.projects[1]] in choices
        assert vote.projects[2:3] not in choices


def test_closing_that_is_killed_leaves_all_or_nothing(app: Flask, vote: Vote) -> None:
    with app.app_context():
        sheets = printed(vote)
        hand_out(vote, vote.members[:6])
        one = batch(vote, size=6)
        for who in (ONE, OTHER):
            typed(one, who, papers_of(vote, sheets[:6]))
        before = db.session.scalar(select(func.count()).select_from(TypedPaper))
    child = os.fork()
    if child == 0:  # pragma: no cover - the child is killed
        with app.app_context():
            db.engine.dispose(close=False)
            close_ballot(ballot=the_ballot(vote), actor="system")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with app.app_context():
        db.engine.dispose()
        assert the_ballot(vote).state == "open"
        assert db.session.scalar(select(func.count()).select_from(TypedPaper)) == before == 12
        ballot = close(vote)
        assert queries.turnout(ballot) == 6
