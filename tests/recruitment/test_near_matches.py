"""Near matches of the pool: shown to an organiser, decided, and kept by the lottery."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.panels.models import Panel
from panel_app.recruitment import lottery_rows, near_matches, services
from panel_app.recruitment.models import Person
from panel_app.recruitment.near_matches import NearMatch
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, TARGETS, make_lottery, people_csv
from tests.factories.staff import make_user

ROWS = [
    "a1,Ann Begum,Flat 2 10 High St,E1 1AA,en,Female,Younger",
    "a2,Bob Ali,10 High Street Flat 2,E1 1AA,en,Male,Older",
    "a3,Cay Ali,10 High Street Flat 2,E1 1AA,en,Male,Younger",
    "a4,Mr J Khan,7 Oak Road,E1 1AB,en,Male,Older",
    "a5,John Khan,7 Oak Road,E1 1AB,en,Male,Older",
]


def pooled() -> Panel:
    """Return a panel with a pool in which some are alike; commits."""
    panel = make_panel(size=6)
    services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
    services.import_people(
        panel=panel,
        source=people_csv(24) + "\n".join(ROWS) + "\n",
        name_columns=["name"],
        address_columns=["street", "postcode"],
        actor=ACTOR,
    )
    db.session.commit()
    near_matches.find_matches(panel.id)
    db.session.expire_all()
    return panel


def pairs(kind: str) -> dict[frozenset[str], NearMatch]:
    names = dict(db.session.execute(select(Person.id, Person.reference)).all())
    rows = db.session.scalars(select(NearMatch).where(NearMatch.kind == kind))
    return {frozenset((names[row.first_id], names[row.second_id])): row for row in rows}


def homes(panel: Panel) -> dict[str, object]:
    """Return the home of each of the people above, as the lottery takes them."""
    pool, who = lottery_rows.stored_pool(panel, lottery_rows.stored_targets(panel), "salt")
    names = dict(db.session.execute(select(Person.public_id, Person.reference)).all())
    return {names[who[person.id]]: person.address for person in pool.people}


def test_nothing_is_merged_until_somebody_confirms_it(app: Flask) -> None:
    with app.test_request_context():
        panel = pooled()
        assert frozenset(("a4", "a5")) in pairs("person")
        (match,) = (m for ids, m in pairs("home").items() if "a1" in ids and m.reason == "spelling")
        before = homes(panel)
        assert before["a1"] != before["a2"] == before["a3"]
        near_matches.decide(match=match, verdict="two", actor=ACTOR)
        assert homes(panel)["a1"] != homes(panel)["a2"]
        near_matches.decide(match=match, verdict="one", actor=ACTOR)
        after = homes(panel)
        assert after["a1"] == after["a2"] == after["a3"], "the whole home is one"


def test_what_was_decided_stays_when_the_pool_is_looked_through_again(app: Flask) -> None:
    with app.test_request_context():
        panel = pooled()
        for match in pairs("person").values():
            near_matches.decide(match=match, verdict="two", actor=ACTOR)
        db.session.commit()
        near_matches.find_matches(panel.id)
        db.session.expire_all()
        assert {match.verdict for match in pairs("person").values()} == {"two"}


def test_a_confirmed_home_gets_one_seat_in_every_panel_of_the_lottery(app: Flask) -> None:
    with app.test_request_context():
        panel = pooled()
        for match in [*pairs("home").values(), *pairs("person").values()]:
            near_matches.decide(match=match, verdict="one", actor=ACTOR)
        db.session.commit()
        lottery = make_lottery(panel)
        key = (lottery.private or {})["key"]
        names = dict(db.session.execute(select(Person.public_id, Person.reference)).all())
        for line in (lottery.bundle or {})["portfolio.csv"].splitlines()[1:]:
            drawn = {names[key[one]] for one in line.split(",")[1:]}
            assert len(drawn & {"a1", "a2", "a3"}) <= 1
            assert len(drawn & {"a4", "a5"}) <= 1
        with pytest.raises(Conflict):
            near_matches.decide(
                match=next(iter(pairs("home").values())), verdict="two", actor=ACTOR
            )


def test_whoever_shares_a_confirmed_home_with_a_member_replaces_nobody(app: Flask) -> None:
    with app.test_request_context():
        panel = pooled()
        match = next(m for ids, m in pairs("person").items() if ids == {"a4", "a5"})
        near_matches.decide(match=match, verdict="one", actor=ACTOR)
        assert match.first_id in near_matches.beside(panel, [match.second_id])


def test_people_who_are_removed_take_their_pairs_with_them(app: Flask) -> None:
    with app.test_request_context():
        panel = pooled()
        services.import_people(panel=panel, source=people_csv(24), actor=ACTOR)
        db.session.commit()
        assert not pairs("home")


def test_an_organiser_decides_on_the_page(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.test_request_context():
        slug = pooled().slug
        email = make_user("organiser").email
        match = next(m for ids, m in pairs("person").items() if ids == {"a4", "a5"})
        public_id = match.public_id
        db.session.commit()
    desk = sign_in(email)
    assert "John Khan" in text_of(desk.page(f"/desk/{slug}/near-matches"))
    desk.submit(f"/desk/{slug}/near-matches", button="Look through the pool")
    with app.test_request_context():
        again = next(m for ids, m in pairs("person").items() if ids == {"a4", "a5"})
        assert again.public_id != public_id
        public_id = again.public_id
    desk.submit(f"/desk/{slug}/near-matches", action=f"{public_id}/one")
    with app.test_request_context():
        decided = next(m for ids, m in pairs("person").items() if ids == {"a4", "a5"})
        assert decided.verdict == "one"
