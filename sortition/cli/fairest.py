"""The commands `check` and `solve`."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sortition import api
from sortition.cli.inputs import Inputs, read_inputs, tell
from sortition.cli.main import INFEASIBLE
from sortition.csv_cells import csv_text
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
