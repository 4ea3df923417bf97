"""The commands `invite` and `sample-pool`."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from sortition.cli.inputs import names, refuse, tell
from sortition.csv_cells import csv_text
from sortition.csv_files import read_table
from sortition.faults import FaultList
from sortition.invitations import draw_invitations, read_list
from sortition.sample import sample_pool


def invite(options: argparse.Namespace) -> int:
    """Draw the addresses or people to invite and show the pool to expect."""
    entries = read_list(
        options.people,
        id_column=options.id_column,
        area_column=options.area_column,
        household_columns=names(options.address_columns),
    )
    invited, plans = draw_invitations(
        entries,
        options.size,
        response_rates=_rates(options.rates) if options.rates else {},
        default_rate=options.rate,
        seed=options.seed,
    )
    areas = [{**asdict(plan), "expected": plan.expected} for plan in plans]
    expected = sum(plan.expected for plan in plans)
    value = {"invited": invited, "areas": areas, "expected_pool": expected}
    lines = [
        f"{plan.area or 'everywhere'}: {plan.invited} of {plan.listed} households, "
        f"about {plan.expected:.0f} registrations"
        for plan in plans
    ]
    files = {
        "invited.csv": csv_text(["id"], [[identity] for identity in invited]),
        "areas.csv": _table([{**a, "expected": round(a["expected"], 2)} for a in areas]),
    }
    return tell(options, value, [*lines, f"In all about {expected:.0f}."], files)


def _table(rows: Sequence[Mapping[str, object]]) -> str:
    return csv_text(list(rows[0]), [list(row.values()) for row in rows])


def _rates(path: Path) -> dict[str, float]:
    """Response rates by area from a CSV file with the columns area and rate."""
    faults = FaultList("rates")
    table = read_table(path, faults)
    rates: dict[str, float] = {}
    faults.raise_any()
    area_at, rate_at = table.position("area", faults), table.position("rate", faults)
    faults.raise_any()
    for record in table.records:
        try:
            rates[record.cells[area_at]] = float(record.cells[rate_at])
        except ValueError:
            text = record.cells[rate_at]
            faults.add("not_a_rate", row=record.row, column="rate", text=text)
    faults.raise_any()
    return rates


def sample(options: argparse.Namespace) -> int:
    """Write a realistic pool (people.csv) and its targets (targets.csv)."""
    if options.out is None:
        raise refuse("sample", "Say with --out where to write the files.")
    made = sample_pool(
        size=options.size, panel=options.panel, features=options.features, seed=options.seed
    )
    files = {"targets.csv": _table(made.targets), "people.csv": _table(made.people)}
    value = {"people": len(made.people), "targets": len(made.targets), "out": str(options.out)}
    return tell(options, value, [f"{len(made.people)} people in {options.out}"], files)
