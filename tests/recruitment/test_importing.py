"""A file of people on its way into the pool: explained, looked at, taken whole or not at all."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from panel_app.core import clock
from panel_app.core.db import db, reading
from panel_app.core.errors import Conflict
from panel_app.panels.models import Panel
from panel_app.recruitment import calls, letters, lotteries, queries, services
from panel_app.recruitment.importing import services as importing
from panel_app.recruitment.importing.changes import Kept, compare
from panel_app.recruitment.importing.models import PoolImport, StagedPerson
from panel_app.recruitment.importing.plan import Plan
from panel_app.recruitment.models import Person, Pool
from sortition.meanings import NO_ANSWER
from sortition.pool import Person as ReadPerson
from tests.checked_client import CheckedClient, text_of
from tests.factories.importing import import_by_pages, upload_people
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, TARGETS, make_pool, people_csv
from tests.factories.staff import make_user
from tests.sortition.workbooks import xlsx

ROOT = Path(__file__).parents[2]
PLAN = Plan(
    id="id",
    features={"gender": "gender", "age": "age"},
    names=["name"],
    letter=["street", "postcode"],
    home=["street"],
    language="language",
)


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return an organiser's browser; the panel of 6 with targets is at /desk/hillgrove/."""
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def the_import() -> PoolImport:
    return db.session.scalars(select(PoolImport).order_by(PoolImport.id.desc())).first()  # type: ignore[return-value]


def references() -> list[str]:
    return list(db.session.scalars(select(Person.reference).order_by(Person.id)))


def begun(text: str, plan: Plan = PLAN, silent: Any = "fault") -> str:
    """Upload and explain a file without pages; its job runs at the commit, as tests want it."""
    panel = db.session.scalars(select(Panel)).first() or make_panel(size=6)
    if not queries.targets_of(panel):
        services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
    one = importing.begin_import(panel=panel, name="", source=text, actor=ACTOR)
    importing.explain(one=one, plan=plan, silent=silent, actor=ACTOR)
    db.session.commit()
    return one.public_id


def taken(text: str, plan: Plan = PLAN, silent: Any = "fault") -> PoolImport:
    begun(text, plan, silent)
    importing.accept(one=the_import(), actor=ACTOR)
    db.session.commit()
    return the_import()


def test_columns_are_guessed_shown_with_examples_and_chosen(
    app: Flask, desk: CheckedClient
) -> None:
    where = upload_people(desk, {"text": people_csv()})
    page = desk.page(where)
    words = text_of(page)
    assert "Person 0 · Person 1 · Person 2" in words
    chosen = [o.get("value") for o in page.iter("option") if o.get("selected") is not None]
    assert chosen == ["id", "", "", "", "language", "f0", "f1"]
    import_by_pages(desk, {"text": people_csv()}, home_3="", letter_6="y")
    with app.test_request_context():
        pool = db.session.scalars(select(Pool)).one()
        assert pool.name_columns == ["name"]
        assert pool.letter_columns == ["street", "postcode", "age"]
        assert pool.address_columns == ["street"]
        person = db.session.scalars(select(Person).order_by(Person.id)).first()
        assert person
        assert person.details["age"] == "Younger", "a feature may stand on the letter too"
        assert person.features == {"gender": "Female", "age": "Younger"}


def test_what_stands_on_a_letter_is_not_what_makes_a_home(app: Flask) -> None:
    with app.test_request_context():
        taken(people_csv())
        panel = db.session.scalars(select(Panel)).one()
        homes = select(func.count(func.distinct(Person.household)))
        assert db.session.scalar(homes) == 12
        pool = queries.pool_of(panel)
        assert pool
        assert pool.on_letters == ["street", "postcode"]
        assert pool.address_columns == ["street"]
        assert letters.name_of(pool, {"name": "Ann"}) == "Ann"


def test_what_was_said_is_remembered_for_the_next_file(app: Flask, desk: CheckedClient) -> None:
    odd = people_csv().replace("gender", "sex", 1).replace("Female", "F")
    where = upload_people(desk, {"text": odd})
    desk.submit(where, {"use_5": "f0"}, button="Read the file")
    page = text_of(desk.page(where))
    assert "“F” is not one of the targets’ values" in page
    assert desk.submit(where, {"value_0": "vFemale"}, button="Read the file").status_code == 303
    desk.submit(where, action="accept")
    again = upload_people(desk, {"text": odd})
    desk.submit(again, button="Read the file")
    words = text_of(desk.page(again))
    assert "12 cells “F” were read as Female, as you said." in words
    assert "As before24" in words


