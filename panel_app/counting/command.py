"""The commands `count` and `count-shares`: repeat a council's count from its files."""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from math import lcm
from pathlib import Path
from typing import Any, NoReturn

import click

from panel_app.amounts import Unreadable, number
from panel_app.counting.election import CountError, Election
from panel_app.counting.explanation import explain
from panel_app.counting.line_shares import SharesResult, explain_shares
from panel_app.counting.line_shares import count_shares as share_pot
from panel_app.counting.margins import with_margins
from panel_app.counting.pb_election import election_of
from panel_app.counting.pb_file import read_pb, undecodable, unreadable
from panel_app.counting.pb_values import remarks
from panel_app.counting.phantoms import SHARE_RULES
from panel_app.counting.result import Result
from panel_app.counting.rule import Rule
from panel_app.counting.tally import count as count_election
from sortition.csv_cells import CsvRows

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--rule",
    "name",
    type=click.Choice(["greedy", "equal-shares"]),
    default="equal-shares",
    show_default=True,
)
@click.option(
    "--utility",
    type=click.Choice(["cost", "cardinality", "points"]),
    help="Of equal-shares; left out, cost for approval ballots and points for others.",
)
@click.option(
    "--completion",
    type=click.Choice(["none", "add1", "add1u", "greedy"]),
    default="add1u",
    show_default=True,
    help="Of equal-shares.",
)
@click.option(
    "--ties",
    default="cost,votes,seed:0",
    show_default=True,
    help="Tried in turn: cost (lowest), votes (most), seed:N (a lot anyone can draw again).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--explain", "explained", is_flag=True, help="Print the sentences for residents.")
def count(file: Path, as_json: bool, explained: bool, ties: str, **options: Any) -> None:
    """Count the election in FILE (.pb) and print who wins, in order of choice.

    greedy has no use for --utility and --completion, and ignores them.
    """
    try:
        rule = Rule(ties=tuple(part.strip() for part in ties.split(",")), **options)
        started = time.perf_counter()
        document = read_pb(file)
        election = election_of(document)
        result = count_election(election, rule)
        seconds = time.perf_counter() - started
    except CountError as error:
        _refuse(error)
    told_of = remarks(document)
    for remark in told_of:
        click.echo(f"{remark}; counted all the same", err=True)
    if explained:
        result = with_margins(election, result)
    values = {**_as_json(result, seconds), "remarks": told_of}
    lines = {bought.project: _amount(bought.cost, result.unit) for bought in result.rounds}
    _tell(values, lines, _sentences(election, result) if explained else [], as_json)


@click.command("count-shares")
@click.argument("file", type=_FILE)
@click.option("--pot", type=click.IntRange(min=0), required=True, help="The pot in pence.")
@click.option(
    "--rule", type=click.Choice(list(SHARE_RULES)), default="independent-markets", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--explain", "explained", is_flag=True, help="Print the sentences for residents.")
def count_shares(file: Path, pot: int, rule: str, as_json: bool, explained: bool) -> None:
    """Share a pot over service lines: FILE (CSV) has a row a voter, a column a line."""
    try:
        started = time.perf_counter()
        lines, papers = _read_shares(file)
        result = share_pot(lines, papers, pot=pot, rule=rule)
        seconds = time.perf_counter() - started
    except CountError as error:
        _refuse(error)
    sentences = list(explain_shares(result, money=_pence).values()) if explained else []
    amounts = {share.line: share.amount for share in result.lines}
    _tell(_shares_json(result, seconds), amounts, sentences, as_json)


def _tell(
    values: dict[str, Any], lines: Mapping[str, object], sentences: list[str], as_json: bool
) -> None:
    """Print a result: all values as JSON, or a line for each amount, then the sentences."""
    if as_json:
        told = {**values, "explanation": sentences} if sentences else values
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for text in [*(f"{name}\t{amount}" for name, amount in lines.items()), *sentences]:
        click.echo(text)


def _refuse(error: CountError) -> NoReturn:
    click.echo("\n".join(error.faults), err=True)
    sys.exit(2)


def _amount(minor: int, unit: int) -> int | float:
    """An amount in the units of the file, whole where it is."""
    return minor // unit if minor % unit == 0 else minor / unit


def _pence(pence: int) -> str:
    return f"{pence / 100:,.2f}"


def _sentences(election: Election, result: Result) -> list[str]:
    names = {project.id: project.name or project.id for project in election.projects}

    def money(minor: int) -> str:
        return f"{minor / result.unit:,.2f}"

    return explain(result, money=money, title=names.__getitem__).lines()


def _as_json(result: Result, seconds: float) -> dict[str, Any]:
    """The published fields in the units of the file; `result` holds everything in minor units."""
    unit, rounds = result.unit, [asdict(bought) for bought in result.rounds]
    for bought in rounds:
        bought |= {name: _amount(bought[name], unit) for name in ("cost", "most_paid")}
    return {
        "rule": result.rule.name,
        "budget": _amount(result.pot, unit),
        "spent": _amount(result.spent, unit),
        "winners": list(result.winners),
        "rounds": rounds,
        "ties": [asdict(tie) for tie in result.ties],
        "seconds": round(seconds, 6),
        "result": result.to_json(),
    }


def _shares_json(result: SharesResult, seconds: float) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "pot": result.pot,
        "papers": result.papers,
        "lines": {share.line: share.amount for share in result.lines},
        "average": {share.line: share.average for share in result.lines},
        "wanted": {share.line: share.wanted for share in result.lines},
        "seconds": round(seconds, 6),
    }


def _read_shares(file: Path) -> tuple[list[str], list[list[int]]]:
    """Read names of lines and everyone's amounts, decimals scaled to whole numbers."""
    faults: list[str] = []
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CountError(undecodable(file)) from error
    rows = CsvRows(text, strict=True, refuse=lambda why: faults.append(unreadable(rows, why)))
    lines = [name.strip() for name in next(rows, [])]
    if not lines or not all(lines):
        faults.append("line 1: every column needs the name of its line")
    faults += [f"line 1: {x!r} comes twice" for x in sorted(set(lines)) if lines.count(x) > 1]
    papers = []
    for row in rows:
        if any(cell.strip() for cell in row):
            paper, problems = _paper(row, lines)
            faults += [f"line {rows.line}: {problem}" for problem in problems]
            papers.append(paper)
    if faults:
        raise CountError(faults)
    return lines, papers


def _paper(row: list[str], lines: list[str]) -> tuple[list[int], list[str]]:
    """Read one row; a paper counts by its proportions, so decimals are scaled away."""
    amounts, problems = [], []
    for place, cell in enumerate(row):
        try:
            amounts.append(number(cell.strip() or "0"))
        except Unreadable as problem:
            column = lines[place] if place < len(lines) else place + 1
            problems.append(f"column {column}: {cell!r} {problem}")
    if len(row) != len(lines):
        problems.append(f"{len(row)} amounts for {len(lines)} lines")
    elif not problems and not any(amounts):
        problems.append("all amounts are nothing")
    scale = lcm(1, *(amount.denominator for amount in amounts))
    return [int(amount * scale) for amount in amounts], problems
