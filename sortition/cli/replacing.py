"""The commands `replace` and `reserves`."""

import argparse

from sortition.cli.inputs import Inputs, known, people_csv, read_ids, read_inputs, refuse, tell
from sortition.replacement import draw_replacements
from sortition.reserves import DropoutChances, choose_reserves


def replace(options: argparse.Namespace) -> int:
    """Draw the people who restore the targets after some members dropped out."""
    inputs = _with_panel(options)
    dropped: tuple[str, ...] = ()
    if options.dropped is not None:
        dropped, _ = read_ids(options.dropped, inputs.pool, "dropped")
    gone = {person.id for person in known(inputs.pool, dropped, "dropped")}
    staying = [person for person in inputs.selected if person.id not in gone]
    drawn = draw_replacements(
        inputs.pool.without_ids(gone),
        inputs.targets,
        options.size,
        staying=staying,
        seed=options.seed,
        time_limit=options.time_limit,
        cancelled=options.cancelled,
    )
    files = {"replacements.csv": people_csv(inputs.pool, drawn.selected)}
    value = {
        "selected": list(drawn.selected),
        "fewest": drawn.numbers.fewest,
        "most": drawn.numbers.most,
        "min_probability": drawn.distribution.min_probability,
        "exact": drawn.distribution.exact,
    }
    possible = f"{drawn.numbers.fewest} to {drawn.numbers.most} replacements could meet the targets"
    return tell(options, value, [f"{possible}. Drawn:", *drawn.selected], files)


def reserves(options: argparse.Namespace) -> int:
    """Choose reserves for a panel in advance."""
    inputs = _with_panel(options)
    chosen = choose_reserves(
        inputs.pool,
        inputs.targets,
        inputs.selected,
        options.count,
        chances=DropoutChances(options.dropout, _dropout_by_value(options.dropout_by)),
        seed=options.seed,
    )
    files = {"reserves.csv": people_csv(inputs.pool, chosen.selected)}
    value = {
        "selected": list(chosen.selected),
        "expected_shortfall_without": chosen.without,
        "expected_shortfall": chosen.with_reserves,
    }
    said = f"Expected shortfall {chosen.with_reserves:.2f} instead of {chosen.without:.2f}. Chosen:"
    return tell(options, value, [said, *chosen.selected], files)


def _with_panel(options: argparse.Namespace) -> Inputs:
    inputs = read_inputs(options)
    if not inputs.selected:
        raise refuse(options.command, "Say with --already-selected who is on the panel.")
    return inputs


def _dropout_by_value(texts: list[str]) -> dict[tuple[str, str], float]:
    found = {}
    for text in texts:
        name, _, chance = text.rpartition("=")
        feature, separator, value = name.partition(":")
        try:
            found[feature, value] = float(chance)
        except ValueError:
            separator = ""
        if not separator:
            raise refuse("reserves", f"“{text}” is not FEATURE:VALUE=CHANCE.")
    return found
