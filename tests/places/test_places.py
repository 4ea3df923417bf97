"""The tree of places: narrower ones lie in wider ones, and nothing is removed from under others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.translated import Translated
from panel_app.places import queries, services
from panel_app.places.models import KINDS, Place, PlaceKind
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.staff import make_user


def add(kind: PlaceKind, name: str, parent: Place | None = None) -> Place:
    named = Translated.of(en=name, bn=f"{name} (bn)")
    return services.add_place(kind=kind, name=named, parent=parent, actor="system")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parent", KINDS)
def test_place_lies_in_a_wider_one_only(app: Flask, kind: PlaceKind, parent: PlaceKind) -> None:
    with app.test_request_context():
        outer = add(parent, "Outer")
        if KINDS.index(parent) < KINDS.index(kind):
            inner = add(kind, "Inner", outer)
            assert inner.path == [outer, inner]
        else:
            with pytest.raises(Refused):
                add(kind, "Inner", outer)


def test_tree_names_each_place_after_what_it_lies_in(app: Flask) -> None:
    with app.test_request_context():
        borough = add("borough", "Hillgrove")
        estate = add("estate", "Garage path", borough)
        for name in ("Block B", "Block A"):
            add("block", name, estate)
        add("ward", "North", borough)
        told = [(b.depth, b.place.name.in_language("en").text) for b in queries.tree()]
    assert told == [
        (0, "Hillgrove"),
        (1, "North"),
        (1, "Garage path"),
        (2, "Block A"),
        (2, "Block B"),
    ]


def test_place_that_something_lies_in_stays(app: Flask) -> None:
    with app.test_request_context():
        borough = add("borough", "Hillgrove")
        estate = add("estate", "Garage path", borough)
        with pytest.raises(Refused, match="lies there"):
            services.remove_place(place=borough, actor="system")
        make_panel().area = estate
        db.session.flush()
        with pytest.raises(Refused, match="lies there"):
            services.remove_place(place=estate, actor="system")


def test_place_cannot_become_narrower_than_what_lies_in_it(app: Flask) -> None:
    with app.test_request_context():
        borough = add("borough", "Hillgrove")
        add("ward", "North", borough)
        with pytest.raises(Refused) as refused:
            services.change_place(
                place=borough, kind="ward", name=borough.name, parent=None, actor="system"
            )
    assert refused.value.field == "kind"


def test_organiser_makes_the_tree_and_gives_a_panel_its_place(
    app: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.app_context():
        slug, email = make_panel().slug, make_user("organiser").email
        db.session.commit()
    desk = sign_in(email)
    assert "Begin with the widest" in text_of(desk.page("/desk/places"))
    desk.submit("/desk/places/new", {"name_en": "Hillgrove", "name_ar": "هيلغروف"})
    with app.app_context():
        code = db.session.query(Place).one().public_id
    desk.submit(f"/desk/{slug}/edit", {"area": code})
    assert "Something lies there still" in desk.submit(f"/desk/places/{code}/remove").text
    assert "Hillgrove" in text_of(desk.page(f"/p/{slug}/"))
    desk.submit(f"/desk/{slug}/edit", {"area": ""})
    assert desk.submit(f"/desk/places/{code}/remove").status_code == 303
