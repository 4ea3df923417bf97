"""Targets typed in rows: checked before they are kept, in people or per cent, copied."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.recruitment import services
from sortition.faults import InputFaults
from sortition.targets import from_census, size_faults
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, TARGETS
from tests.factories.staff import make_user

EDIT = "/desk/hillgrove/targets/edit"
TYPED = {
    "feature_0": "Gender", "value_0": "Women", "min_0": "45 %", "max_0": "55%",
    "value_1": "Men", "min_1": "9", "max_1": "12",
}  # fmt: skip


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    with app.test_request_context():
        make_panel(slug="hillgrove", size=22)
        other = make_panel(slug="other", size=6)
        services.import_targets(panel=other, source=TARGETS, actor=ACTOR)
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def test_typed_rows_are_kept_with_per_cent_as_people(desk: CheckedClient) -> None:
    assert desk.submit(EDIT, {**TYPED, "press": "save"}, button="Keep").status_code == 303
    words = text_of(desk.page("/desk/hillgrove/targets"))
    assert "Women913" in words
    assert "Men912" in words


def test_sums_and_gaps_are_told_as_typed_and_nothing_is_kept(desk: CheckedClient) -> None:
    short = {**TYPED, "max_1": "9", "max_0": "10", "seats": "40", "press": "check"}
    words = text_of(parse(desk.submit(EDIT, short, button="Keep").text))
    assert "3 seats that nobody could fill" in words
    assert "With 40 seats" in words
    assert "Women1619" in words
    over = {**TYPED, "min_1": "14", "max_1": "14", "press": "check"}
    assert "1 too many at least" in text_of(parse(desk.submit(EDIT, over, button="Keep").text))


def test_a_pasted_column_of_ages_is_counted_by_the_bands_as_typed(desk: CheckedClient) -> None:
    bands = {
        "feature_0": "Age", "value_0": "16–29", "min_0": "5", "max_0": "9",
        "value_1": "30 to 64", "min_1": "8", "max_1": "12", "value_2": "65+",
        "min_2": "3", "max_2": "6", "press": "check",
    }  # fmt: skip
    ages = "22\n29\n\n৩০\n31/12/1980\n65\n12\nprefer not to say\n"
    told = parse(desk.submit(EDIT, {**bands, "ages": ages}, button="Keep").text)
    rows = [[text_of(cell) for cell in row] for row in told.iter("tr")]
    for row in (["16–29", "2"], ["30 to 64", "2"], ["65+", "1"], ["In no band, or no age", "2"]):
        assert row in rows
    assert text_of(next(told.iter("textarea"))).startswith("22 29"), "what was pasted stays"
    none = desk.submit(EDIT, {**TYPED, "ages": "22", "press": "check"}, button="Keep")
    assert (none.status_code, "No feature has bands" in none.text) == (422, True)


def test_nothing_typed_is_lost_by_a_fault_or_more_rows(desk: CheckedClient) -> None:
    answer = desk.submit(EDIT, {**TYPED, "min_1": "x", "press": "save"}, button="Keep")
    assert answer.status_code == 422
    assert "“x” is not a whole number of people" in answer.text
    fields = {f.get("name"): f.get("value") for f in parse(answer.text).iter("input")}
    assert (fields["feature_0"], fields["min_0"], fields["min_1"]) == ("Gender", "45 %", "x")
    more = parse(desk.submit(EDIT, {**TYPED, "press": "more"}, button="Keep").text)
    fields = {f.get("name"): f.get("value") for f in more.iter("input")}
    assert fields["value_1"] == "Men"
    assert "value_11" in fields


def test_another_panels_targets_are_copied_to_be_looked_at(desk: CheckedClient) -> None:
    fields = {f.get("name"): f.get("value") for f in desk.page(f"{EDIT}?from=other").iter("input")}
    assert (fields["feature_0"], fields["value_1"], fields["max_3"]) == ("gender", "Male", "4")
    assert "None" not in str(fields["min_flex_0"])


def test_a_census_table_becomes_targets_to_be_looked_at(desk: CheckedClient) -> None:
    table = "area,feature,value,count\nN,Age,Young,30\nN,Age,Old,70\nS,Age,Young,90\nS,Age,Old,10\n"
    page = parse(desk.submit("/desk/hillgrove/targets/census", {"text": table, "area": "n"}).text)
    fields = {f.get("name"): f.get("value") for f in page.iter("input")}
    assert [fields[name] for name in ("value_0", "min_0", "max_0")] == ["Young", "5", "8"]


@pytest.mark.parametrize("size", [1, 6, 22, 40, 150])
@pytest.mark.parametrize(
    "rows", [[("a", "51.5%"), ("b", "48.5%")], [("a", "0.2"), ("b", "0.3"), ("c", "0.5")]]
)
def test_targets_of_a_census_always_fit_the_panel(rows: list[tuple[str, str]], size: int) -> None:
    text = "feature,value,share\n" + "".join(f"f,{value},{share}\n" for value, share in rows)
    assert size_faults(from_census(text, size), size) == []


def test_faults_of_a_census_table_are_named() -> None:
    with pytest.raises(InputFaults) as refusal:
        from_census("feature,value,share\nf,a,many\n,b,2\n", 6)
    assert [fault.row for fault in refusal.value.faults] == [2, 3]
