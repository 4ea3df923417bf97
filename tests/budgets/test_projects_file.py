"""A pot's projects leave as a list and come back corrected, whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from panel_app.budgets import projects_file, services
from panel_app.budgets.models import Pot, Project
from panel_app.core.db import db
from panel_app.core.errors import FaultyFile
from panel_app.core.translated import Translated
from panel_app.web.exports import csv_file
from tests.checked_client import CheckedClient, text_of
from tests.factories.budgets import make_pot
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

ACTOR = "staff:test"
HEAD = "title_en,summary_en,cost,line"


@pytest.fixture
def pot(app: Flask) -> Iterator[Pot]:
    """Return a pot with the five projects of the estate, in a request that can show forms."""
    with app.test_request_context():
        made = make_pot(make_panel())
        db.session.commit()
        yield made


def read(pot: Pot, source: bytes | str) -> tuple[int, int]:
    done = projects_file.read(pot=pot, source=source, actor=ACTOR)
    db.session.commit()
    db.session.expire_all()
    return done.added, done.changed


def faults_of(pot: Pot, source: str) -> list[str]:
    before = [(one.title, one.cost) for one in pot.projects]
    with pytest.raises(FaultyFile) as refused:
        projects_file.read(pot=pot, source=source, actor=ACTOR)
    db.session.rollback()
    assert [(one.title, one.cost) for one in pot.projects] == before
    return refused.value.faults


def the_list(pot: Pot) -> list[dict[str, str]]:
    written = csv_file(projects_file.rows(pot), projects_file.columns(pot))
    return list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))


def test_the_list_read_back_as_it_is_changes_nothing(pot: Pot) -> None:
    written = csv_file(projects_file.rows(pot), projects_file.columns(pot)).encode()
    assert read(pot, written) == (0, 0)


def test_an_empty_pot_offers_a_sample_that_can_be_read(pot: Pot) -> None:
    for project in list(pot.projects):
        db.session.delete(project)
    db.session.commit()
    sample = csv_file(projects_file.sample(), projects_file.columns(pot)).encode()
    assert read(pot, sample) == (2, 0)
    assert sorted(one.cost for one in pot.projects) == [95050, 180000]


def test_a_corrected_list_changes_what_was_corrected(pot: Pot) -> None:
    rows, line = the_list(pot), pot.projects[0].line
    rows[0]["cost"], rows[1]["title_bn"] = "£12,345.50", "নতুন নাম"
    assert read(pot, csv_file(rows, list(rows[0]))) == (0, 2)
    assert pot.projects[0].cost == 12_345_50
    assert pot.projects[1].title.only_in("bn") == "নতুন নাম"
    assert pot.projects[0].line == line


def test_two_hundred_projects_come_in_at_once_and_a_second_time_none(pot: Pot) -> None:
    lines = [f"Bench {n},A bench,{100 + n},Green spaces" for n in range(200)]
    source = "\n".join([HEAD, *lines])
    assert read(pot, source) == (200, 0)
    assert read(pot, source) == (0, 0)
    assert [one.position for one in pot.projects] == list(range(1, 206))


def test_a_column_that_is_missing_leaves_what_is_there(pot: Pot) -> None:
    known = pot.projects[0]
    services.change_project(
        project=known,
        title=known.title,
        summary=known.summary,
        cost=known.cost,
        council_cost=known.council_cost,
        line=known.line,
        goal=Translated.of(en="Fewer falls"),
        actor=ACTOR,
    )
    name, line = str(known.title), known.line
    assert read(pot, f"title_en,summary_en,cost\n{name},Other words,9000") == (0, 1)
    assert (str(known.goal), known.line, known.cost) == ("Fewer falls", line, 9000_00)


def test_every_fault_of_a_list_is_said_with_its_rows(pot: Pot) -> None:
    rows = ["A,A thing,10 50,", "B,,0,", "C,A thing,5,Roads", "D,A thing,5,Roads", "E,A thing,5,"]
    told = faults_of(pot, "\n".join([HEAD, *rows, "E,A thing,6,"]))
    assert told[0].startswith("Row 2: cost: ")
    assert told[1].startswith("Row 3: summary_en: ")
    assert told[2] == "Rows 4–5: There is no service line “Roads” in this pot."
    assert told[3] == "Row 7: This project stands in the list more than once."


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("title_en,cost\nA,5", "The column summary_en is missing."),
        ("title_en,summary_en,cost\n", "There is nothing below the header."),
        ("project,title_en,summary_en,cost\nnobody,A,B,5", "There is no project nobody"),
        ("", "empty"),
    ],
)
def test_a_list_that_is_none_is_refused_in_words(pot: Pot, source: str, says: str) -> None:
    assert says in " ".join(faults_of(pot, source))


def test_projects_of_one_title_are_told_apart_by_identifier_alone(pot: Pot) -> None:
    twin = services.add_project(
        pot=pot, title=Translated.of(en="Twin"), summary=Translated.of(en="x"), cost=1, actor=ACTOR
    )
    services.add_project(
        pot=pot, title=Translated.of(en="Twin"), summary=Translated.of(en="x"), cost=1, actor=ACTOR
    )
    db.session.commit()
    assert "Several have this name" in faults_of(pot, f"{HEAD}\nTwin,x,2,")[0]
    named = f"project,{HEAD}\n{twin.public_id},Twin,x,2,"
    assert read(pot, named) == (0, 1)
    assert db.session.get_one(Project, twin.id).cost == 2_00


def test_an_organiser_sends_the_list_and_reads_what_is_wrong(
    app: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.app_context():
        panel = make_panel()
        address = f"/desk/{panel.slug}/pots/{make_pot(panel).public_id}"
        email = make_user("organiser", panel).email
        db.session.commit()
    client = sign_in(email)
    assert "title_en" in client.get(f"{address}/projects.csv").text
    wrong = client.submit(f"{address}/projects/file", {"text": f"{HEAD}\nA,A thing,much,"})
    assert (wrong.status_code, "Row 2: cost:" in wrong.text) == (422, True)
    assert "A,A thing,much," in wrong.text
    client.submit(f"{address}/projects/file", {"text": f"{HEAD}\nA,A thing,5,"})
    assert "1 added, 0 changed." in text_of(client.page(address))
