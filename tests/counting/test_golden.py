"""Real elections come out as the published oracles count them, and as the cities announced."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from panel_app.counting import Project, Rule, approval_election, count
from panel_app.counting.pb_election import election_of
from panel_app.counting.pb_file import read_pb

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "pabulib"
GOLDEN = json.loads((Path(__file__).parent / "golden" / "elections.json").read_text())["elections"]

#: The data page: city rules that plain greedy does not reproduce.
EXCEPTED = {
    "poland_gdynia_2020_maly-kack-small",
    "poland_gdynia_2020_dabrowa-small",
    "poland_warszawa_2017_centrum-wola-grzybowska-groszowka",
    "poland_krakow_2019_bienczyce",
    "poland_krakow_2020_pradnik-czerwony",
    "poland_katowice_2021_kostuchna",
    "poland_katowice_2020_janow-nikiszowiec",
}

real = pytest.mark.skipif(not DATA.is_dir(), reason="the real elections lie outside the project")


@pytest.fixture(scope="module", params=sorted(GOLDEN))
def name(request):
    return request.param


@pytest.fixture(scope="module")
def election(name):
    return election_of(read_pb(DATA / f"{name}.pb"))


@real
def test_golden_covers_every_file():
    assert {path.stem for path in DATA.glob("*.pb")} == set(GOLDEN)


@real
def test_one_pass_buys_what_pabutools_buys_at_the_same_rates(name, election):
    found = count(election, Rule(completion="none"))
    expected = GOLDEN[name]["base"]
    assert list(found.winners) == expected["winners"]
    # A rate for cost utilities has no unit; one for points is money, which pabutools has in units.
    per = 1 if found.utility == "cost" else election.unit
    rates = [Fraction(bought.rate) / per for bought in found.rounds]
    assert rates == [Fraction(rate) for rate in expected["rates"]]


@real
def test_add1_buys_what_pabutools_buys(name, election):
    found = count(election, Rule(completion="add1"))
    assert list(found.winners) == GOLDEN[name]["until_overspend"]


@real
def test_add1_buys_what_the_pabulib_checker_buys(name, election):
    if "checker" not in GOLDEN[name]:
        pytest.skip("the checker counts approval ballots only")
    assert list(count(election, Rule(completion="none")).winners) == GOLDEN[name]["checker"]["base"]
    found = count(election, Rule(completion="add1"))
    assert list(found.winners) == GOLDEN[name]["checker"]["until_overspend"]


@real
def test_other_rules_buy_what_pabutools_buys(name, election):
    golden = GOLDEN[name]
    if election.kind != "approval":
        pytest.skip("by points, pabutools' greedy goes by points for each pound")
    # pabutools spends what is left on projects nobody chose; we do not.
    chosen = {p.id for p, votes in zip(election.projects, election.votes, strict=True) if votes}
    greedy = sorted(chosen.intersection(golden["greedy"]))
    assert sorted(count(election, Rule(name="greedy")).winners) == greedy
    cardinality = Rule(utility="cardinality", completion="none")
    assert list(count(election, cardinality).winners) == golden["cardinality"]


@real
def test_plain_counting_announces_what_the_city_announced(name, election):
    document = read_pb(DATA / f"{name}.pb")
    if "selected" not in document.project_columns:
        pytest.skip("the city published no winners in this file")
    selected = {row["project_id"] for row in document.projects if row["selected"] == "1"}
    found = set(count(election, Rule(name="greedy")).winners)
    assert (found == selected) != (name in EXCEPTED)


def test_a_small_election_comes_out_as_counted_by_hand():
    """Three wards of a hall: the smaller group gets its bench, plain votes leave it nothing."""
    projects = [Project("park", 6000), Project("path", 6000), Project("bench", 3000)]
    papers = [["park"], *[["park", "path"]] * 6, *[["bench"]] * 3]
    election = approval_election(projects, papers, pot=12000)
    assert count(election, Rule(name="greedy")).winners == ("park", "path")
    found = count(election)
    assert found.winners == ("park", "bench")
    assert (found.plain.nothing_funded, found.nothing_funded) == (3, 0)
