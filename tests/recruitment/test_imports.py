"""Importing targets and people: real files, every fault, nothing half-imported."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from panel_app.core.db import Base, db
from panel_app.core.errors import Conflict, FaultyFile, Refused
from panel_app.panels.models import Panel
from panel_app.recruitment import pool_files, queries, services
from panel_app.recruitment.desk.faults import SENTENCES, fault_words
from panel_app.recruitment.models import Person, Target
from sortition.faults import Fault
from sortition.messages import ENGLISH
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.importing import import_by_pages, upload_people
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, TARGETS, make_lottery, make_pool, people_csv
from tests.factories.staff import make_user
from tests.sortition.workbooks import xlsx

POOLS = Path(__file__).parents[2] / ".." / "shared" / "data" / "pools"
real_files = pytest.mark.skipif(not POOLS.is_dir(), reason="the real pools are not on this machine")
POOL = ("person", "pool", "target", "staged_person")
SMALL_TARGETS = "category,feature,min,max\ngender,female,1,2\ngender,male,1,2\n"
SMALL_PEOPLE = "gender\nfemale\nmale\nFemale\n male \n"


def contents() -> dict[str, list[str]]:
    """Return every row of every table, without the audit log."""
    return {
        table.name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        for table in Base.metadata.sorted_tables
    }


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return an organiser's browser; the panel of 6 is at /desk/hillgrove/."""
    with app.test_request_context():
        make_panel(slug="hillgrove", size=6)
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def upload(name: str, content: bytes) -> dict[str, Any]:
    return {"file": (io.BytesIO(content), name)}


@real_files
@pytest.mark.parametrize(
    ("folder", "size", "targets", "people", "count", "values"),
    [
        ("fixture_150_22", 22, "features.csv", "candidates.csv", 150, 20),
        ("example_small_20", 20, "categories.csv", "respondents.csv", 200, 4),
        ("example_large_200", 200, "categories.csv", "respondents.csv", 2000, 4),
    ],
)
def test_real_pools_are_imported_unchanged(
    app: Flask, folder: str, size: int, targets: str, people: str, count: int, values: int
) -> None:
    with app.test_request_context():
        panel = make_panel(size=size)
        read = POOLS / folder
        services.import_targets(panel=panel, source=(read / targets).read_bytes(), actor=ACTOR)
        services.import_people(panel=panel, source=(read / people).read_bytes(), actor=ACTOR)
        assert queries.preparation(panel).targets == values
        assert queries.pool_size(panel) == count


def test_file_without_id_column_is_numbered(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=2)
        services.import_targets(panel=panel, source=SMALL_TARGETS, actor=ACTOR)
        services.import_people(panel=panel, source=SMALL_PEOPLE, actor=ACTOR)
        people = db.session.scalars(select(Person).order_by(Person.id)).all()
        assert [person.reference for person in people] == ["1", "2", "3", "4"]
        assert [p.features["gender"] for p in people] == ["female", "male", "female", "male"]
        pool = queries.pool_of(panel)
        assert pool is not None
        assert pool.address_columns == []


@pytest.mark.parametrize(
    "header", ["feature,value,min,max", "category,name,min,max", "Category,Feature,MIN,Max"]
)
def test_all_three_headers_are_read(app: Flask, header: str) -> None:
    with app.test_request_context():
        panel = make_panel(size=2)
        rows = SMALL_TARGETS.split("\n", 1)[1]
        services.import_targets(panel=panel, source=f"{header}\n{rows}", actor=ACTOR)
        assert queries.preparation(panel).targets == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_spreadsheets_are_read(app: Flask, encoding: str) -> None:
    people = "id,name,gender\n1,Zoë Müller,female\n2,José,male\n"
    with app.test_request_context():
        panel = make_panel(size=2)
        services.import_targets(panel=panel, source=SMALL_TARGETS.encode(encoding), actor=ACTOR)
        services.import_people(panel=panel, source=people.encode(encoding), actor=ACTOR)
        names = {person.details["name"] for person in db.session.scalars(select(Person))}
        assert names == {"Zoë Müller", "José"}