def test_the_sheet_is_chosen_on_the_page(desk: CheckedClient) -> None:
    rows = [line.split(",") for line in people_csv(6).splitlines()]
    other = [["id", "gender", "age", "hobby"], ["1", "Male", "Older", "chess"]]
    book = xlsx({"Old": other, "Now": rows})
    where = upload_people(desk, {"file": (io.BytesIO(book), "p.xlsx")})
    assert "chess" in text_of(desk.page(f"{where}?sheet=Old"))
    assert "Person 0" in text_of(desk.page(f"{where}?sheet=Now"))


def test_faults_are_said_and_the_rows_can_be_corrected_there(desk: CheckedClient) -> None:
    where = upload_people(desk, {"text": people_csv(12).replace("p3,", ",")})
    desk.submit(where, button="Read the file")
    words = text_of(desk.page(where))
    assert "Row 5, column id: There is no id in this row." in words
    assert "Nothing was imported" in words
    desk.submit(where, {"rows": people_csv(12)}, action="rows")
    assert "New people12" in text_of(desk.page(where))


def test_the_changes_are_shown_before_anything_changes(app: Flask, desk: CheckedClient) -> None:
    import_by_pages(desk, {"text": people_csv(12)})
    corrected = people_csv(13).replace("p3,Person 3,", "p3,Corrected Name,").replace("p5,", "P99,")
    where = upload_people(desk, {"text": corrected})
    desk.submit(where, button="Read the file")
    words = text_of(desk.page(where))
    for told in ("New people2", "Changed1", "they go1", "As before10", "p12 · Person 12"):
        assert told in words
    assert "name: Person 3 → Corrected Name" in words
    with app.test_request_context():
        kept = {p.reference: p.public_id for p in db.session.scalars(select(Person))}
        assert len(kept) == 12
        assert "p5" in kept
    desk.submit(where, action="accept")
    with app.test_request_context():
        now = {p.reference: p for p in db.session.scalars(select(Person))}
        assert len(now) == 13
        assert "p5" not in now
        assert now["p3"].details["name"] == "Corrected Name"
        assert now["p3"].public_id == kept["p3"], "whoever is corrected stays the same person"


def test_a_file_that_was_taken_or_left_is_forgotten(app: Flask) -> None:
    with app.test_request_context():
        one = taken(people_csv())
        assert (one.state, one.key, one.source, one.found, one.plan) == (
            "done",
            b"",
            b"",
            None,
            None,
        )
        assert db.session.scalar(select(func.count()).select_from(StagedPerson)) == 0
        begun(people_csv(3))
        importing.leave(one=the_import())
        db.session.commit()
        assert (the_import().state, the_import().source) == ("failed", b"")


def test_a_waiting_file_goes_after_a_day(app: Flask) -> None:
    with app.test_request_context():
        begun(people_csv(3))
        old = clock.now() - importing.KEPT - timedelta(minutes=1)
        db.session.execute(update(PoolImport).values(created_at=old))
        db.session.commit()
        importing.tidy()
        assert the_import().source == b""


def test_what_changed_meanwhile_is_not_overwritten(app: Flask) -> None:
    with app.test_request_context():
        begun(people_csv(12))
        panel = db.session.scalars(select(Panel)).one()
        services.import_people(panel=panel, source=people_csv(20), actor=ACTOR)
        db.session.commit()
        with pytest.raises(Conflict, match="meanwhile"):
            importing.accept(one=the_import(), actor=ACTOR)
        assert len(references()) == 20


