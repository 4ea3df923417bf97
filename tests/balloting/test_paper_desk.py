"""Paper ballots on the desk: printed, handed out, typed by two people, counted with the phones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.balloting.on_paper import queries as on_paper
from panel_app.balloting.on_paper import services
from panel_app.budgets.rules import Rules
from panel_app.core import ids
from panel_app.core.db import db
from panel_app.panels.models import Member
from tests.balloting.phones import cast_by_phone, stored
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote, cast, make_vote, the_ballot
from tests.factories.on_paper import hand_out, printed
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]
KEEP = "Keep this paper"


@pytest.fixture
def vote(app: Flask) -> Vote:
    return make_vote(app, members=7)


def two(app: Flask, sign_in: SignIn, vote: Vote) -> tuple[CheckedClient, CheckedClient]:
    with app.app_context():
        panel = the_ballot(vote).panel
        emails = [make_user(role, panel).email for role in ("organiser", "facilitator")]
        db.session.commit()
    return sign_in(emails[0]), sign_in(emails[1])


def seat(app: Flask, member: int) -> tuple[int, str]:
    with app.app_context():
        found = db.session.get_one(Member, member)
        return found.seat, found.public_id


def test_two_people_type_a_batch_and_it_joins_the_count(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    one, other = two(app, sign_in, vote)
    at = f"{vote.desk}/paper"
    made = one.submit(f"{at}/print", {"language": "bn", "papers": "7"})
    assert made.status_code == 303
    sheets = one.page(f"{at}/runs/1")
    numbers = ["".join(e.itertext()) for e in sheets.iter("p") if e.get("class") == "code"]
    assert len(set(numbers)) == 7
    assert "শনিবারে কেয়ারটেকার" in text_of(sheets)
    number, public_id = seat(app, vote.members[0])
    found = one.submit(f"{at}/hand-out", {"words": str(number)})
    assert "Hand out a paper" in found.text
    token = {"csrf_token": one.token_on(f"{at}/hand-out")}
    assert one.post(f"{at}/hand-out/{public_id}", data=token).status_code == 303
    with app.app_context():
        hand_out(vote, vote.members[:5])
        assert on_paper.handed_out(the_ballot(vote)) == 5
    one.submit(f"{at}/batches/new", {"number": "1", "place": "Stall, Block A", "size": "5"})
    again = one.submit(f"{at}/batches/new", {"number": "1", "place": "Hall", "size": "5"})
    assert again.status_code == 422
    for desk, wrong in ((one, 9), (other, 2)):
        for place, code in enumerate(numbers[:5]):
            project = vote.projects[1 if place == wrong else 2]
            said = {"number": code, "said": "vote", "project": project}
            assert desk.submit(f"{at}/batches/1/type", said).status_code == 303
        assert desk.submit(f"{at}/batches/1", button="I have typed all of it").status_code == 303
    assert "They differ" in text_of(one.page(at))
    assert numbers[2] in text_of(one.page(f"{at}/batches/1"))
    code = ids.normalise_code(numbers[2])
    there = f"{at}/batches/1/type/{code}"
    assert (
        other.submit(there, {"said": "vote", "project": vote.projects[2]}, button=KEEP).status_code
        == 303
    )
    assert "Both read the same" in text_of(one.page(at))
    assert one.submit(f"{vote.desk}/close", button="Close and count").status_code == 303
    listed = text_of(one.page(f"/p/{vote.panel_slug}/ballots/{vote.public_id}"))
    assert numbers[0] in listed
    assert "On paper: 5" in listed


@pytest.mark.parametrize("way", ["knapsack", "approval", "ranking", "points"])
def test_papers_are_typed_on_the_form_of_each_way_of_voting(
    app: Flask, sign_in: SignIn, way: str
) -> None:
    vote = make_vote(app, members=6, rules=Rules(way=way, limit=3 if way != "knapsack" else None))
    with app.app_context():
        codes = printed(vote, 2)
    one, _other = two(app, sign_in, vote)
    at = f"{vote.desk}/paper/batches"
    one.submit(f"{at}/new", {"number": "1", "place": "Stall", "size": "2"})
    project = vote.projects[0]
    said = {"number": codes[0], "said": "vote", "project": project, f"points.{project}": "2"}
    if way == "ranking":
        # A button puts it on the list; the number that was typed is still there.
        said = {"csrf_token": one.token_on(f"{at}/1/type"), **said}
        shown = one.post(f"{at}/1/type", data={**said, "project": [], "press": f"add.{project}"})
        assert shown.status_code == 200
        assert codes[0] in shown.text
        assert f'name="project" value="{project}"' in shown.text
        one.post(f"{at}/1/type", data=said)
    else:
        assert one.submit(f"{at}/1/type", said, button=KEEP).status_code == 303
    refused = one.submit(f"{at}/1/type", {"number": codes[0], "said": "blank"}, button=KEEP)
    assert refused.status_code == 422
    assert "typed already, in batch 1" in refused.text
    with app.app_context():
        (paper,) = on_paper.typed_papers(the_ballot(vote))
        assert paper.choice == ({project: 2} if way == "points" else [project])


def test_handing_out_tells_nobody_whether_somebody_voted(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    one, _other = two(app, sign_in, vote)
    with app.app_context():
        printed(vote)
        cast(vote, vote.members[0], vote.projects[:1])
    pages = []
    for member in vote.members[:2]:
        number, public_id = seat(app, member)
        at = f"{vote.desk}/paper/hand-out"
        before = one.submit(at, {"words": str(number)}).text
        with app.app_context():
            who = db.session.get_one(Member, member)
            services.hand_out(ballot=the_ballot(vote), member=who, actor="system")
            db.session.commit()
        after = one.submit(at, {"words": str(number)}).text
        pages.append(
            [
                text_without(page, f"eat {number}", f'value="{number}"', public_id)
                for page in (before, after)
            ]
        )
    assert pages[0] == pages[1]


def text_without(page: str, *marks: str) -> str:
    """Return a page's words without what is one person's own."""
    body = page.partition("<main")[2]
    for mark in marks:
        body = body.replace(mark, "…")
    return "\n".join(line for line in body.splitlines() if "csrf" not in line)


def test_a_phone_says_that_its_owner_votes_on_paper(
    app: Flask, join: Callable[[int], CheckedClient], vote: Vote
) -> None:
    phone = join(vote.members[0])
    cast_by_phone(phone, vote, vote.projects[:1])
    with app.app_context():
        printed(vote)
        hand_out(vote, vote.members[:1])
    told = text_of(phone.page(vote.page))
    assert "you vote on it alone" in told
    refused = phone.post(
        f"{vote.page}/cast",
        data={"csrf_token": phone.token_on("/my/phone"), "project": [], "counter": 2},
    )
    assert refused.status_code == 403
    assert "handed a paper" in refused.text
    assert stored(app) == [vote.projects[:1]]
    assert phone.get(f"{vote.page}/receipt").status_code == 303
