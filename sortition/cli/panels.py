"""The commands about panels: `check`, `solve`, `lottery`, `draw`, `replace`, `reserves`."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sortition import api, bundle, verify
from sortition.cli.inputs import (
    Inputs,
    known,
    people_csv,
    read_ids,
    read_inputs,
    refuse,
    tell,
    write_files,
)
from sortition.cli.main import INFEASIBLE
from sortition.csv_cells import csv_text
from sortition.dropouts import DropoutChances, choose_reserves, draw_replacements
from sortition.lotteries import Distribution, Uncoverable, chances_by_value
from sortition.progress import Stopped

#: What `solve` writes, and any run that is stopped.
SAVED = ("distribution.json", "probabilities.csv")


def check(options: argparse.Namespace) -> int:
    """Check the files and whether a panel exists; exit 3 with the smallest relaxation if not."""
    inputs = read_inputs(options)
    refusal = api.check(inputs.pool, inputs.targets, options.size, already_selected=inputs.selected)
    message = "Valid panels exist." if refusal is None else str(refusal)
    notices = [str(notice) for notice in (*inputs.targets.notices, *inputs.pool.notices)]
    value = {
        "feasible": refusal is None,
        "message": message,
        "changes": [] if refusal is None else [asdict(change) for change in refusal.changes],
        "within_flex": refusal is None or refusal.within_flex,
        "pool": len(inputs.pool),
        "size": options.size,
        "shared_addresses": [list(ids) for ids in inputs.pool.households],
        "notices": notices,
    }
    if refusal is None or options.json:
        tell(options, value, [*notices, message])
    if refusal is None:
        return 0
    print(message, file=sys.stderr)
    return INFEASIBLE


def solve(options: argparse.Namespace) -> int:
    """Find the fairest lottery; what was reached is saved when it is stopped."""
    inputs = read_inputs(options)
    with best_saved(options, inputs):
        distribution = api.solve(
            inputs.pool, inputs.targets, options.size, **asked(options, inputs)
        )
    return save(options, inputs, distribution)


def asked(options: argparse.Namespace, inputs: Inputs) -> dict[str, Any]:
    """What the options ask of a lottery, as the library takes it."""
    names = ("algorithm", "seed", "time_limit", "cancelled")
    given = {name: getattr(options, name) for name in names}
    return {**given, "already_selected": inputs.selected}


@contextmanager
def best_saved(options: argparse.Namespace, inputs: Inputs) -> Iterator[None]:
    """Save the best distribution so far, if there is one, where what runs inside is stopped."""
    try:
        yield
    except Stopped as stopped:
        if stopped.best is not None:
            save(options, inputs, stopped.best)
        raise


def save(options: argparse.Namespace, inputs: Inputs, distribution: Distribution) -> int:
    """Write distribution.json and probabilities.csv, and print the summary."""
    value, chances = _summary(options, inputs, distribution), distribution.probabilities
    rows = [[one.id, f"{float(chances[one.id]):.12g}"] for one in inputs.pool if one.id in chances]
    texts = (_distribution_text(value, distribution), csv_text(["id", "probability"], rows))
    return tell(options, value, _lines(distribution), dict(zip(SAVED, texts, strict=True)))


def _summary(
    options: argparse.Namespace, inputs: Inputs, distribution: Distribution
) -> dict[str, object]:
    measures = "min_probability", "upper_bound", "gap", "without_chance"
    gini, mean = distribution.spread()
    gini_of_reachable, mean_of_reachable = distribution.spread(reachable=True)
    return {
        "algorithm": distribution.algorithm,
        "exact": distribution.exact,
        "size": options.size,
        "pool": len(inputs.pool),
        "types": len(distribution.model.types),
        "levels": len({round(float(chance), 7) for chance in distribution.type_chances}),
        **{name: getattr(distribution, name) for name in measures},
        "gini": gini,
        "geometric_mean": mean,
        "gini_of_reachable": gini_of_reachable,
        "geometric_mean_of_reachable": mean_of_reachable,
        "panels": len(distribution.panels),
        "uncoverable": [uncoverable_json(group) for group in distribution.uncoverable],
        "seconds": round(distribution.seconds, 3),
    }


def uncoverable_json(group: Uncoverable) -> dict[str, object]:
    """A combination that no panel can hold, as JSON."""
    return {"features": dict(group.features), "people": list(group.people), "change": group.change}


def _distribution_text(value: dict[str, object], distribution: Distribution) -> str:
    """Types, panels as seats by type, and exact whole-number weights."""
    panels = [
        {"weight": weight, "types": panel.tolist()}
        for panel, weight in zip(distribution.panels, distribution.weights, strict=True)
    ]
    types = [
        {"values": list(kind.values), "people": list(kind.members), "chance": str(chance)}
        for kind, chance in zip(distribution.model.types, distribution.type_chances, strict=True)
    ]
    shares = [asdict(row) for row in chances_by_value(distribution)]
    body = {**value, "total_weight": distribution.total_weight, "values": shares}
    return json.dumps({**body, "types": types, "panels": panels}, ensure_ascii=False) + "\n"


def _lines(distribution: Distribution) -> list[str]:
    gini, mean = distribution.spread()
    lines = [
        f"{distribution.algorithm}: smallest chance {distribution.min_probability:.6f}",
        f"proven bound {distribution.upper_bound:.6f}, gap {distribution.gap:.1e}",
        f"{distribution.without_chance} people without any chance",
        f"Gini {gini:.5f}, geometric mean {mean:.6f}",
        f"{len(distribution.panels)} panels, {distribution.seconds:.1f} seconds",
    ]
    for group in distribution.uncoverable:
        combination = ", ".join(f"{name} {value}" for name, value in group.features.items())
        help_text = f" {group.change}" if group.change else ""
        lines.append(f"No panel can hold {combination} ({len(group.people)} people).{help_text}")
    return lines


def lottery(options: argparse.Namespace) -> int:
    """Make equally likely panels and write them, sealed, as a bundle."""
    if options.out is None:
        raise refuse("lottery", "Say with --out where to write the bundle.")
    if (options.out / verify.DRAW).exists():
        raise refuse(
            "lottery", f"{options.out} holds a bundle that has been drawn. Choose another."
        )
    inputs = read_inputs(options)
    with best_saved(options, inputs):
        made = api.make_lottery(
            inputs.pool,
            inputs.targets,
            options.size,
            panels=options.panels,
            **asked(options, inputs),
        )
    sealed = bundle.seal(made, salt=options.salt, randomness=options.randomness)
    sealed.write(options.out)
    for name in SAVED:  # of a run that was stopped before: they name people
        (options.out / name).unlink(missing_ok=True)
    least = float(made.min_probability)
    value = {
        "algorithm": made.algorithm,
        "size": options.size,
        "pool": len(inputs.pool),
        "panels": len(made.panels),
        "min_probability": least,
        "upper_bound": made.upper_bound,
        "most_possible": float(made.most_possible),
        "max_type_deviation": made.max_type_deviation,
        "uncoverable": [uncoverable_json(group) for group in made.uncoverable],
        "commitment": sealed.commitment,
        "private_key": str(bundle.private_key_path(options.out)),
    }
    lines = [
        f"{len(made.panels)} equally likely panels.",
        (
            f"Everyone a panel can hold: at least {least:.6f}; no lottery of as many panels gives"
            f" everyone more than {float(made.most_possible):.6f}."
        ),
        f"Publish this before the draw: {sealed.commitment}",
        f"Keep this private: {bundle.private_key_path(options.out)}",
    ]
    return tell(options, value, lines)


def draw(options: argparse.Namespace) -> int:
    """Draw a panel by dice or beacon and add draw.json and selected.csv to the bundle."""
    failed = [check for check in verify.verify_directory(options.directory) if not check.ok]
    drawn_before = {verify.DRAW, verify.SELECTED}
    failed = [check for check in failed if check.name not in drawn_before]
    if failed:
        raise refuse("draw", failed[0].message)
    files = bundle.read_bundle(options.directory)
    if verify.DRAW in files:
        raise refuse("draw", "This bundle has been drawn already; a second draw would be a choice.")
    try:
        drawn = _drawn(options, files, bundle.read_key(options.directory))
    except ValueError as error:
        raise refuse("draw", str(error)) from error
    write_files(options.directory, drawn.files)
    people = drawn.selected or drawn.pseudonyms
    value = {"index": drawn.index, "pseudonyms": list(drawn.pseudonyms), "selected": list(people)}
    return tell(options, value, [f"Panel {drawn.index}:", *people])


def _drawn(options: argparse.Namespace, files: dict[str, str], key: dict[str, str]) -> bundle.Draw:
    if (options.dice is None) == (options.beacon is None):
        raise ValueError("Give either --dice or --beacon.")
    if options.dice is not None:
        return bundle.draw_with_dice(files, options.dice, key)
    name, separator, beacon = options.beacon.partition(":")
    if not (name and separator and beacon):
        raise ValueError("Give the beacon as NAME:VALUE.")
    return bundle.draw_with_beacon(files, name, beacon, key)


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
