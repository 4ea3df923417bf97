"""The commands print what other programs rely on, and refuse bad input with every fault."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from panel_app.counting.command import count, count_shares

FILE = """META
key;value
budget;120.50
vote_type;approval
PROJECTS
project_id;cost;name
park;60.50;A park
path;60;A path
bench;30;A bench
VOTES
voter_id;vote
1;park,path
2;park,path
3;park,path
4;park
5;bench
6;bench
7;
"""


@pytest.fixture
def election(tmp_path: Path) -> str:
    path = tmp_path / "ward.pb"
    path.write_text(FILE)
    return str(path)


@pytest.fixture
def sliders(tmp_path: Path) -> str:
    path = tmp_path / "sliders.csv"
    path.write_text("caretaking,repairs\n60,40\n0.5,0.5\n,1\n")
    return str(path)


def run(command, *arguments: str):
    return CliRunner().invoke(command, list(arguments))


def test_count_prints_winners_in_order(election):
    ran = run(count, election, "--rule", "greedy")
    assert ran.exit_code == 0
    assert ran.output == "park\t60.5\npath\t60\n"


def test_json_has_the_published_fields_in_the_units_of_the_file(election):
    told = json.loads(run(count, election, "--json").output)
    assert {"rule", "budget", "spent", "winners", "rounds", "ties", "seconds"} <= told.keys()
    assert (told["rule"], told["budget"], told["spent"]) == ("equal-shares", 120.5, 90.5)
    assert told["winners"] == ["park", "bench"]
    assert [bought["cost"] for bought in told["rounds"]] == [60.5, 30]
    assert told["result"]["losers"][0]["project"] == "path"
    assert "explanation" not in told


@pytest.mark.parametrize("rule", ["greedy", "equal-shares"])
@pytest.mark.parametrize("completion", ["none", "add1", "add1u", "greedy"])
def test_every_option_is_taken(election, rule, completion):
    options = ("--utility", "cardinality", "--ties", "votes,seed:7")
    ran = run(count, election, "--rule", rule, "--completion", completion, *options, "--json")
    told = json.loads(ran.output)
    assert told["result"]["rule"]["ties"] == ["votes", "seed:7"]
    assert told["spent"] <= told["budget"]


def test_explain_prints_sentences(election):
    ran = run(count, election, "--explain")
    assert "A park (60.50) is funded: 4 residents paid at most" in ran.output
    assert "A path is not funded: those who chose it had" in ran.output
    assert "explanation" in json.loads(run(count, election, "--explain", "--json").output)


def test_bad_files_exit_with_two_and_every_fault(tmp_path):
    path = tmp_path / "bad.pb"
    path.write_text(FILE.replace("7;\n", "7;pond\n8;lake\n").replace("60;A path", "much;A path"))
    ran = run(count, str(path), "--json")
    assert ran.exit_code == 2
    assert ran.stdout == ""
    assert ran.stderr.count("line ") == 3


@pytest.mark.parametrize(
    "options", [("--ties", "cost,luck"), ("--rule", "lottery"), ("--completion", "add2")]
)
def test_bad_options_exit_with_two(election, options):
    assert run(count, election, *options).exit_code == 2


def test_a_tie_without_a_seed_is_refused(tmp_path):
    path = tmp_path / "tied.pb"
    path.write_text(FILE.replace("bench;30", "bench;60").replace("3;park,path", "3;park"))
    assert run(count, str(path), "--rule", "greedy").exit_code == 0
    ran = run(count, str(path), "--rule", "greedy", "--ties", "cost,votes")
    assert ran.exit_code == 2
    assert "bench, path tie and the rule names no seed" in ran.stderr


def test_shares_are_counted_from_a_table(sliders):
    told = json.loads(run(count_shares, sliders, "--pot", "10001", "--json").output)
    assert (told["rule"], told["pot"], told["papers"]) == ("independent-markets", 10001, 3)
    assert sum(told["lines"].values()) == 10001


@pytest.mark.parametrize("rule", ["independent-markets", "mean"])
def test_every_share_rule_is_offered(sliders, rule):
    ran = run(count_shares, sliders, "--pot", "100", "--rule", rule, "--explain")
    assert ran.exit_code == 0
    assert ran.output.startswith("caretaking\t")
    assert "residents wanted at least this" in ran.output


def test_bad_tables_exit_with_two_and_every_fault(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b,c\n1,2,3\n0,,x\n5,5\n0,0,0\n1,-2,1\n")
    ran = run(count_shares, str(path), "--pot", "100")
    assert ran.exit_code == 2
    assert [line.split(":")[0] for line in ran.stderr.splitlines()] == [
        "line 3",
        "line 4",
        "line 5",
        "line 6",
    ]


def test_thousands_that_may_be_decimals_are_refused_by_line_and_column(tmp_path):
    pb = tmp_path / "a.pb"
    pb.write_text(
        "META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;1,000\nvote_type;approval\n"
        "PROJECTS\nproject_id;cost;name\n1;2.500;X\nVOTES\nvoter_id;vote\n1;1\n"
    )
    shares = tmp_path / "a.csv"
    shares.write_text('green,care\n"1,000",5\n')
    for command, arguments, faults in (
        (
            count,
            [str(pb)],
            ["line 5: budget '1,000' is unclear", "line 9: cost '2.500' is unclear"],
        ),
        (count_shares, [str(shares), "--pot", "10"], ["line 2: column green: '1,000' is unclear"]),
    ):
        found = CliRunner().invoke(command, arguments)
        assert found.exit_code == 2
        assert all(fault in found.stderr for fault in faults)


def test_plain_counting_loads_neither_flask_nor_numpy(election):
    script = (
        "import sys; from panel_app.counting.command import count\n"
        f"count.main([{election!r}, '--rule', 'greedy'], standalone_mode=False)\n"
        "sys.exit(bool({'numpy', 'flask', 'sqlalchemy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_unusual_tables_are_read(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes('\ufeffa,"b, or c"\r\n"1,5",0.5\r\n\r\n , \r\n3,1\r\n'.encode())
    told = json.loads(run(count_shares, str(path), "--pot", "100", "--json").output)
    assert (told["papers"], told["lines"]) == (2, {"a": 75, "b, or c": 25})


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (b"", ["line 1: every column needs the name of its line"]),
        (b"a,b\n", ["there is no paper to count"]),
        (b"a,,a\n1,2,3\n", ["line 1: every column", "line 1: 'a' comes twice"]),
        (
            b"a,b\n1e99,1\n1/2,1\nnan,1\n",
            [
                f"line {n}: column a: {cell!r}"
                for n, cell in enumerate(["1e99", "1/2", "nan"], start=2)
            ],
        ),
        (b'a,b\n"1,2\n3,4\n', ["line 2: the quotes or the length are wrong"]),
        (b'a,b\n"1"2,2\n-3,4\n', ["line 2: the quotes", "line 3: column a: '-3' is not an amount"]),
        (b"a,b\n1,\xff\n2,1\n\xff,1\n", ["line 2: not UTF-8", "line 4: not UTF-8"]),
        (b"a,b\n1,\x00\n", ["line 2: column b: '\\x00' is not an amount"]),
    ],
)
def test_tables_that_cannot_be_read_name_every_line(tmp_path, text, faults):
    path = tmp_path / "bad.csv"
    path.write_bytes(text)
    ran = run(count_shares, str(path), "--pot", "100")
    assert ran.exit_code == 2
    told = ran.stderr.splitlines()
    assert [line.startswith(fault) for line, fault in zip(told, faults, strict=True)] == [
        True for _ in faults
    ], told


def test_papers_of_thousands_of_different_totals_are_refused_not_endless(tmp_path):
    path = tmp_path / "odd.csv"
    rows = (f"{10**17 + 7 * n},{n}\n" for n in range(1, 4000))
    path.write_text("a,b\n" + "".join(rows))
    ran = run(count_shares, str(path), "--pot", "100")
    assert ran.exit_code == 2
    assert "no whole in common" in ran.stderr


@pytest.mark.parametrize("tie", ["seed:", "seed:x", "seed:-1", "seed:1.5", "", "cost votes"])
def test_a_seed_is_a_whole_number(election, tie):
    ran = run(count, election, "--ties", tie)
    assert ran.exit_code == 2
    assert f"ties has {tie!r}" in ran.stderr


def test_unknown_options_and_files_exit_with_two(election, tmp_path):
    assert run(count, election, "--luck").exit_code == 2
    assert run(count, str(tmp_path)).exit_code == 2
    assert run(count, str(tmp_path / "none.pb")).exit_code == 2
    assert run(count).exit_code == 2


def test_options_of_equal_shares_change_no_other_rule(election):
    plain = run(count, election, "--rule", "greedy").output
    options = ("--utility", "points", "--completion", "none")
    assert run(count, election, "--rule", "greedy", *options).output == plain
    assert "ignores them" in run(count, "--help").output


def test_papers_beyond_their_limits_are_told_of_and_counted(tmp_path):
    path = tmp_path / "ward.pb"
    path.write_text(FILE.replace("PROJECTS", "max_length;1\nPROJECTS"))
    ran = run(count, str(path), "--json")
    assert ran.exit_code == 0
    told = json.loads(ran.stdout)
    assert len(told["remarks"]) == 1
    assert ran.stderr == f"{told['remarks'][0]}; counted all the same\n"
    assert "(and on 2 like it)" in ran.stderr


@pytest.mark.parametrize("rule", ["greedy", "equal-shares"])
@pytest.mark.parametrize("completion", ["none", "add1", "add1u", "greedy"])
def test_what_the_sentences_promise_comes_true_when_the_file_is_changed(
    tmp_path, election, rule, completion
):
    """A reader cuts the cost, or adds papers, as the explanation says, and counts again."""
    options = ("--rule", rule, "--completion", completion, "--json")
    told = json.loads(run(count, election, *options, "--explain").output)
    changed = tmp_path / "changed.pb"

    def wins(text: str, name: str) -> bool:
        changed.write_text(text)
        return name in json.loads(run(count, str(changed), *options).output)["winners"]

    assert told["result"]["losers"]
    for lost in told["result"]["losers"]:
        name, cost = lost["project"], lost["cost"]
        line = next(row for row in FILE.splitlines() if row.startswith(f"{name};"))
        for less, won in ((lost["cost_less"], True), ((lost["cost_less"] or 0) - 1, False)):
            if lost["cost_less"]:
                cheaper = f"{name};{(cost - less) / 100:.2f};x"
                assert wins(FILE.replace(line, cheaper), name) == won
        for more, won in ((lost["more_support"], True), ((lost["more_support"] or 0) - 1, False)):
            if lost["more_support"]:
                backed = FILE + "".join(f"new{n};{name}\n" for n in range(more))
                assert wins(backed, name) == won