def test_every_fault_is_said_with_row_and_column(app: Flask) -> None:
    bad = "id,gender\na,female\na,male\n,male\nb,robot\nc,\nd,robot\ne,robot\n"
    with app.test_request_context():
        panel = make_panel(size=2)
        services.import_targets(panel=panel, source=SMALL_TARGETS, actor=ACTOR)
        with pytest.raises(FaultyFile) as refusal:
            services.import_people(panel=panel, source=bad, actor=ACTOR)
    said = "\n".join(refusal.value.faults)
    for words in ("Row 4, column id", "Rows 5, 7–8, column gender", "Row 6, column gender", "2, 3"):
        assert words in said


HOSTILE = {
    "empty": b"",
    "only a header": b"id,gender\n",
    "an Excel file under another name": b"PK\x03\x04" + b"\0" * 500,
    "an old Excel file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a null character": b"id,name,gender\n1,a\0b,female\n",
    "a cell of a megabyte": b"id,name,gender\n1," + b"x" * 1_000_000 + b",female\n",
    "an open quotation mark": b'id,name,gender\n1,"abc,female\n2,d,male\n',
    "a column twice": b"id,gender,gender\n1,female,male\n",
    "a missing column": b"id,name\n1,Ann\n",
    "people with one id": b"id,name,gender\n1,Ann,female\n1,Bob,male\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_changes_nothing_and_says_why(
    app: Flask, desk: CheckedClient, content: bytes
) -> None:
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        panel.size = 2
        db.session.commit()
        services.import_targets(panel=panel, source=SMALL_TARGETS, actor=ACTOR)
        services.import_people(panel=panel, source=SMALL_PEOPLE, actor=ACTOR)
        db.session.commit()
        before = contents()
    answer = desk.submit("/desk/hillgrove/people", upload("people.csv", content))
    if answer.status_code == 303:
        where = answer.headers["Location"]
        told = desk.submit(where, button="Read the file", follow=True).text
        assert 'id="faults"' in told or 'id="errors"' in told
        desk.submit(where, action="leave")
    else:
        assert answer.status_code == 422
        assert 'id="errors"' in answer.text
    with app.test_request_context():
        now = contents()
        assert {name: now[name] for name in POOL} == {name: before[name] for name in POOL}


def test_bad_file_stays_in_the_form_for_correction(desk: CheckedClient) -> None:
    bad = TARGETS.replace("2,4", "5,4", 1)
    answer = desk.submit("/desk/hillgrove/targets", upload("ours.csv", bad.encode()))
    assert answer.status_code == 422
    assert "ours.csv" in answer.text
    assert "gender,Female,5,4" in answer.text
    assert "Row 2" in answer.text
    corrected = desk.submit("/desk/hillgrove/targets", {"text": TARGETS})
    assert corrected.status_code == 303


