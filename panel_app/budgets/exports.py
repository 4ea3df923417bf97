"""Budget ballots as open data: enough for anyone to count again."""

from __future__ import annotations

from typing import Any

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import counts, frozen_terms, queries, ways
from panel_app.budgets.models import Pot
from panel_app.budgets.rules import MOST_VOTES
from panel_app.budgets.services import KIND
from panel_app.core import canonical, money
from panel_app.core.text import _
from panel_app.counting import Project, Result, approval_election, document_of, explain, format_pb
from panel_app.panels.models import Panel
from panel_app.web.exports import Dataset, Evidence, Field, Rows

PROJECT_FIELDS = (
    Field("project", "code", "The project's public identifier"),
    Field("title", "text", "Its title, in its main language"),
    Field("line", "text", "The service line that pays for it; empty without one"),
    Field("cost_pence", "pence", "What the pot would pay for it"),
    Field("council_cost_pence", "pence", "What the council says it costs, where residents do it"),
    Field("votes", "number", "On how many papers it is; empty where fewer than five voted"),
    Field("points", "number", "The points of all papers together; empty where papers give none"),
    Field("funded", "yes or no", "Whether the pot pays for it; empty where that is not told"),
    Field("funded_by_most_votes", "yes or no", "Whether most votes alone would have paid for it"),
)
PAPER_FIELDS = (
    Field("paper", "number", "The place in the order of the papers' text, from 1; nobody's number"),
    Field("projects", "text", "The projects chosen, by identifier, with spaces; a list best first"),
    Field("points", "text", "The points given to each, in the same order; empty without points"),
    Field("cost_pence", "pence", "What they cost together"),
)
BALLOT_FIELD = Field("ballot", "code", "The ballot's public identifier")
MARGINS_ARE = (
    "By project not funded: how many pence less cost, and how many more papers choosing it and"
    " nothing else, would have funded it; null while it is still being worked out"
)
RESULT_FIELDS = (
    Field("closed_at", "time", "When the ballot closed (UTC)"),
    Field("fingerprint", "code", "SHA-256 that was made at closing, hexadecimal"),
    Field("fingerprint_is", "text", "What the fingerprint covers"),
    Field("winners", "list", "The titles of what the pot pays for"),
    Field("published", "yes or no", "Whether five or more voted, so that votes are told"),
    Field("covered", "record", "What the fingerprint covers"),
    Field("covered.ballot", "code", "The ballot's public identifier"),
    Field("covered.question", "by key", "What was asked, by language"),
    Field("covered.terms", "document", "Pot, projects and rules as they were frozen at opening"),
    Field("covered.papers", "list", "The papers: the chosen projects of each, in order of text"),
    Field("covered.receipts", "list", "Each receipt's tracker, and the seal on the paper's choice"),
    Field(
        "covered.origins",
        "document",
        "Between which two numbers lie the votes from phones, kiosks and paper, those cast with"
        " help, and the void papers; nothing under five is told exactly",
    ),
    Field("counts", "by key", "The counts, by rule; the ballot's own rule decides"),
    Field("counts.*.result", "document", "The count's rounds, as `panel-app count` writes them"),
    Field("counts.*.fingerprint", "code", "SHA-256 of the canonical JSON of `result`"),
    Field("counts.*.margins", "document", MARGINS_ARE),
    Field("counts.*.margins_are", "text", "What the margins mean"),
    Field("counts.*.in_words", "list", "The count in sentences"),
)


def ballot_result(ballot: Ballot) -> dict[str, Any]:
    """Return everything published of a closed ballot: terms, papers, receipts, counts, reasons.

    With fewer than five papers none of it is published: of one, the winners are the paper.
    """
    told: dict[str, Any] = {
        "ballot": ballot.public_id,
        "closed_at": ballot.closed_at.isoformat() if ballot.closed_at else None,
        "fingerprint": ballot.fingerprint,
        "fingerprint_is": "SHA-256 of the canonical JSON of `covered`",
        "winners": [row["title"] for row in projects_rows(ballot) if row["funded"]],
        "published": counts.published(ballot),
    }
    if counts.published(ballot):
        told["covered"] = balloting.published(ballot)
        told["counts"] = {name: _counted(ballot, name) for name in counts.stored(ballot)}
    return told


