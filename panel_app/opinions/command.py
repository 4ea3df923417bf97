"""The command `panel-app opinions`: group the people of a Polis export and print the analysis."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from panel_app import opinions as words
from panel_app.gettext_protocol import plain_gettext, plain_ngettext
from sortition.faults import InputFaults

if TYPE_CHECKING:  # numpy waits until the command runs
    from panel_app.opinions.analysis import Analysis
    from panel_app.opinions.polis.conversation import Conversation
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
    conversation = _read(directory, agree)
    analysis, seconds = _analyse(conversation, k, source, seed)
    if as_json:
        click.echo(json.dumps(_as_json(analysis, seconds), ensure_ascii=False, indent=2))
    else:
        for line in _as_text(conversation, analysis, seconds):
            click.echo(line)


def _read(directory: Path, agree: str | None) -> Conversation:
    """Read the folder, or say every fault and exit with 2."""
    from panel_app.opinions.api import TooLarge, read_polis

    try:
        return read_polis(directory, agree=int(agree) if agree else None)
    except InputFaults as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
    except TooLarge as error:
        click.echo(str(error), err=True)
    sys.exit(2)


def _analyse(
    conversation: Conversation, k: int | None, source: str, seed: int
) -> tuple[Analysis, float]:
    if source == "published" and not conversation.groups:
        click.echo("No groups were published with these files.", err=True)
        sys.exit(2)
    from panel_app.opinions.api import analyse, analyse_given_groups

    import_module("scipy.linalg")  # loaded before the clock starts
    start = time.perf_counter()
    if source == "published":
        analysis = analyse_given_groups(conversation.matrix, conversation.groups, seed=seed)
    else:
        analysis = analyse(conversation.matrix, seed=seed, k=k)
    return analysis, time.perf_counter() - start


def _as_json(analysis: Analysis, seconds: float) -> dict[str, Any]:
    matrix, gate = analysis.matrix, analysis.gate
    texts = {statement.id: statement.text for statement in matrix.statements}
    return {
        "participants": len(matrix.participants),
        "statements": len(matrix.statements),
        "votes": matrix.votes,
        "clustered": len(analysis.groups),
        "k": analysis.k,
        "sizes": [analysis.sizes[label] for label in analysis.sizes],
        "silhouette": analysis.silhouette,
        "beyond_chance": gate.beyond_chance,
        "stability": gate.stability,
        "shown": gate.shown,
        "reason": None if gate.shown else words.gate_sentence(gate, **WORDS),
        "groups": dict(analysis.groups),
        "gic": analysis.consensus,
        "majority": {
            "agree": _picks(analysis.majority.agree, texts),
            "disagree": _picks(analysis.majority.disagree, texts),
        },
        "representative": {
            str(label): _picks(picks, texts) for label, picks in analysis.representative.items()
        },
        "seconds": round(seconds, 4),
    }


def _picks(picks: Sequence[Pick], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**asdict(pick), "text": texts[pick.statement]} for pick in picks]


def _as_text(conversation: Conversation, analysis: Analysis, seconds: float) -> list[str]:
    from panel_app.opinions.api import read_votes

    reading = read_votes(analysis)
    texts = {statement.id: statement.text for statement in analysis.matrix.statements}
    lines = [
        conversation.topic,
        _size_line(analysis, seconds),
        *conversation.remarks,
        words.gate_sentence(analysis.gate, **WORDS),
    ]
    for kind, heading in _HEADINGS.items():
        lines += _section(heading, words.tell(kind, reading, texts, **WORDS))
    for label in reading.sizes:
        lines += _section(*words.tell_group(reading, label, texts, **WORDS))
    return lines


def _size_line(analysis: Analysis, seconds: float) -> str:
    matrix = analysis.matrix
    return (
        f"{len(matrix.participants)} participants, {len(matrix.statements)} statements, "
        f"{matrix.votes} votes; grouped in {seconds:.2f} s"
    )


def _section(heading: str, told: Sequence[words.Told]) -> list[str]:
    lines = ["", heading]
    for one in told:
        lines.append(f"- {one.sentence}")
        lines += [f"    {line}" for line in one.by_group]
    return lines if told else []
