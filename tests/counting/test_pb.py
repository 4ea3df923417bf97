"""The .pb format: every vote type read, every fault named with its line, nothing lost."""

import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel_app.counting import (
    CountError,
    Project,
    Rule,
    approval_election,
    count,
    points_election,
    ranking_election,
)
from panel_app.counting.pb_election import document_of, election_of
from panel_app.counting.pb_file import PbFile, format_pb, parse_pb, read_pb
from panel_app.counting.pb_values import remarks
from tests.counting.elections import approvals, cumulative, rankings

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "pabulib"

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
    assert election_of(read_pb(path)).paper_count == 1
    assert read_pb(path).meta["budget"] == "770,50"


def test_nothing_is_lost_in_a_round_trip():
    document = parse_pb(lines("approval", 'voter_id;vote;note\n1;1,2;"said ""yes"""\n2;;\n3\n'))
    assert document.papers == {("1,2", ""): 1, ("", ""): 2}
    again = parse_pb(format_pb(document).splitlines(keepends=True))
    assert (again.meta, again.projects) == (document.meta, document.projects)
    assert again.meta["description"] == 'A "small"; but awkward one'


def test_every_fault_is_named_with_its_line(tmp_path):
    path = tmp_path / "bad.pb"
    path.write_text(
        "META\nkey;value\nbudget;much\nvote_type;shouting\nnum_votes;7\nbudget;2\n"
        "PROJECTS\nproject_id;cost\n1;5\n1;z\n3;-4;9\n"
        "VOTES\nvoter_id;vote\n1;1,9\n1;3,3\n;1\n2;3,3\n"
    )
    with pytest.raises(CountError) as refused:
        election_of(read_pb(path))
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
        election_of(parse_pb(text.splitlines(keepends=True)))


def test_points_must_match_projects():
    with pytest.raises(CountError, match="line 13: 1 points for 2 projects"):
        support("cumulative", "voter_id;vote;points\n1;1,2;3\n")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "bad.pb"
    path.write_bytes(b"META\nkey;value\nunit;Krak\xf3w\n")
    with pytest.raises(CountError, match="line 3: not UTF-8"):
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


@settings(max_examples=100, deadline=None)
@given(election=rankings(), table=st.lists(st.integers(0, 5), max_size=5))
def test_published_rankings_give_the_same_points(election, table):
    """Whatever their table: 3, 2, 1 as a ranking, another as the points it gives."""
    by_place = [[election.projects[i].id for i, _ in support] for support in election.classes]
    election = ranking_election(election.projects, by_place, pot=9, table=table)
    again = election_of(parse_pb(format_pb(document_of(election, meta=META)).splitlines(True)))
    assert (again.points, again.votes) == (election.points, election.votes)


@pytest.mark.parametrize("name", ["a,b", " a", "", "a\n"])
def test_what_would_be_read_as_something_else_is_not_written(name):
    election = approval_election([Project(name, 1)], [[name]], pot=9)
    with pytest.raises(CountError, match="cannot hold"):
        document_of(election, meta=META)


def test_points_without_end_are_not_written():
    election = points_election([Project("a", 1)], [{"a": Fraction(1, 3)}], pot=9)
    with pytest.raises(CountError, match="points divided by 3"):
        document_of(election, meta=META)


CELLS = st.text(st.sampled_from('ab1,;"\n\r\t €é\ufeff\0'), max_size=6)


@settings(max_examples=300, deadline=None)
@given(
    values=st.dictionaries(CELLS.map(lambda t: f"k{t.strip()}"), CELLS, max_size=3),
    names=st.lists(CELLS, min_size=1, max_size=3),
    notes=st.lists(CELLS, min_size=1, max_size=3),
)
def test_no_text_is_lost_in_a_round_trip(values, names, notes):
    columns = ("project_id", "name")
    projects = [dict(zip(columns, (str(n), name), strict=True)) for n, name in enumerate(names)]
    votes = [[str(n), note, "1"] for n, note in enumerate(notes)]
    written = PbFile(values, columns, projects, ("voter_id", "vote", "points"), votes)
    again = parse_pb(format_pb(written).splitlines(keepends=True))
    assert not again.faults
    assert (again.meta, again.projects) == (values, projects)
    assert again.papers == Counter((note, "1") for note in notes)


LIMITS = "min_length;2\nmax_length;2\nmax_sum_cost;300\n"
POINTS = "min_points;1\nmax_points;5\nmin_sum_points;6\nmax_sum_points;6\n"


@pytest.mark.parametrize(
    ("kind", "more", "votes", "told"),
    [
        ("approval", LIMITS, "1;1,2\n2;\n3;none\n", "the cost of the projects is above"),
        ("approval", LIMITS, "1;1\n2;1\n", "projects is below min_length (and on 1 like it)"),
        ("ordinal", LIMITS, "1;2,1,a b\n", "the number of projects is above max_length"),
        ("choose-1", "", "1;1,2\n", "the number of projects is above max_length"),
        ("cumulative", POINTS, "1;1,2;0,6\n", "points for a project is below min_points"),
        ("cumulative", POINTS, "1;1,2;6,1\n", "points for a project is above max_points"),
        ("scoring", POINTS, "1;1,2;5,5\n", "the sum of points is above max_sum_points"),
        ("scoring", POINTS, "1;2;5\n", "the sum of points is below min_sum_points"),
    ],
)
def test_papers_beyond_the_limits_of_their_file_are_told_of_and_counted(kind, more, votes, told):
    head = "voter_id;vote;points\n" if "points" in more else "voter_id;vote\n"
    document = parse_pb(lines(kind, head + votes, more))
    found = remarks(document)
    first = 12 + more.count("\n") + 1
    assert found
    assert found[0].startswith(f"line {first}: ")
    assert any(told in remark for remark in found)
    assert election_of(document).paper_count == votes.count("\n")


