"""Share a pot over service lines from everyone's wished shares, to the penny."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
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
    least that, before rounding. `pinned` is "floor" or "ceiling" where a limit decided, else "".
    """

    line: str
    amount: int
    average: int
    wanted: int
    pinned: str = ""


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
    floors: Mapping[str, int] | None = None,
    ceilings: Mapping[str, int] | None = None,
) -> SharesResult:
    """Share the pot by the rule; each paper gives a whole number to every line, of any total.

    Floors and ceilings are minor units by line. Floors are set aside first and the rest is shared
    by the rule; a line that would pass its ceiling stops there, and what it cannot take goes to
    the others in proportion. Truthfulness is proved for the rules only without such limits.
    Raises CountError naming every fault.
    """
    floors, ceilings = dict(floors or {}), dict(ceilings or {})
    _check(lines, papers, pot, rule, floors, ceilings)
    columns, over = _columns(papers)
    shares = SHARE_RULES[rule](columns, over)
    lowest = [floors.get(line, 0) for line in lines]
    highest = [min(ceilings.get(line, pot), pot) for line in lines]
    exact = _limited(shares, pot, lowest, highest)
    amounts = largest_remainder(exact, pot)
    averages = largest_remainder([share * pot for share in mean(columns, over)], pot)
    wanted = [
        _at_least(column, amount * over / pot if pot else Fraction(0))
        for column, amount in zip(columns, exact, strict=True)
    ]
    told = (
        LineShare(line, amount, average, count, _pinned(amount, low, high, pot))
        for line, amount, average, count, low, high in zip(
            lines, amounts, averages, wanted, lowest, highest, strict=True
        )
    )
    return SharesResult(rule, pot, len(papers), tuple(told))


def _check(
    lines: Sequence[str],
    papers: Sequence[Sequence[int]],
    pot: int,
    rule: str,
    floors: Mapping[str, int],
    ceilings: Mapping[str, int],
) -> None:
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
    unknown = sorted((floors.keys() | ceilings.keys()) - set(lines))
    faults += [f"limit for the unknown line {line}" for line in unknown]
    faults += [
        f"line {line}: its limit {limit} is below nothing"
        for line, limit in [*floors.items(), *ceilings.items()]
        if limit < 0
    ]
    faults += [
        f"line {line}: floor {floors[line]} is above its ceiling {ceilings[line]}"
        for line in sorted(floors.keys() & ceilings.keys())
        if floors[line] > ceilings[line]
    ]
    if sum(floors.values()) > pot:
        faults.append(f"the floors sum to {sum(floors.values())}, more than the pot")
    if sum(ceilings.get(line, pot) for line in lines) < pot:
        faults.append("the ceilings sum to less than the pot")
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


def _limited(
    shares: Sequence[Fraction], pot: int, lowest: Sequence[int], highest: Sequence[int]
) -> list[Fraction]:
    """Scale shares to the pot within the limits: floors first, then pin whatever overflows."""
    amounts = [Fraction(0)] * len(shares)
    pinned: set[int] = set()
    while True:
        free = [line for line in range(len(shares)) if line not in pinned]
        rest = pot - sum(highest[line] for line in pinned) - sum(lowest[line] for line in free)
        weights = {line: shares[line] for line in free}
        if not sum(weights.values()):
            weights = dict.fromkeys(free, Fraction(1))
        whole = sum(weights.values(), Fraction(0))
        for line, weight in weights.items():
            amounts[line] = lowest[line] + rest * weight / whole
        over = {line for line in free if amounts[line] > highest[line]}
        if not over:
            return amounts
        for line in over:
            amounts[line] = Fraction(highest[line])
        pinned |= over


def _pinned(amount: int, lowest: int, highest: int, pot: int) -> str:
    if highest < pot and amount == highest:
        return "ceiling"
    return "floor" if lowest and amount == lowest else ""


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
                line=share.line,
                amount=money(share.amount),
                papers=str(result.papers),
            )
        ]
        if share.pinned == "floor":
            words.append(gettext("That is its minimum, set before the vote."))
        elif share.pinned == "ceiling":
            words.append(gettext("That is its maximum, set before the vote."))
        if share.average != share.amount:
            average = money(share.average)
            words.append(gettext("A plain average would have given %(average)s.", average=average))
        told[share.line] = " ".join(words)
    return told
