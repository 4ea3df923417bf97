"""Grants as 360Giving data: what the standard asks, what it lets through, and nobody's name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.grants import account, three_sixty
from panel_app.grants.models import Application, Award, Programme
from panel_app.panels.models import Panel
from tests.checked_client import CheckedClient
from tests.grants.conftest import Scene
from tests.grants.test_past_awards import HEAD, past_list, read
from tests.grants.test_register import decided

#: The published schema and its closed lists, beside the repository where they are at hand.
SCHEMA = Path(__file__).parents[2] / ".." / "shared" / "data" / "360giving"
REQUIRED = {
    "id",
    "title",
    "description",
    "currency",
    "amountAwarded",
    "awardDate",
    "fundingOrganization",
}
WHO = {"name": "Zubaida Quennell", "contact": "zubaida@example.org"}
HOSTILE = '=HYPERLINK("//x.example")<script>\u202etfel'


@pytest.fixture
def given(app: Flask, scene: Scene) -> Iterator[dict[str, Any]]:
    """Return the package of a panel with grants of each kind, 350 of them from before."""
    with app.test_request_context():
        read(scene, past_list())
        read(
            scene,
            HEAD + "X-1,2024-02-03,120.50,organisation,Lunch club,,Bow,Bow Tea,GB-CHC-1000001",
        )
        for kind, title in (("individual", "Mine"), ("group", HOSTILE), ("organisation", "Bikes")):
            decided(
                scene,
                "fund",
                asks=120_050,
                kind={"kind": kind},
                title={"title": title},
                contact=WHO,
            )
        db.session.flush()
        yield three_sixty.package(db.session.get_one(Panel, scene.panel))


def test_every_grant_has_what_the_standard_asks(given: dict[str, Any], scene: Scene) -> None:
    grants = given["grants"]
    assert len(grants) == 354
    assert len({grant["id"] for grant in grants}) == len(grants)
    for grant in grants:
        assert grant.keys() >= REQUIRED
        assert ("recipientIndividual" in grant) != ("recipientOrganization" in grant)
        assert ("toIndividualsDetails" in grant) == ("recipientIndividual" in grant)
        assert grant["amountAwarded"] > 0
    programme = db.session.get_one(Programme, scene.programme)
    total = sum(round(grant["amountAwarded"] * 100) for grant in grants)
    assert total == account.account_of(programme).amount


def test_nobodys_name_or_contact_is_found_in_it(given: dict[str, Any]) -> None:
    whole = json.dumps(given, ensure_ascii=False).casefold()
    for application in db.session.scalars(select(Application)):
        for told in ("name", "contact"):
            assert str(application.answers[told]).casefold() not in whole
    assert "mine" not in {grant["title"].casefold() for grant in given["grants"]}


def test_a_title_with_somebodys_name_is_left_out(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        read(scene, HEAD + "X-1,2024-02-03,90,group,For Zubaida Quennell,,,,")
        decided(scene, "fund", kind={"kind": "individual"}, contact=WHO)
        package = three_sixty.package(db.session.get_one(Panel, scene.panel))
        assert "Quennell" not in json.dumps(package)
        assert len(package["grants"]) == 2


def test_what_was_annulled_is_not_given(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        decided(scene, "fund")
        award = db.session.scalars(select(Award)).one()
        award.state, award.freed, award.annulled_at = "annulled", award.amount, clock.now()
        db.session.flush()
        assert three_sixty.package(db.session.get_one(Panel, scene.panel))["grants"] == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "360G-x/1"}, "id"),
        ({"amountAwarded": 0}, "amount"),
        ({"currency": "GBX"}, "amount"),
        ({"awardDate": "2999-01-01"}, "awardDate"),
        ({"recipientOrganization": [{"id": "x", "name": "x"}]}, "recipient"),
        ({"recipientIndividual": {"id": "x", "name": "Ada Byron"}}, "recipient"),
        ({"toIndividualsDetails": {"primaryGrantReason": "GTIR999"}}, "codes"),
        ({"toIndividualsDetails": {"grantPurpose": ["GTIP999"]}}, "codes"),
    ],
)
def test_what_the_schema_lets_through_is_left_out(
    given: dict[str, Any], change: dict[str, Any], fault: str
) -> None:
    sound = next(grant for grant in given["grants"] if "recipientIndividual" in grant)
    assert list(three_sixty.faults(sound)) == []
    assert list(three_sixty.faults({**sound, **change})) == [fault]
    assert three_sixty.sound([{**sound, **change}]) == []


def test_files_are_read_back_alike(
    app: Flask, given: dict[str, Any], client: CheckedClient, scene: Scene
) -> None:
    db.session.commit()
    address = f"/p/{scene.slug}/data/360giving"
    package = json.loads(client.get(f"{address}.json").get_data(as_text=True))
    assert package["grants"] == given["grants"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{address}.csv").data.decode("utf-8-sig"))))
    assert [row["Identifier"] for row in rows] == [g["id"] for g in given["grants"]]
    amounts = [round(float(row["Amount Awarded"]) * 100) for row in rows]
    assert amounts == [round(grant["amountAwarded"] * 100) for grant in given["grants"]]


@pytest.mark.skipif(not SCHEMA.exists(), reason="the 360Giving schema is not beside the repository")
def test_it_validates_against_the_published_schema(given: dict[str, Any]) -> None:
    grant = json.loads((SCHEMA / "360-giving-schema.json").read_text())
    package = json.loads((SCHEMA / "360-giving-package-schema.json").read_text())
    package["properties"]["grants"]["items"] = {"$ref": "urn:grant"}
    for schema in (grant, package):
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    registry: Registry[Any] = Registry().with_resource("urn:grant", Resource.from_contents(grant))
    check = Draft202012Validator(
        package, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    assert [error.message for error in check.iter_errors(given)] == []
    broken = {**given, "grants": [{**given["grants"][0], "amountAwarded": "120"}]}
    assert list(check.iter_errors(broken))
