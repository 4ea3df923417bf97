"""The .pb format: every vote type read, every fault named with its line, nothing lost."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from panel_app.budgets.rules import CountError, Rule, count
from panel_app.budgets.rules.pb_election import document_of, election_of, read_election
from panel_app.budgets.rules.pb_file import format_pb, parse_pb, read_pb
from tests.budgets.rules.elections import approvals, cumulative

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "pabulib"

HEAD = """META
key;value
description;A "small"; but awkward one
budget;770,50
vote_type;{kind}
{more}PROJECTS
project_id;cost;name;category;target;district
1;100,5;"A name; with a semicolon";green,sport;adults;North
2;200;Ławka;;;South
a b;300.25;;;;
VOTES
"""


def lines(kind: str, votes: str, more: str = "") -> list[str]:
    return (HEAD.format(kind=kind, more=more) + votes).splitlines(keepends=True)


def support(kind: str, votes: str, more: str = ""):
    election = election_of(parse_pb(lines(kind, votes, more)))
    return dict(zip(election.classes, election.voters, strict=True)), election


@pytest.mark.parametrize("kind", ["approval", "choose-1"])
def test_approvals_are_merged(kind):
    votes = "voter_id;vote;age\n1;2,1;30\n2;1, 2;\n3;;\n4;none;9\n5;a b;\n"
    found, election = support(kind, votes)
    assert found == {((0, 1), (1, 1)): 2, (): 2, ((2, 1),): 1}
    assert (election.pot, election.costs, election.unit) == (77050, (10050, 20000, 30025), 100)


@pytest.mark.parametrize("kind", ["cumulative", "scoring"])
def test_points_may_have_decimals(kind):
    found, election = support(kind, "voter_id;vote;points\n1;1,2;1.5,2\n2;2;-1\n")
    assert found == {((0, 3), (1, 4)): 1, ((1, -2),): 1}
    assert election.scale == 2
    assert election.votes == (1, 1, 0)


def test_a_default_score_reaches_unlisted_projects():
    found, _ = support("scoring", "voter_id;vote;points\n1;1;3\n", "default_score;1\n")
    assert found == {((0, 3), (1, 1), (2, 1)): 1}


def test_places_count_three_two_one():
    found, election = support("ordinal", "voter_id;vote\n1;2,1\n", "max_length;3\n")
    assert found == {((0, 2), (1, 3)): 1}
    assert election.table == (3, 2, 1)


def test_details_of_projects_are_read():
    _, election = support("approval", "voter_id;vote\n1;1\n")
    project = election.projects[0]
    assert project.name == "A name; with a semicolon"
    assert project.categories == ("green", "sport")
    assert project.area == "North"


def test_target_is_read_as_beneficiaries():
    document = parse_pb(lines("approval", "voter_id;vote\n1;1\n"))
    assert "beneficiaries" in document.project_columns
    assert document.projects[0]["beneficiaries"] == "adults"
    assert ";target" not in format_pb(document)


def test_amounts_finer_than_a_penny_are_kept():
    text = "".join(lines("approval", "voter_id;vote\n1;1\n")).replace("770,50", "770.12345")
    election = election_of(parse_pb(text.splitlines(keepends=True)))
    assert election.unit == 100_000
    assert Fraction(election.pot, election.unit) == Fraction("770.12345")


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path):
    path = tmp_path / "small.pb"
    path.write_text("".join(lines("approval", "voter_id;vote\n1;1\n")), encoding="utf-8-sig")
    assert read_election(path).paper_count == 1
    assert read_pb(path).meta["budget"] == "770,50"


def test_nothing_is_lost_in_a_round_trip():
    document = parse_pb(lines("approval", 'voter_id;vote;note\n1;1,2;"said ""yes"""\n2;;\n3\n'))
    again = parse_pb(format_pb(document).splitlines(keepends=True))
    assert (again.meta, again.projects, again.votes) == (
        document.meta,
        document.projects,
        document.votes,
    )
    assert again.meta["description"] == 'A "small"; but awkward one'


def test_every_fault_is_named_with_its_line(tmp_path):
    path = tmp_path / "bad.pb"
    path.write_text(
        "META\nkey;value\nbudget;much\nvote_type;shouting\nnum_votes;7\nbudget;2\n"
        "PROJECTS\nproject_id;cost\n1;5\n1;z\n3;-4;9\n"
        "VOTES\nvoter_id;vote\n1;1,9\n1;3,3\n;1\n2;3,3\n"
    )
    with pytest.raises(CountError) as refused:
        read_election(path)
    told = "\n".join(refused.value.faults)
    for line in (5, 6, 10, 11, 14, 15, 16):
        assert f"line {line}:" in told
    assert "vote_type 'shouting'" in told
    assert "(and on 1 like it)" in told


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "section META is missing"),
        ("hello\n", "stands before any section"),
        ("META\nbudget;1\nVOTES\nvoter_id;vote\nPROJECTS\nproject_id;cost\n", "in the order"),
        ("META\nbudget;1\nPROJECTS\nVOTES\nvoter_id;vote\n", "has no row of column names"),
        ("META\nbudget;1\nPROJECTS\nname;cost\nVOTES\nvoter_id;vote\n", "must begin with"),
        ("META\nbudget;1\nPROJECTS\nproject_id;cost\nVOTES\nvoter_id;age\n", "no column vote"),
    ],
)
def test_a_broken_file_is_refused(text, fault):
    with pytest.raises(CountError, match=fault):
        parse_pb(text.splitlines(keepends=True))


def test_points_must_match_projects():
    with pytest.raises(CountError, match="line 13: 1 points for 2 projects"):
        support("cumulative", "voter_id;vote;points\n1;1,2;3\n")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "bad.pb"
    path.write_bytes(b"META\nkey;value\nunit;Krak\xf3w\n")
    with pytest.raises(CountError, match="not UTF-8"):
        read_pb(path)


META = {"description": "x", "country": "x", "unit": "x", "instance": "1", "rule": "unknown"}


@settings(max_examples=100, deadline=None)
@given(election=approvals())
def test_a_published_election_is_counted_the_same(election):
    winners = count(election).winners
    text = format_pb(document_of(election, meta=META, selected=winners))
    document = parse_pb(text.splitlines(keepends=True))
    assert {p["project_id"] for p in document.projects if p["selected"] == "1"} == set(winners)
    rule = Rule(completion="none")
    assert count(election_of(document), rule).winners == count(election, rule).winners


@settings(max_examples=100, deadline=None)
@given(election=cumulative())
def test_published_points_are_the_same(election):
    text = format_pb(document_of(election, meta=META))
    again = election_of(parse_pb(text.splitlines(keepends=True)))
    assert (again.points, again.votes, again.paper_count) == (
        election.points,
        election.votes,
        election.paper_count,
    )


@pytest.mark.skipif(not DATA.is_dir(), reason="the real elections lie outside the project")
@pytest.mark.parametrize("path", sorted(DATA.glob("*.pb")), ids=lambda path: path.stem)
def test_real_files_lose_nothing(path):
    document = read_pb(path)
    again = parse_pb(format_pb(document).splitlines(keepends=True))
    assert (again.meta, again.projects, again.votes) == (
        document.meta,
        document.projects,
        document.votes,
    )