def test_papers_within_the_limits_are_not_remarked_on():
    votes = "voter_id;vote;points\n1;1,2;5,1\n2;2,a b;2,4\n3;;\n"
    assert remarks(parse_pb(lines("cumulative", votes, POINTS))) == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("max_length;many\n", "line 6: max_length 'many' is not a number"),
        ("min_length;3\nmax_length;2\n", "line 6: min_length '3' is above max_length"),
        ("default_score;x\n", "line 6: default_score 'x' is not a number"),
        ("max_sum_points;1,000\n", "line 6: max_sum_points '1,000' is not a number, or an uncl"),
        ("max_sum_points;1.000\n", "line 6: max_sum_points '1.000' is not a number, or an uncl"),
        ("max_points;2,500\n", "max_points '2,500' is not a number, or an unclear one"),
        ("min_length;1,000\n", "min_length '1,000' is not a number, or an unclear one"),
        ("default_score;1,000\n", "default_score '1,000' is not a number, or an unclear one"),
    ],
)
def test_limits_that_cannot_be_are_refused(more, fault):
    with pytest.raises(CountError, match=fault):
        support("scoring", "voter_id;vote;points\n", more)


@pytest.mark.parametrize("cost", ["-1", "1e9", "1/2", "1_000", "nan", "inf", "0x1", "١", "9" * 40])
def test_an_amount_is_digits_alone(cost):
    text = "".join(lines("approval", "voter_id;vote\n1;1\n")).replace("2;200;", f"2;{cost};")
    with pytest.raises(CountError, match=r"line 9: cost .* is not an amount"):
        election_of(parse_pb(text.splitlines(keepends=True)))


def test_a_huge_table_of_points_needs_no_memory():
    _, election = support("ordinal", "voter_id;vote\n1;2,1\n", "max_length;99999999999\n")
    assert election.table == (99999999999, 99999999998, 99999999997)


@pytest.mark.parametrize("votes", ['1;"1,2\n2;1\n3;1\n', '1;1\n2;"1"x\n', '1;1\n"2;1\n'])
def test_a_quote_left_open_swallows_no_votes(votes):
    with pytest.raises(CountError, match=r"line 1[34]: the quotes or the length are wrong"):
        support("approval", "voter_id;vote\n" + votes)


def test_a_cell_past_all_bounds_is_a_fault():
    with pytest.raises(CountError, match=r"line 13: .*field larger than"):
        support("approval", "voter_id;vote\n1;" + "1," * 600_000 + "\n")


def test_names_of_first_columns_may_be_capitalised():
    text = "".join(lines("approval", "Voter_ID;vote\n1;1\n")).replace("project_id", "Project_ID")
    assert election_of(parse_pb(text.splitlines(keepends=True))).votes == (1, 0, 0)


def mutilated(rng: random.Random) -> bytes:
    """A good file with a few bytes dropped, doubled, replaced or cut off."""
    votes = "voter_id;vote;points;age\n1;1,2;3,2;30\n2;a b;1;\n3;;;\n4;2;-1,5;9\n"
    kind = rng.choice(["approval", "choose-1", "cumulative", "scoring", "ordinal", "x"])
    data = bytearray("".join(lines(kind, votes, "num_votes;4\nmax_length;3\n")).encode())
    junk = [
        b'"',
        b";",
        b",",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"-",
        b"1e9",
        b"VOTES\n",
        b"META\n",
        b" ",
    ]
    for _ in range(rng.randint(1, 4)):
        place, end = rng.randrange(len(data)), rng.randrange(1, 30)
        data[place : place + rng.choice([0, 1, end])] = rng.choice(junk)
    return bytes(data[: rng.choice([len(data), rng.randrange(len(data))])])


def faults_of(path: Path) -> tuple[str, ...]:
    try:
        count(election_of(read_pb(path)))
    except CountError as error:
        return error.faults
    return ()


def test_no_file_however_broken_ends_in_anything_but_faults_with_lines(tmp_path):
    path, rng, refused = tmp_path / "broken.pb", random.Random(5), 0
    placed = ("line ", "section ", "sections ", "META has no ")
    for _ in range(800):
        path.write_bytes(mutilated(rng))
        faults = faults_of(path)
        refused += bool(faults)
        assert all(fault.startswith(placed) for fault in faults), faults
    assert 500 < refused < 800


@pytest.mark.skipif(not DATA.is_dir(), reason="the real elections lie outside the project")
@pytest.mark.parametrize("path", sorted(DATA.glob("*.pb")), ids=lambda path: path.stem)
def test_real_files_lose_nothing(path):
    document = read_pb(path)
    again = parse_pb(format_pb(document).splitlines(keepends=True))
    assert (again.meta, again.projects) == (document.meta, document.projects)
    election = election_of(document)
    text = format_pb(document_of(election, meta=META))
    written = election_of(parse_pb(text.splitlines(keepends=True)))
    assert Counter(dict(zip(written.classes, written.voters, strict=True))) == Counter(
        dict(zip(election.classes, election.voters, strict=True))
    )
