"""Share a pot over service lines from everyone's wished shares, to the penny."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from operator import neg

from panel_app.counting.election import CountError
from panel_app.counting.phantoms import SHARE_RULES, Column, mean
from panel_app.gettext_protocol import Gettext, Ngettext, plain_gettext, plain_ngettext

#: Bits that all amounts together may take over one denominator: an eighth of a gigabyte.
_LARGEST = 2**30


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one line gets, in minor units.

    `average` is what the plain average gives it; `wanted` counts the voters who wanted at
    least that, before rounding.
    """

    line: str
    amount: int
    average: int
    wanted: int


@dataclass(frozen=True, slots=True)
class SharesResult:
    """A pot shared over lines; the amounts sum exactly to `pot` (minor units)."""

    rule: str
    pot: int
    papers: int
    lines: tuple[LineShare, ...]


def count_shares(
    lines: Sequence[str],
    papers: Sequence[Sequence[int]],
    *,
    pot: int,
    rule: str = "independent-markets",
) -> SharesResult:
    """Share the pot by the rule; each paper gives a whole number to every line, of any total.

    Raises CountError naming every fault.
    """
    _check(lines, papers, pot, rule)
    columns, over = _columns(papers)
    shares = SHARE_RULES[rule](columns, over)
    amounts = largest_remainder([share * pot for share in shares], pot)
    averages = largest_remainder([share * pot for share in mean(columns, over)], pot)
    wanted = [
        _at_least(column, share * over if pot else Fraction(0))
        for column, share in zip(columns, shares, strict=True)
    ]
    told = zip(lines, amounts, averages, wanted, strict=True)
    return SharesResult(rule, pot, len(papers), tuple(LineShare(*line) for line in told))


def _check(lines: Sequence[str], papers: Sequence[Sequence[int]], pot: int, rule: str) -> None:
    faults = []
    if rule not in SHARE_RULES:
        faults.append(f"rule is {rule!r}, not one of {', '.join(SHARE_RULES)}")
    if not lines or len(set(lines)) != len(lines):
        faults.append("lines must be named, each once")
    if not papers:
        faults.append("there is no paper to count")
    for number, paper in enumerate(papers, start=1):
        if len(paper) != len(lines):
            faults.append(f"paper {number}: {len(paper)} amounts for {len(lines)} lines")
        elif min(paper, default=0) < 0 or not any(paper):
            faults.append(f"paper {number}: amounts must not be negative, nor all nothing")
    if pot < 0:
        faults.append(f"the pot {pot} is below nothing")
    if faults:
        raise CountError(faults)


def _columns(papers: Sequence[Sequence[int]]) -> tuple[list[Column], int]:
    """Give each line its votes in descending order over one denominator."""
    totals = [sum(paper) for paper in papers]
    over = _common(set(totals), sum(map(len, papers)))
    times = [over // total for total in totals]
    columns = zip(*papers, strict=True)
    if set(times) == {1}:
        return [sorted(column, reverse=True) for column in columns], over
    return [
        sorted((v * t for v, t in zip(column, times, strict=True)), reverse=True)
        for column in columns
    ], over


def _common(totals: Collection[int], cells: int) -> int:
    """Find a whole that every total divides; papers of all too different totals have none."""
    over = 1
    for total in totals:
        over = lcm(over, total)
        if over.bit_length() * cells > _LARGEST:
            raise CountError(["the papers' totals have no whole in common; share out the same one"])
    return over


def _at_least(column: Column, share: Fraction) -> int:
    """How many votes of a descending column are no less than the share."""
    return bisect_right(column, -ceil(share), key=neg)


def largest_remainder(amounts: Sequence[Fraction], whole: int) -> list[int]:
    """Round down, then give the missing units to the largest remainders, first lines first."""
    rounded = [int(amount) for amount in amounts]
    missing = whole - sum(rounded)
    by_remainder = sorted(range(len(amounts)), key=lambda line: rounded[line] - amounts[line])
    for line in by_remainder[:missing]:
        rounded[line] += 1
    return rounded


def explain_shares(
    result: SharesResult,
    *,
    money: Callable[[int], str],
    title: Callable[[str], str] = str,
    gettext: Gettext = plain_gettext,
    ngettext: Ngettext = plain_ngettext,
) -> dict[str, str]:
    """Say for each line what it gets, how many wanted at least that, and the plain average."""
    told = {}
    for share in result.lines:
        words = [
            ngettext(
                "%(line)s gets %(amount)s: one of %(papers)s residents wanted at least this.",
                "%(line)s gets %(amount)s: %(num)s of %(papers)s residents wanted at least this.",
                share.wanted,
                line=title(share.line),
                amount=money(share.amount),
                papers=str(result.papers),
            )
        ]
        if share.average != share.amount:
            average = money(share.average)
            words.append(gettext("A plain average would have given %(average)s.", average=average))
        told[share.line] = " ".join(words)
    return told
