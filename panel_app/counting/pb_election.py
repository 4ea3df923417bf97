"""Turn a .pb file into an election to count, and an election into a .pb file to publish."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from panel_app.amounts import Unreadable
from panel_app.counting.election import (
    CountError,
    Election,
    Project,
    approval_election,
    points_election,
    ranking_election,
)
from panel_app.counting.pb_file import PbFile
from panel_app.counting.pb_values import (
    limit_faults,
    limit_in,
    meta_fault,
    minor_units,
    number_in,
    split,
    unit_of,
)

APPROVAL = ("approval", "choose-1")
POINTS = ("cumulative", "scoring")
VOTE_TYPES = (*APPROVAL, *POINTS, "ordinal")


def election_of(document: PbFile) -> Election:
    """Merge the papers of a .pb file.

    Rankings get k points for the first place down to 1 for the last, k being `max_length` or,
    without it, the longest ranking. Costs are kept in hundredths of the currency unit, or finer
    where the file is. Raises CountError naming every fault with its line.
    """
    faults = list(document.faults)
    unit = unit_of(document)
    projects = _projects(document, unit, faults)
    pot = _pot(document, unit, faults)
    kind = document.meta.get("vote_type", "").strip()
    if kind not in VOTE_TYPES:
        faults.append(meta_fault(document, "vote_type", f"is none of {', '.join(VOTE_TYPES)}"))
    _check_numbers(document, faults)
    papers = list(_papers(document, kind, [project.id for project in projects], faults))
    if faults:
        raise CountError(faults)
    counted: Any = {"pot": pot, "unit": unit, "times": document.papers.values()}
    if kind in POINTS:
        return points_election(projects, papers, **counted)
    if kind in APPROVAL:
        return approval_election(projects, papers, **counted)
    places = int(limit_in(document.meta.get("max_length", "")) or 0)
    table = range(places, max(places - len(projects), 0), -1)
    return ranking_election(projects, papers, table=table, **counted)


def _pot(document: PbFile, unit: int, faults: list[str]) -> int:
    try:
        return minor_units(document.meta.get("budget", ""), unit)
    except Unreadable as problem:
        faults.append(meta_fault(document, "budget", str(problem)))
    return 0


def _check_numbers(document: PbFile, faults: list[str]) -> None:
    """Check the sizes and limits that META states."""
    found = {"num_projects": len(document.projects), "num_votes": sum(document.papers.values())}
    for key, size in found.items():
        stated = document.meta.get(key, "").strip()
        if stated and stated != str(size):
            faults.append(meta_fault(document, key, f"does not match the {size} found"))
    default = document.meta.get("default_score", "").strip()
    if default and limit_in(default) is None:
        faults.append(meta_fault(document, "default_score", "is not a number, or an unclear one"))
    faults += limit_faults(document)


def _projects(document: PbFile, unit: int, faults: list[str]) -> list[Project]:
    projects = []
    for row, line in zip(document.projects, document.project_lines, strict=True):
        cost, text = 0, row.get("cost", "")
        try:
            cost = minor_units(text, unit)
        except Unreadable as problem:
            faults.append(f"line {line}: cost {text!r} {problem}")
        areas = (row.get(column, "").strip() for column in ("neighborhood", "district", "subunit"))
        projects.append(
            Project(
                row.get("project_id", "").strip(),
                cost,
                row.get("name", "").strip(),
                tuple(split(row.get("category", ""))),
                next(filter(None, areas), ""),
            )
        )
    return projects


def _papers(document: PbFile, kind: str, listed: Sequence[str], faults: list[str]) -> Iterator[Any]:
    """Every distinct paper without a fault: the ids it names, or their points."""
    known, default = set(listed), limit_in(document.meta.get("default_score", ""))
    unnamed = dict.fromkeys(listed, default) if default else {}
    for paper in document.papers:
        chosen, problems = _chosen(paper[0], known)
        points: dict[str, Fraction] = {}
        if kind in POINTS and not problems:
            points, problems = _points(paper[1], chosen)
        faults += [document.says(paper, problem) for problem in problems]
        if not problems:
            yield {**unnamed, **points} if kind in POINTS else chosen


def _chosen(vote: str, known: set[str]) -> tuple[list[str], list[str]]:
    """The projects of a vote and what is wrong with it; `none` stands for no project."""
    chosen = vote.split(",")
    if len(set(chosen)) == len(chosen) and known.issuperset(chosen):
        return chosen, []
    chosen = split(vote)
    if len(chosen) == 1 and chosen[0].lower() == "none" and chosen[0] not in known:
        return [], []
    problems = [f"the vote names the unknown project {n}" for n in chosen if n not in known]
    if not problems and len(set(chosen)) != len(chosen):
        problems = ["the vote names a project twice"]
    return chosen, problems


def _points(text: str, chosen: list[str]) -> tuple[dict[str, Fraction], list[str]]:
    given, problems, points = split(text), [], {}
    if len(given) != len(chosen):
        problems.append(f"{len(given)} points for {len(chosen)} projects")
    for name, written in zip_longest(chosen[: len(given)], given):
        if (number := number_in(written)) is None:
            problems.append(f"points {written!r} are not a number")
        else:
            points[name] = number
    return points, problems


#: META in the order that Pabulib's checker asks for; whatever else there is follows.
_META_ORDER = (
    "description country unit instance num_projects num_votes budget vote_type rule date_begin"
    " date_end max_length currency"
).split()


def document_of(
    election: Election, *, meta: Mapping[str, str], selected: Collection[str] = ()
) -> PbFile:
    """Write an election as a .pb file, papers in the order of their classes, without names.

    `meta` gives what the election does not hold (description, country, unit, dates, rule);
    `selected` the ids of the winners. Raises CountError where an id or a category would be read
    as another. Rankings with a points table of their own are written as the points they give.
    """
    _check_writable(election)
    kind = _vote_type(election)
    counted = {
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.paper_count),
        "budget": _amount(election.pot, election.unit),
        "vote_type": meta.get("vote_type", kind),
    }
    if kind == "ordinal":
        counted["max_length"] = str(max(election.table, default=0))
    written = {**meta, **counted}
    ordered = [key for key in _META_ORDER if key in written]
    found = PbFile(
        {key: written[key] for key in [*ordered, *written]}, _project_columns(election, kind)
    )
    for index, project in enumerate(election.projects):
        values = {
            "project_id": project.id,
            "cost": _amount(project.cost, election.unit),
            "votes": str(election.votes[index]),
            "score": _plain(Fraction(election.points[index], election.scale)),
            "name": project.name,
            "category": ",".join(project.categories),
            "selected": str(int(project.id in selected)),
            "neighborhood": project.area,
        }
        found.projects.append({name: values[name] for name in found.project_columns})
    _add_votes(found, election, kind)
    return found


def _project_columns(election: Election, kind: str) -> tuple[str, ...]:
    """The columns that every project has a value for; approval has votes and no score.

    Nor have rankings: Pabulib's checker gives places on a short list fewer points than the rule.
    """
    columns = ["project_id", "cost", "votes"]
    columns += ["score"] * (kind in POINTS)
    columns += ["name", *["category"] * all(p.categories for p in election.projects), "selected"]
    return (*columns, *["neighborhood"] * all(p.area for p in election.projects))


def _check_writable(election: Election) -> None:
    texts = [text for p in election.projects for text in (p.id, *p.categories)]
    faults = [f"a .pb file cannot hold {text!r}" for text in texts if split(text) != [text]]
    if 10**18 % election.scale:
        faults.append(f"a .pb file cannot hold points divided by {election.scale}")
    if faults:
        raise CountError(faults)


def _vote_type(election: Election) -> str:
    if election.kind == "approval":
        return "approval"
    table = election.table
    falling = range(max(table, default=0), 0, -1)[: len(table)]
    if election.kind == "ranking" and table == tuple(falling):
        return "ordinal"
    negative = any(points < 0 for support in election.classes for _, points in support)
    return "scoring" if negative or election.kind == "ranking" else "cumulative"


def _add_votes(found: PbFile, election: Election, kind: str) -> None:
    pointed = kind in POINTS
    found.vote_columns = ("voter_id", "vote", "points") if pointed else ("voter_id", "vote")
    for support, voters in zip(election.classes, election.voters, strict=True):
        ranked = support
        if kind == "ordinal":
            ranked = tuple(sorted(support, key=lambda pair: -pair[1]))
        cells = [",".join(election.projects[index].id for index, _ in ranked)]
        if pointed:
            cells.append(",".join(_plain(Fraction(p, election.scale)) for _, p in ranked))
        for _ in range(voters):
            found.votes.append([str(len(found.votes) + 1), *cells])


def _amount(minor: int, unit: int) -> str:
    return _plain(Fraction(minor, unit))


def _plain(number: Fraction) -> str:
    """Write a number as a decimal without an exponent."""
    with localcontext(prec=60):
        return f"{Decimal(number.numerator) / number.denominator:f}"
