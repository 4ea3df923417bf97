"""Ballots on service lines as open data: enough for anyone to count again."""

from __future__ import annotations

from typing import Any

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import counts, queries
from panel_app.budgets.shares import result, services, terms
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.web.exports import Dataset, Evidence, Field

LINE_FIELDS = (
    Field("line", "code", "The service line's public identifier"),
    Field("name", "text", "Its name, in its main language"),
    Field("yearly_pence", "pence", "What it spent in a year when the ballot opened"),
    Field("amount_pence", "pence", "What it gets of the pot; empty where fewer than five voted"),
    Field("average_pence", "pence", "What a plain average of all papers would have given it"),
    Field("wanted", "number", "How many wanted at least that for it, before rounding to pence"),
)
PAPER_FIELDS = (
    Field("paper", "number", "The place in the order of the papers' text, from 1; nobody's number"),
    Field("line", "code", "A service line, by its identifier"),
    Field("percent", "number", "What percent of the pot the paper gives it"),
)
MORE = (
    Field("ballot", "code", "The ballot's public identifier"),
    Field("closed_at", "time", "When the ballot closed (UTC)"),
    Field("fingerprint", "code", "SHA-256 that was made at closing, hexadecimal"),
    Field("fingerprint_is", "text", "What the fingerprint covers"),
    Field("published", "yes or no", "Whether five or more voted, so that votes are told"),
    Field("covered", "document", "What the fingerprint covers: terms, papers and receipts"),
    Field("result", "document", "The count: its rule, the pot and what each line gets, in pence"),
    Field("in_words", "list", "What each line gets, in sentences"),
)


def line_rows(ballot: Ballot) -> list[dict[str, Any]]:
    """Return a row for each line with what it gets, where that is told."""
    kept = result.stored(ballot) if counts.published(ballot) else None
    shares = {share.line: share for share in kept.lines} if kept else {}
    return [
        {
            "line": line.id,
            "name": str(line.name),
            "yearly_pence": line.yearly,
            "amount_pence": shares[line.id].amount if shares else None,
            "average_pence": shares[line.id].average if shares else None,
            "wanted": shares[line.id].wanted if shares else None,
        }
        for line in terms.read(ballot.terms).lines
    ]


def paper_rows(ballot: Ballot) -> list[dict[str, Any]]:
    """Return a row for each line of each counted paper, in the order of the papers' text."""
    if not counts.published(ballot):
        return []
    lines = [line.id for line in terms.read(ballot.terms).lines]
    return [
        {"paper": number, "line": line, "percent": choice.get(line, 0)}
        for number, choice in enumerate(balloting.counted_choices(ballot), start=1)
        for line in lines
    ]


def whole(ballot: Ballot) -> dict[str, Any]:
    """Return everything published of a closed ballot; neither votes nor result of under five."""
    told: dict[str, Any] = {
        "ballot": ballot.public_id,
        "closed_at": ballot.closed_at.isoformat() if ballot.closed_at else None,
        "fingerprint": ballot.fingerprint,
        "fingerprint_is": "SHA-256 of the canonical JSON of `covered`",
        "published": counts.published(ballot),
    }
    kept, shown = result.stored(ballot), result.of(ballot)
    if told["published"] and kept and shown:
        told["covered"] = balloting.published(ballot)
        told["result"] = services.written(kept)
        told["in_words"] = [line.words for line in shown.lines]
    return told


LINES = Dataset(
    name="lines",
    title=_("Service lines"),
    about="ballot",
    fields=LINE_FIELDS,
    more=MORE,
    rows=line_rows,
    whole=whole,
)
SHARES = Dataset(
    name="shares",
    title=_("Shares of the pot"),
    about="ballot",
    fields=PAPER_FIELDS,
    rows=paper_rows,
    whole=paper_rows,
)


def evidence_files(panel: Panel) -> dict[str, bytes]:
    """Return what is published of each closed ballot on lines, by path."""
    files: dict[str, str] = {}
    for ballot in queries.closed_ballots(panel):
        if ballot.kind != terms.KIND:
            continue
        folder = f"ballots/{ballot.public_id}"
        files[f"{folder}/ballot.json"] = LINES.json_file(ballot)
        files[f"{folder}/lines.csv"] = LINES.csv_file(ballot)
        if counts.published(ballot):
            files[f"{folder}/papers.csv"] = SHARES.csv_file(ballot)
    return {path: text.encode() for path, text in files.items()}


EVIDENCE = Evidence(evidence_files)
