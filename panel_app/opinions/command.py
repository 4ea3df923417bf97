"""The command `panel-app opinions`: group the people of a Polis export and print the analysis."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from panel_app import opinions as words
from panel_app.gettext_protocol import plain_gettext, plain_ngettext
from sortition.faults import InputFaults

if TYPE_CHECKING:  # numpy waits until the command runs
    from panel_app.opinions.analysis import Analysis
    from panel_app.opinions.polis.reader import Conversation
    from panel_app.opinions.representative import Pick

_HEADINGS: Mapping[words.Kind, str] = {
    "common_ground": "Common ground",
    "divides": "What divides",
    "unsure": "What people are unsure of",
}
WORDS: Any = {"gettext": plain_gettext, "ngettext": plain_ngettext}


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--k", type=click.IntRange(min=2), help="Pin the number of groups.")
@click.option(
    "--groups",
    "source",
    type=click.Choice(["found", "published"]),
    default="found",
    help="Find groups, or describe those published with the files.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, help="The same seed gives the same groups."
)
@click.option(
    "--agree",
    type=click.Choice(["1", "-1"]),
    help="Which value means agreeing; found out from the totals where not given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of sentences.")
def opinions(
    directory: Path, k: int | None, source: str, seed: int, agree: str | None, as_json: bool
) -> None:
    """Find the opinion groups of a conversation exported by Polis (DIRECTORY)."""
    if source == "published" and k is not None:
        raise click.UsageError("--k pins the number of groups found; leave out --groups published.")
    from panel_app.opinions.api import TooLarge, analyse, analyse_given_groups, read_polis

    try:
        conversation = read_polis(directory, agree=int(agree) if agree else None)
    except (InputFaults, TooLarge) as error:
        _refuse(*getattr(error, "faults", [error]))
    if source == "published" and not conversation.groups:
        _refuse("No groups were published with these files.")
    import_module("scipy.linalg")  # loaded before the clock starts
    start = time.perf_counter()
    if source == "published":
        analysis = analyse_given_groups(conversation.matrix, conversation.groups, seed=seed)
    else:
        analysis = analyse(conversation.matrix, seed=seed, k=k)
    seconds = time.perf_counter() - start
    if as_json:
        click.echo(json.dumps(_as_json(analysis, seconds), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_as_text(conversation, analysis, seconds)))


def _refuse(*faults: object) -> NoReturn:
    click.echo("\n".join(map(str, faults)), err=True)
    sys.exit(2)


def _as_json(analysis: Analysis, seconds: float) -> dict[str, Any]:
    matrix, gate, majority = analysis.matrix, analysis.gate, analysis.majority
    texts = {statement.id: statement.text for statement in matrix.statements}

    def told(picks: Sequence[Pick]) -> list[dict[str, Any]]:
        return [{**asdict(pick), "text": texts[pick.statement]} for pick in picks]

    return {
        "participants": len(matrix.participants),
        "statements": len(matrix.statements),
        "votes": matrix.votes,
        "clustered": len(analysis.groups),
        "k": analysis.k,
        "sizes": list(analysis.sizes.values()),
        "silhouette": analysis.silhouette,
        "beyond_chance": gate.beyond_chance,
        "stability": gate.stability,
        "shown": gate.shown,
        "reason": None if gate.shown else words.gate_sentence(gate, **WORDS),
        "groups": dict(analysis.groups),
        "gic": analysis.consensus,
        "majority": {"agree": told(majority.agree), "disagree": told(majority.disagree)},
        "representative": {str(of): told(picks) for of, picks in analysis.representative.items()},
        "seconds": round(seconds, 4),
    }


def _as_text(conversation: Conversation, analysis: Analysis, seconds: float) -> list[str]:
    from panel_app.opinions.api import read_votes

    reading = read_votes(analysis)
    matrix = analysis.matrix
    texts = {statement.id: statement.text for statement in matrix.statements}
    size = f"{len(matrix.participants)} participants, {len(matrix.statements)} statements"
    lines = [
        conversation.topic,
        f"{size}, {matrix.votes} votes; grouped in {seconds:.2f} s",
        *conversation.remarks,
        words.gate_sentence(analysis.gate, **WORDS),
    ]
    for kind, heading in _HEADINGS.items():
        lines += _section(heading, words.tell(kind, reading, texts, **WORDS))
    for label in reading.sizes:
        lines += _section(*words.tell_group(reading, label, texts, **WORDS))
    return lines


def _section(heading: str, told: Sequence[words.Told]) -> list[str]:
    lines = ["", heading]
    for one in told:
        lines.append(f"- {one.sentence}")
        lines += [f"    {line}" for line in one.by_group]
    return lines if told else []
