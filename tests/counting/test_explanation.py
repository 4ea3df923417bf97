"""Residents read plain sentences; translators find every one of them."""

import ast
from pathlib import Path

import pytest

from panel_app.counting import (
    Project,
    Rule,
    approval_election,
    count,
    explain,
    explanation,
    with_margins,
)

PROJECTS = [Project("park", 60000), Project("path", 50000), Project("bench", 30000)]
PAPERS = [["park", "path"]] * 4 + [["park"]] + [["bench"]] * 3 + [[]]


def pounds(pence: int) -> str:
    return f"£{pence / 100:,.2f}"


def told(rule=None, papers=PAPERS, projects=PROJECTS, pot=100000):
    election = approval_election(projects, papers, pot=pot)
    result = with_margins(election, count(election, rule))
    return explain(result, money=pounds, title=lambda name: f"the {name}")


def test_winners_losers_and_the_whole_are_told():
    found = told()
    assert found.winners["park"].startswith(
        "the park (£600.00) is funded: 5 residents paid at most"
    )
    assert found.losers["path"].startswith("the path is not funded: those who chose it had £")
    assert "It would have been funded at £400.00 less." in found.losers["path"]
    assert "One more resident choosing it and nothing else would have" in found.losers["path"]
    assert found.summary[0] == "9 papers were counted."
    assert "One resident has nothing they chose funded (11.1%)." in found.summary
    assert len(found.lines()) == 4 + 2 + 1 + len(found.comparison)


def test_a_count_not_repeated_claims_no_margin():
    result = count(approval_election(PROJECTS, PAPERS, pot=100000))
    path = explain(result, money=pounds, title=str).losers["path"]
    assert path.startswith("path is not funded: those who chose it had £")
    assert "less" not in path
    assert "enough" not in path


def test_who_loses_and_who_wins_by_lot_is_told_so():
    twins = [Project("left", 10_000), Project("right", 10_000)]
    found = told(papers=[["left"], ["right"]] * 3, projects=twins, pot=10_000)
    ((winner, won),) = found.winners.items()
    ((loser, lost),) = found.losers.items()
    assert f"tied with the {winner} in all that the rule compares, and the lot (seed 0)" in lost
    assert f"It tied with the {loser} in all that the rule compares" in won
    assert "£99" not in lost


def test_the_comparison_with_plain_votes_is_told():
    papers = [["park", "path"]] * 6 + [["bench"]] * 3
    found = told(papers=papers, pot=110000)
    assert any("plain votes would have funded: the path, the park" in s for s in found.comparison)
    assert "That would have left 3 residents with nothing they chose." in found.comparison


@pytest.mark.parametrize(
    ("rule", "name", "words"),
    [
        (Rule(name="greedy"), "park", "is funded: 5 residents chose it."),
        (Rule(name="greedy"), "path", "more than was left when its turn came."),
        (Rule(name="greedy", minimum_votes=4), "bench", "3 residents chose it and 4 were needed."),
        (Rule(name="greedy", incompatible=(("park", "bench"),)), "bench", "cannot be built"),
        (Rule(name="greedy", area_caps={"": 60000}), "bench", "more than its area had left"),
        (Rule(completion="greedy"), "park", "is funded"),
    ],
)
def test_every_reason_has_its_sentence(rule, name, words):
    found = told(rule)
    assert words in {**found.winners, **found.losers}[name]


def test_money_left_over_is_named_in_the_finish():
    found = told(Rule(completion="greedy"), papers=[["park"], *[["bench"]] * 9], pot=90000)
    assert "from the money left over: one resident chose it." in found.winners["park"]


def test_unchosen_and_free_projects_have_their_sentences():
    found = told(projects=[*PROJECTS, Project("idea", 0), Project("pond", 1)], papers=[["idea"]])
    assert found.winners["idea"].endswith("it costs the pot nothing.")
    assert found.losers["pond"].endswith("nobody chose it.")


def test_ties_that_mattered_are_told():
    twins = [Project("left", 50000), Project("right", 50000), Project("cheap", 40000)]
    papers = [["left"], ["right"]]
    found = told(Rule(name="greedy"), papers=papers, projects=twins, pot=50000)
    assert "by the published seed 0" in found.ties[0]
    found = told(Rule(name="greedy"), papers=[["left"], ["cheap"]], projects=twins, pot=50000)
    assert found.ties == ("the cheap tied with the left and went first because it costs less.",)


def test_every_message_is_a_literal_that_extraction_finds():
    """Called with one or two plain strings, never with a variable or a formatted string."""
    for module in ("explanation.py", "line_shares.py"):
        tree = ast.parse((Path(explanation.__file__).parent / module).read_text())
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("gettext", "ngettext")
        ]
        assert calls
        for call in calls:
            messages = call.args[: 1 if call.func.id == "gettext" else 2]
            assert all(isinstance(m, ast.Constant) and isinstance(m.value, str) for m in messages)


def test_translations_are_asked_for_with_their_values():
    heard = {}

    def gettext(message, /, **values):
        heard[message] = values
        return "übersetzt"

    result = count(approval_election(PROJECTS, PAPERS, pot=100000))
    found = explain(result, gettext=gettext, money=pounds)
    assert found.summary[1] == "übersetzt"
    spent = heard["%(spent)s of %(pot)s is spent; %(left)s is left."]
    assert spent == {"spent": "£900.00", "pot": "£1,000.00", "left": "£100.00"}
