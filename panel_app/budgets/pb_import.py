"""A Pabulib file's projects into a pot, and its way of voting as a draft ballot."""

from __future__ import annotations

import io
from dataclasses import dataclass

from panel_app.budgets import services
from panel_app.budgets.models import PlanB, Pot, Project
from panel_app.budgets.rules import EQUAL_SHARES, MOST_VOTES, Rules
from panel_app.core.errors import FaultyFile, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.counting import CountError, PbFile, election_of, limit_in, parse_pb
from panel_app.counting import Project as InFile
from panel_app.recruitment import list_files
from sortition.folding import fold

#: The most bytes and projects that are read, and the longest title.
LARGEST, MOST, LONGEST = 4_000_000, 1_000, 120
_WAYS = {
    "choose-1": "approval",
    "approval": "approval",
    "ordinal": "ranking",
    "cumulative": "points",
    "scoring": "points",
}
_LIMITS = {"approval": "max_length", "ranking": "max_length", "points": "max_sum_points"}


@dataclass(slots=True)
class Done:
    """What reading a file changed, and how it says that people voted."""

    added: int = 0
    changed: int = 0
    #: The pot of the file, in pence; None where it isn't whole pence.
    pot: int | None = None
    rules: Rules | None = None
    question: str = ""


def read(*, pot: Pot, source: bytes | str, actor: str) -> Done:
    """Add the projects of a .pb file to a pot, and change the cost of those it has by title.

    Papers in the file are checked and not taken over: they were cast in another vote. Raises
    FaultyFile with every fault and its line.
    """
    document = _document(source)
    try:
        election = election_of(document)
    except CountError as error:
        raise _faulty(list(error.faults)) from error
    if len(election.projects) > MOST:
        raise _faulty([f"{len(election.projects)} projects; at most {MOST} are read"])
    into = _Into(pot, election.unit, actor)
    into.done.rules = rules_of(document)
    into.done.question = document.meta.get("description", "").strip()[:200]
    into.done.pot = _pence(election.pot, election.unit)
    numbered = zip(document.project_lines, election.projects, strict=True)
    list_files.each(numbered, into.keep)
    return into.done


def rules_of(document: PbFile) -> Rules:
    """Return the way of voting and of counting that a file names, as near as ours come to it."""
    meta = document.meta
    kind = meta.get("vote_type", "").strip()
    way = _WAYS.get(kind, "approval")
    if way == "approval" and meta.get("max_sum_cost", "").strip():
        way = "knapsack"
    stated = limit_in(meta.get(_LIMITS.get(way, ""), ""))
    limit = int(stated) if stated is not None and stated.denominator == 1 else None
    if kind == "choose-1":
        limit = 1
    within = limit if limit is not None and 1 <= limit <= services.HIGHEST_LIMIT else None
    shares = meta.get("rule", "").strip().startswith("equalshares")
    return Rules(way=way, limit=within, count=EQUAL_SHARES if shares else MOST_VOTES)


def _document(source: bytes | str) -> PbFile:
    if len(source) > LARGEST:
        raise _faulty([f"{len(source):,} bytes; at most {LARGEST:,} are read"])
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        raise _faulty([f"not UTF-8 text ({error.reason})"]) from error
    return parse_pb(io.StringIO(text, newline=""))


class _Into:
    """A pot that projects of a file come into, with what it has already by name."""

    def __init__(self, pot: Pot, unit: int, actor: str) -> None:
        self.pot, self.unit, self.actor = pot, unit, actor
        self.done = Done()
        self.known: dict[str, list[Project]] = {}
        for project in pot.projects:
            self.known.setdefault(fold(str(project.title)), []).append(project)
        self.lines = {fold(text): one for one in pot.lines for text in one.name.texts().values()}

    def keep(self, one: InFile) -> None:
        """Add a project, or give the known one its cost. Raises Refused where it can't be."""
        title, cost = one.name or one.id, _pence(one.cost, self.unit)
        if cost is None:
            raise Refused(_("“%(title)s” costs a fraction of a penny.", title=title))
        if len(title) > LONGEST:
            raise Refused(_("A title may have %(most)s characters.", most=LONGEST))
        same = self.known.get(fold(title), [])
        if len(same) > 1:
            raise Refused(_("Several have this name: write the identifier of the right one."))
        if same:
            self._recost(same[0], cost)
        else:
            self._add(one, title, cost)

    def _add(self, one: InFile, title: str, cost: int) -> None:
        about = [*one.categories, *filter(None, [one.area])]
        known = (self.lines.get(fold(name)) for name in reversed(about))
        made = services.add_project(
            pot=self.pot,
            title=Translated.of(en=title),
            summary=Translated.of(en=", ".join(about) or title),
            cost=cost,
            line=next(filter(None, known), None),
            actor=self.actor,
        )
        self.known[fold(title)] = [made]
        self.done.added += 1

    def _recost(self, project: Project, cost: int) -> None:
        if project.cost == cost:
            return
        plan_b: PlanB | None = project.plan_b  # type: ignore[assignment]
        services.change_project(
            project=project,
            title=project.title,
            summary=project.summary,
            cost=cost,
            council_cost=project.council_cost,
            plan_b=plan_b,
            line=project.line,
            goal=project.goal,
            actor=self.actor,
        )
        self.done.changed += 1


def _pence(minor: int, unit: int) -> int | None:
    return minor * 100 // unit if minor * 100 % unit == 0 else None


def _faulty(faults: list[str]) -> FaultyFile:
    return FaultyFile(_("Nothing was changed: the file has faults."), faults, field="text")
