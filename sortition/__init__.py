"""Sortition: fair lotteries for representative panels, exact and verifiable.

Which module does what, in the order of a lottery:

    csv_files, folding, targets, pool     read the files; not_this_one asks whom a column leaves out
    seats_left, panel_model               who is selected already; types of people, rows of targets
    region, swaps                         whole points within bounds and rows, by swaps or programs
    feasibility, feasibility_check        is there a panel at all, and what change would allow one
    api                                   the two questions: the fairest weights, M equal panels
    lottery_making.fairest_weights        relaxation, then peeling, panels_on_demand or generation
    lottery_making.equal_panels           splitting and regrouping into M panels; dealing
    lotteries, composition, report        what comes out, and what it means for each value
    certificate, bundle, verify           what a stranger checks: multipliers, hashes, the draw
    replacement, reserves, invitations    before and after the panel; seating puts it at tables
    highs, progress, faults, messages     the solver; stops and the best so far; what is wrong, said
    cli                                   `python -m sortition`

The names below load their modules when first used, so importing the package stays cheap and the
verifier runs where no solver is installed.
"""

from importlib import import_module

_HOMES = {
    "Fault": "faults",
    "InputFaults": "faults",
    "Target": "targets",
    "Targets": "targets",
    "read_targets": "targets",
    "size_faults": "targets",
    "Person": "pool",
    "Pool": "pool",
    "read_people": "pool",
    "Progress": "progress",
    "Stopped": "progress",
    "Infeasible": "feasibility",
    "TargetChange": "feasibility",
    "Distribution": "lotteries",
    "Uncoverable": "lotteries",
    "Lottery": "lotteries",
    "check": "feasibility_check",
    "Findings": "feasibility_check",
    "solve": "api",
    "make_lottery": "api",
    "settle": "api",
    "Bundle": "bundle",
    "Draw": "bundle",
    "seal": "bundle",
    "draw_with_dice": "bundle",
    "draw_with_beacon": "bundle",
    "read_bundle": "bundle",
    "read_key": "bundle",
    "ValueCount": "composition",
    "panel_composition": "composition",
    "Check": "verify",
    "verify_files": "verify",
    "verify_directory": "verify",
    "sample_pool": "sample",
    "Replacement": "replacement",
    "NumberRange": "replacement",
    "draw_replacements": "replacement",
    "replacement_range": "replacement",
    "DropoutChances": "reserves",
    "Reserves": "reserves",
    "choose_reserves": "reserves",
    "ValueChances": "report",
    "chances_by_value": "report",
    "Entry": "invitations",
    "Invitations": "invitations",
    "read_list": "invitations",
    "draw_invitations": "invitations",
    "Guest": "seating",
    "Rules": "seating",
    "Plan": "seating",
    "Score": "seating",
    "seat": "seating",
    "score": "seating",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