def projects_rows(ballot: Ballot) -> list[dict[str, Any]]:
    """Return a row for each project on the ballot with what became of it, where that is told."""
    kept = counts.stored(ballot)
    told = counts.published(ballot) and bool(kept)
    deciding = counts.deciding(ballot)
    won, plain = (kept[name].winners if told else () for name in (deciding, MOST_VOTES))
    counted = counts.election(ballot) if told else None
    ids = [project.id for project in counted.projects] if counted else []
    votes = dict(zip(ids, counted.votes, strict=True)) if counted else {}
    points = (
        dict(zip(ids, counted.points, strict=True))
        if counted and counted.kind != "approval"
        else {}
    )
    return [
        {
            "project": option.id,
            "title": str(option.title),
            "line": str(option.line) if option.line else "",
            "cost_pence": option.cost,
            "council_cost_pence": option.council_cost,
            "votes": votes.get(option.id),
            "points": points.get(option.id),
            "funded": option.id in won if told else None,
            "funded_by_most_votes": option.id in plain if told else None,
        }
        for option in frozen_terms.read(ballot.terms).options
    ]


def papers_rows(ballot: Ballot) -> list[dict[str, Any]]:
    """Return the counted papers, one a row, in the order of their text; none with under five."""
    if not counts.published(ballot):
        return []
    put = frozen_terms.read(ballot.terms)
    return [
        {
            "paper": number,
            "projects": " ".join(choice),
            "points": " ".join(map(str, choice.values())) if isinstance(choice, dict) else "",
            "cost_pence": put.cost_of(list(choice)),
        }
        for number, choice in enumerate(balloting.counted_choices(ballot), start=1)
    ]


def election_pb(ballot: Ballot) -> str:
    """Return the election with its papers in the .pb format (Pabulib), winners marked."""
    result = counts.stored(ballot)[counts.deciding(ballot)]
    rule, decided = _rule(result)
    put = frozen_terms.read(ballot.terms)
    meta = {
        "description": str(ballot.question),
        "country": "United Kingdom",
        "unit": str(ballot.panel.name),
        "instance": ballot.public_id,
        "rule": rule,
        "date_begin": f"{ballot.opened_at:%d.%m.%Y}" if ballot.opened_at else "",
        "date_end": f"{ballot.closed_at:%d.%m.%Y}" if ballot.closed_at else "",
        "currency": "GBP",
        **_limit(put),
        "comment": f"#1: {decided}",
    }
    return format_pb(document_of(counts.election(ballot), meta=meta, selected=result.winners))


def pot_pb(pot: Pot) -> str:
    """Return a pot's projects in the .pb format, as they are before anybody votes."""
    projects = [
        Project(p.public_id, p.cost, name=str(p.title), area=str(p.line.name) if p.line else "")
        for p in pot.projects
    ]
    meta = {
        "description": str(pot.name),
        "country": "United Kingdom",
        "unit": str(pot.panel.name),
        "instance": pot.public_id,
        "rule": "unknown",
        "currency": "GBP",
        "comment": "#1: The projects before the vote",
    }
    return format_pb(document_of(approval_election(projects, [], pot=pot.amount), meta=meta))


def _limit(put: frozen_terms.Terms) -> dict[str, str]:
    """Return what a paper could say at most, under Pabulib's names."""
    name = {"points": "max_sum_points", "approval": "max_length", "ranking": "max_length"}
    limit = ways.limit_of(put)
    return {name[put.rules.way]: str(limit)} if limit and put.rules.way in name else {}


