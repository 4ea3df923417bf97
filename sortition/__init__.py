"""Sortition: fair lotteries for representative panels, exact and verifiable.

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
    "Distribution": "distribution",
    "Uncoverable": "distribution",
    "Lottery": "lottery",
    "check": "checking",
    "Findings": "checking",
    "solve": "solving",
    "make_lottery": "solving",
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