def test_large_file_with_faults_is_corrected_elsewhere(desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/targets", {"text": TARGETS})
    large = people_csv(2_000).replace("Female", "Fem", 1)
    where = upload_people(desk, upload("ours.csv", large.encode()))
    desk.submit(where, button="Read the file")
    answer = desk.get(where)
    assert "ours.csv" in answer.text
    assert "Row 2, column gender" in answer.text
    assert "Correct the rows here" not in answer.text


def test_pasted_rows_stay(desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/targets", {"text": TARGETS})
    where = upload_people(desk, {"text": people_csv(900) + "last,,,,,,"})
    desk.submit(where, button="Read the file")
    answer = desk.get(where)
    assert "Person 899" in answer.text
    assert "last,,,,,," in answer.text


def test_whole_way_of_an_upload_through_the_browser(app: Flask, desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/targets", upload("t.csv", TARGETS.encode()))
    import_by_pages(desk, upload("p.csv", people_csv().encode()), home_3="")
    page = desk.page("/desk/hillgrove/people/columns")
    ticked = [f.get("value") for f in page.iter("input") if f.get("checked") is not None]
    assert ticked == ["name", "street"]
    words = text_of(desk.page("/desk/hillgrove/people"))
    assert "People in the pool24" in words
    assert "people12 · at most one of each is drawn" in words
    cards = text_of(desk.page("/desk/hillgrove/"))
    assert "24 people are in the pool." in cards
    assert "4 targets are set." in cards


def test_columns_are_guessed_for_the_organiser_to_confirm() -> None:
    columns = [
        "first_name",
        "Last name",
        "surname",
        "username",
        "email",
        "email_address",
        "mobile_number",
        "primary_address1",
        "primary_city",
        "primary_zip",
        "Post code",
        "household id",
        "language",
    ]
    assert pool_files.guess_names(columns) == ["first_name", "Last name", "surname"]
    assert pool_files.guess_addresses(columns) == [
        "primary_address1",
        "primary_city",
        "primary_zip",
        "Post code",
    ]


def test_unknown_column_is_refused(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        with pytest.raises(Refused):
            services.choose_columns(
                panel=panel, name_columns=["name"], address_columns=["nothing"], actor=ACTOR
            )


def test_names_and_addresses_are_sealed(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        db.session.commit()
        kept = repr([tuple(row) for row in db.session.execute(text("SELECT * FROM person"))])
        assert "Canary Row" not in kept
        assert "Person 1" not in kept
        person = db.session.scalars(select(Person).where(Person.reference == "p3")).one()
        assert person.details["street"] == "1 Canary Row"
        homes = select(func.count(func.distinct(Person.household)))
        assert db.session.scalar(homes) == 12


def test_import_again_replaces_cleanly(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        services.import_people(panel=panel, source=people_csv(30), actor=ACTOR)
        assert queries.pool_size(panel) == 30
        pool = queries.pool_of(panel)
        assert pool is not None
        assert pool.address_columns == ["street"], "what was said of the last file holds"
        services.import_targets(panel=panel, source=TARGETS.replace("2,4", "1,5", 1), actor=ACTOR)
        assert db.session.scalar(select(func.count()).select_from(Target)) == 4
        assert queries.pool_size(panel) == 30


def test_other_features_need_other_people(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        other = TARGETS.replace("Younger", "Young")
        with pytest.raises(Refused):
            services.import_targets(panel=panel, source=other, actor=ACTOR)
        services.import_targets(panel=panel, source=other, drop_people=True, actor=ACTOR)
        assert queries.pool_size(panel) == 0


def test_targets_must_fit_the_panel(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=60)
        with pytest.raises(FaultyFile) as refusal:
            services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
        assert "maximums of gender" in refusal.value.faults[0]


def test_people_need_targets(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Refused):
        services.import_people(panel=make_panel(), source=people_csv(), actor=ACTOR)


def test_committed_lottery_fixes_its_inputs(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        make_lottery(panel)
        for change in (
            lambda: services.import_targets(panel=panel, source=TARGETS, actor=ACTOR),
            lambda: services.import_people(panel=panel, source=people_csv(), actor=ACTOR),
            lambda: services.choose_columns(
                panel=panel, name_columns=[], address_columns=[], actor=ACTOR
            ),
        ):
            with pytest.raises(Conflict):
                change()


def test_other_panels_keep_their_own(app: Flask) -> None:
    with app.test_request_context():
        one, other = make_panel(size=6), make_panel(size=6)
        make_pool(one)
        make_pool(other, people=12)
        assert (queries.pool_size(one), queries.pool_size(other)) == (24, 12)
        homes = {
            panel.id: set(
                db.session.scalars(select(Person.household).where(Person.panel_id == panel.id))
            )
            for panel in (one, other)
        }
        assert not homes[one.id] & homes[other.id], "one address gives two panels two indexes"


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20
) | st.sampled_from(["Female", "Male", "Younger", "Older", "p1", "=1+1", "\0", '"', "'", ","])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6),
    header=st.lists(st.sampled_from(["id", "name", "gender", "age", ""]), min_size=1, max_size=5),
    raw=st.booleans(),
)
def test_import_with_a_fault_leaves_the_database_as_it_was(
    app: Flask, rows: list[list[str]], header: list[str], raw: bool
) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([header, *rows])
    plain = "\n".join(",".join(row) for row in [header, *rows])
    source = (plain if raw else written.getvalue()).encode()
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).first()
        if panel is None:
            panel = make_panel(size=6)
            make_pool(panel)
            db.session.commit()
        before = contents()
        for imported in (services.import_people, services.import_targets):
            try:
                imported(panel=panel, source=source, actor=ACTOR)
            except (FaultyFile, Refused):
                db.session.flush()
                assert contents() == before
            db.session.rollback()


def test_addresses_are_alike_cell_by_cell(app: Flask) -> None:
    people = "id,flat,street,gender\n1,1,2 High Street,female\n2,1 2,High Street,male\n"
    people += "3,1,2 HIGH  street ,male\n4,,,male\n5,,,female\n"
    with app.test_request_context():
        panel = make_panel(size=2)
        services.import_targets(panel=panel, source=SMALL_TARGETS, actor=ACTOR)
        services.import_people(
            panel=panel, source=people, address_columns=["flat", "street"], actor=ACTOR
        )
        homes = dict(db.session.execute(select(Person.reference, Person.household)).all())
        assert homes["1"] == homes["3"] != homes["2"]
        assert (homes["4"], homes["5"]) == (None, None)


@pytest.mark.parametrize(
    ("targets", "people"),
    [
        (SMALL_TARGETS, f"id,gender\n{'x' * 121},female\nb,male\n"),
        (SMALL_TARGETS.replace("gender", "g" * 121), ""),
        (SMALL_TARGETS.replace("female", "f" * 201), ""),
    ],
)
def test_texts_longer_than_their_columns_are_faults(app: Flask, targets: str, people: str) -> None:
    with app.test_request_context():
        panel = make_panel(size=2)
        with pytest.raises(FaultyFile) as refusal:
            _import(panel, targets, people)
        assert ("Row 2, column id" in refusal.value.faults[0]) == bool(people)
        assert "characters; the longest allowed is" in refusal.value.faults[0]


def _import(panel: Panel, targets: str, people: str) -> None:
    services.import_targets(panel=panel, source=targets, actor=ACTOR)
    services.import_people(panel=panel, source=people, actor=ACTOR)


def test_every_fault_of_the_library_has_a_sentence_of_ours() -> None:
    ours = {code: str(sentence).replace("’", "'") for code, sentence in SENTENCES.items()}
    assert ours == ENGLISH


def test_what_a_file_says_is_kept_apart_from_the_sentence(app: Flask) -> None:
    fault = Fault(
        "unknown_value", "people", 2, "الجنس", {"value": "x", "feature": "ذكر", "known": "a"}
    )
    with app.test_request_context("/?l=en"):
        [said] = fault_words([fault])
        assert said.startswith("Row 2, column \u2068الجنس\u2069: “x” is not")
        assert "of \u2068ذكر\u2069 (a)" in said
    with app.test_request_context("/?l=ar"):
        assert "\u2068x\u2069" in fault_words([fault])[0]


def test_what_an_import_left_out_is_said(desk: CheckedClient) -> None:
    skipped = TARGETS + "notes,nobody,,\n"
    desk.submit("/desk/hillgrove/targets", {"text": skipped})
    assert (
        "Row 6: This row has no minimum and was skipped."
        in desk.get("/desk/hillgrove/targets").text
    )
    twice = people_csv() + "\n".join(people_csv().splitlines()[1:9])
    where = upload_people(desk, {"text": twice})
    words = text_of(parse(desk.submit(where, button="Read the file", follow=True).text))
    assert "New people24" in words
    assert "Row 26: The rows 2, 26 are identical and count as one person." in words


@pytest.mark.parametrize(("encoding", "warned"), [("utf-8", False), ("cp1252", True)])
def test_guessed_letters_are_to_be_looked_at(
    desk: CheckedClient, encoding: str, warned: bool
) -> None:
    desk.submit("/desk/hillgrove/targets", {"text": TARGETS})
    people = people_csv().replace("Person 1,", "Zoë,").replace("বাংলা", "bn").encode(encoding)
    where = upload_people(desk, upload("people.csv", people))
    assert ("was not in UTF-8" in desk.get(where).text) == warned


def test_whom_a_column_leaves_out_is_asked_before_anything_is_imported(desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/targets", {"text": SMALL_TARGETS.replace("1,2", "1,5")})
    people = "id,gender,status\n" + "".join(
        f"{n},{'fe' * (n % 2)}male,{'withdrawn' if n < 3 else 'ready'}\n" for n in range(12)
    )
    for left_out, number in (({"left_out": ["status\twithdrawn"]}, 9), ({}, 12)):
        where = upload_people(desk, {"text": people})
        asked = desk.submit(where, button="Read the file", follow=True)
        words = text_of(parse(asked.text))
        assert "withdrawn · 3" in words
        assert "ready · 9" in words
        desk.submit(where, left_out, button="Read the file")
        assert desk.submit(where, action="accept").status_code == 303
        assert f"People in the pool{number}" in text_of(desk.page("/desk/hillgrove/people"))


def test_a_line_break_in_an_address_makes_no_other_household(app: Flask) -> None:
    people = (
        'id,street,gender\n1,"Flat 2\n10 High Street",female\n2,flat 2 10 High  Street,male\n'
        "3,10 High St Flat 2,male\n"
    )
    with app.test_request_context():
        panel = make_panel(size=2)
        services.import_targets(panel=panel, source=SMALL_TARGETS, actor=ACTOR)
        services.import_people(panel=panel, source=people, actor=ACTOR)
        likely = services.choose_columns(
            panel=panel, name_columns=[], address_columns=["street"], actor=ACTOR
        )
        homes = [person.household for person in db.session.scalars(select(Person))]
        assert len(set(homes)) == 2
        assert likely == [["1", "2", "3"]]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize(("lines", "width"), [(900_000, 2), (3_000, 900)])
def test_file_larger_than_a_pool_is_refused_at_once(lines: int, width: int, mark: str) -> None:
    content = ("x" + mark * width + "\n").encode() * lines
    began = time.process_time()
    with pytest.raises(FaultyFile, match="At most"):
        pool_files.read_target_file(content, 20)
    assert time.process_time() - began < 1


def test_workbooks_are_uploaded_as_they_are(app: Flask, desk: CheckedClient) -> None:
    with app.test_request_context():
        db.session.scalars(select(Panel)).one().size = 2
        db.session.commit()
    targets, people = (
        xlsx({"Sheet1": [line.split(",") for line in text.splitlines()], "Notes": [["x"]]})
        for text in (SMALL_TARGETS, SMALL_PEOPLE)
    )
    answer = desk.submit("/desk/hillgrove/targets", upload("targets.xlsx", targets))
    assert answer.status_code == 303, text_of(parse(answer.text))
    assert "Sheet1" in text_of(desk.page("/desk/hillgrove/targets"))
    import_by_pages(desk, upload("people.xlsx", people))
    with app.test_request_context():
        assert len(db.session.scalars(select(Person)).all()) == len(SMALL_PEOPLE.splitlines()) - 1


def test_a_file_is_read_before_anything_is_held(
    app: Flask, desk: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = pool_files.read_people_file

    def slowly(*arguments: Any) -> Any:
        # Meanwhile somebody else writes, which they could not while the panel was held.
        with app.test_request_context():
            panel = db.session.scalars(select(Panel)).one()
            services.import_targets(
                panel=panel, source=SMALL_TARGETS.replace("1,2", "0,2"), actor=ACTOR
            )
            db.session.commit()
        return read(*arguments)

    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        panel.size = 2
        db.session.commit()
        services.import_targets(panel=panel, source=SMALL_TARGETS, actor=ACTOR)
        db.session.commit()
    monkeypatch.setattr(pool_files, "read_people_file", slowly)
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        with pytest.raises(Conflict, match="meanwhile"):
            services.import_people(panel=panel, source=SMALL_PEOPLE, actor=ACTOR)