def _rule(result: Result) -> tuple[str, str]:
    """Name the rule that decided as Pabulib does, and in words.

    Pabulib has no name for a finish by votes, nor does its checker know our lots, odd pence and
    limits, or Equal Shares over anything but approvals.
    """
    ties = ", ".join(result.rule.ties)
    costs = [bought.cost for bought in result.rounds] + [lost.cost for lost in result.losers]
    rule = result.rule
    nameless = (
        any(tie.decided_by.startswith("seed:") for tie in result.ties)
        or any(amount % result.unit for amount in [result.pot, *costs])
        or bool(rule.minimum_votes > 1 or rule.incompatible or rule.area_caps)
        # Where everything wanted is funded, the checker raises the purses for ever.
        or not any(lost.votes for lost in result.losers)
    )
    if rule.name == "greedy":
        decided = f"Most votes or points first, each that the money left pays for; ties by {ties}"
        return ("unknown" if nameless or result.ballot == "ranking" else "greedy"), decided
    decided = (
        f"Method of Equal Shares with utility {result.utility}, completed by add1 (until"
        f" overspend), then by most votes with what was left (add1u); ties by {ties}"
    )
    finished = any(bought.stage != "shares" for bought in result.rounds)
    unnamed = nameless or finished or result.ballot != "approval"
    return ("unknown" if unnamed else "equalshares/add1"), decided


def on_projects(panel: Panel) -> list[Ballot]:
    """Return the panel's closed ballots on projects, newest first."""
    return [ballot for ballot in queries.closed_ballots(panel) if ballot.kind == KIND]


def decision_rows(panel: Panel) -> Rows:
    """Return every project of every closed budget ballot with what became of it."""
    return [
        {"ballot": ballot.public_id, **row}
        for ballot in on_projects(panel)
        for row in projects_rows(ballot)
    ]


def decisions(panel: Panel) -> list[dict[str, Any]]:
    """Return every closed budget ballot with its counts and their explanation."""
    return [ballot_result(ballot) for ballot in on_projects(panel)]


DECISIONS = Dataset(
    name="decisions",
    title=_("What was decided"),
    fields=(BALLOT_FIELD, *PROJECT_FIELDS),
    more=RESULT_FIELDS,
    rows=decision_rows,
    whole=decisions,
)
PAPERS = Dataset(
    name="papers",
    title=_("Votes"),
    about="ballot",
    fields=PAPER_FIELDS,
    rows=papers_rows,
    whole=papers_rows,
)
RESULT = Dataset(
    name="ballot",
    title=_("Projects"),
    about="ballot",
    fields=PROJECT_FIELDS,
    more=(BALLOT_FIELD, *RESULT_FIELDS),
    rows=projects_rows,
    whole=ballot_result,
)


def evidence_files(panel: Panel) -> dict[str, bytes]:
    """Return what is published of each closed ballot, by path."""
    files: dict[str, str] = {}
    for ballot in on_projects(panel):
        folder = f"ballots/{ballot.public_id}"
        files[f"{folder}/ballot.json"] = RESULT.json_file(ballot)
        files[f"{folder}/projects.csv"] = RESULT.csv_file(ballot)
        if counts.published(ballot):
            files[f"{folder}/papers.csv"] = PAPERS.csv_file(ballot)
            files[f"{folder}/election.pb"] = election_pb(ballot)
    return {path: text.encode() for path, text in files.items()}


EVIDENCE = Evidence(evidence_files)


def _counted(ballot: Ballot, name: str) -> dict[str, Any]:
    """Return one count in data and words; margins are null until they are worked out."""
    result = counts.stored(ballot)[name]
    titles = {o.id: str(o.title) for o in frozen_terms.read(ballot.terms).options}
    told = explain(result, money=money.as_text, title=lambda project: titles[project])
    kept = counts.kept(ballot, name)
    return {
        "result": kept.result,
        "fingerprint": canonical.fingerprint(kept.result),
        "margins": kept.margins,
        "margins_are": MARGINS_ARE,
        "in_words": told.lines(),
    }