def test_a_lottery_holds_the_pool_against_a_file(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        begun(people_csv(30))
        lotteries.start_lottery(panel=panel, actor=ACTOR)
        db.session.commit()
        with pytest.raises(Conflict):
            importing.accept(one=the_import(), actor=ACTOR)


def test_a_lost_job_is_queued_again_and_a_dead_one_given_up(app: Flask) -> None:
    with app.test_request_context():
        begun(people_csv(12))
        long_ago = clock.now() - timedelta(hours=1)
        for state, then in (("to_check", "checked"), ("writing", "failed")):
            db.session.execute(update(PoolImport).values(state=state, beat_at=long_ago))
            db.session.commit()
            importing.tidy()
            db.session.expire_all()
            assert the_import().state == then
        assert references() == []


@pytest.mark.parametrize(("rule", "drawable"), [("leave", 24), ("exclude", 22)])
def test_no_answer_follows_the_rule_that_the_organiser_chose(
    app: Flask, rule: str, drawable: int
) -> None:
    lines = people_csv().splitlines()
    lines[3] = lines[3].removesuffix("Older")
    lines[4] = lines[4].removesuffix("Older") + "prefer not to say"
    with app.test_request_context():
        assert taken("\n".join(lines), silent=rule).state == "done"
        panel = db.session.scalars(select(Panel)).one()
        assert queries.pool_size(panel) == 24
        assert queries.drawable(panel) == drawable
        ages = [one.features["age"] for one in db.session.scalars(select(Person))]
        assert ages.count(NO_ANSWER) == 2
        lottery = lotteries.start_lottery(panel=panel, panels=100, actor=ACTOR)
        db.session.commit()
        lotteries.compute_lottery(lottery.public_id)
        db.session.expire_all()
        assert lottery.fault is None
        assert (lottery.state, lottery.pool_size) == ("proposed", drawable)
        assert sum(row["people"] for row in lottery.chances if row["feature"] == "age") == drawable


def test_the_phone_column_that_was_chosen_is_rung(app: Flask) -> None:
    pool = Pool(columns=["a", "b"], plan={"phone": ["b"]})
    assert calls.phones(pool) == ["b"]


def test_twenty_thousand_wrong_cells_are_one_sentence(app: Flask, desk: CheckedClient) -> None:
    where = upload_people(desk, {"text": people_csv(20_000).replace("Female", "F")})
    desk.submit(where, button="Read the file")
    page = desk.page(where)
    faults = next(e for e in page.iter("ol") if e.get("class") == "faults")
    assert len(list(faults)) == 1
    assert len(text_of(faults)) < 300


WRITER = """
import sys
from pathlib import Path
from panel_app.app import create_app
from panel_app.recruitment.importing import services, writing
from tests.conftest import settings_for

app = create_app(settings_for(sys.argv[1], Path(sys.argv[2])))
writing.BITE = 10
with app.app_context():
    services.write_people(sys.argv[3])
"""


def test_killed_in_the_middle_the_old_pool_stays(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context():
        taken(people_csv(12))
        begun(people_csv(3_000).replace("Person 3,", "Other,"))
        before = [(p.public_id, p.details) for p in db.session.scalars(select(Person))]
        public_id = the_import().public_id
        db.session.execute(update(PoolImport).values(state="to_write"))
        db.session.commit()
        url = db.engine.url.render_as_string(hide_password=False)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(tmp_path), public_id], cwd=ROOT
    )
    staged = 0
    while staged < 50 and writer.poll() is None:
        time.sleep(0.01)
        with app.app_context(), reading():
            staged = db.session.scalar(select(func.count()).select_from(StagedPerson)) or 0
            db.session.remove()
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    with app.test_request_context():
        assert the_import().state == "writing", "it was killed in the middle"
        assert [(p.public_id, p.details) for p in db.session.scalars(select(Person))] == before
        long_ago = clock.now() - importing.SILENCE - timedelta(seconds=1)
        db.session.execute(update(PoolImport).values(beat_at=long_ago))
        db.session.commit()
        importing.tidy()
        assert the_import().fault == "interrupted"
        assert db.session.scalar(select(func.count()).select_from(StagedPerson)) == 0
        assert taken(people_csv(30)).state == "done"
        assert len(references()) == 30


CELLS = st.text("abc", max_size=2)
ROWS = st.dictionaries(st.sampled_from(["1", "2", "3", "4"]), st.tuples(CELLS, CELLS))


@given(before=ROWS, after=ROWS, registered=st.sets(st.sampled_from(["1", "2", "3", "4"])))
def test_a_file_taken_leaves_exactly_its_people_and_those_who_registered(
    before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]], registered: set[str]
) -> None:
    def home(cells: Any) -> str | None:
        return cells["home"] or None

    kept = [
        Kept(int(one), one, {"f": f}, h or None, {"home": h}, one not in registered)
        for one, (f, h) in before.items()
    ]
    read = [ReadPerson(one, (f,), None, {"home": h}) for one, (f, h) in after.items()]
    changes = compare(kept, read, ("f",), home)
    now = {one.reference: (one.features["f"], one.details["home"]) for one in kept}
    for gone in changes.gone:
        del now[gone.reference]
    for one in changes.new:
        now[one.id] = (one.values[0], one.kept["home"])
    for _kept, one in changes.changed:
        now[one.id] = (one.values[0], one.kept["home"])
    stay = {one: before[one] for one in before if one in registered}
    assert now == {**after, **stay}
    assert changes.moved == []
    again = compare(_as_kept(now, registered), read, ("f",), home)
    assert again.counts() | {"same": 0, "registered": 0} == dict.fromkeys(again.counts(), 0)


def _as_kept(now: dict[str, tuple[str, str]], registered: set[str]) -> list[Kept]:
    return [
        Kept(int(one), one, {"f": f}, h or None, {"home": h}, one not in registered)
        for one, (f, h) in now.items()
    ]
