"""Sortition: fair lotteries for representative panels, exact and verifiable.

Which module does what, in the order of a lottery:

    csv_files, folding, targets, pool     read the files (workbook: xlsx); bands, not_this_one
    panel_model                           types of people, rows of targets; who is selected already
    households                            who may be one home, or one person, for somebody to decide
    region, swaps                         whole points within bounds and rows, by swaps or programs
    feasibility                           is there a panel at all, and what change would allow one
    api                                   the questions: a panel, the fairest weights, M panels
    lottery_making                        the fairest weights, and M equal panels, made and proven
    lotteries                             what comes out, and what it means for each value
    certificate, bundle, verify           what a stranger checks: multipliers, hashes, the draw
    replacement, reserves, invitations    before and after the panel (waves: invitations for
                                          strangers to check); seating puts it at tables
    highs, progress, faults, messages     the solver; stops and the best so far; what is wrong, said
    cli                                   `python -m sortition`

The names below load their modules when first used, so importing the package stays cheap and the
verifier runs where no solver is installed.
"""

from importlib import import_module

_NAMES_OF = {
    "api": "check solve make_lottery settle",
    "bundle": "Bundle Draw seal draw_with_dice draw_with_beacon read_bundle read_key",
    "households": "Likely Pair Record likely_pairs",
    "faults": "Fault InputFaults",
    "feasibility": "Infeasible TargetChange",
    "invitations": "Entry Invitations read_list draw_invitations",
    "lotteries": "Distribution Uncoverable Lottery ValueChances chances_by_value",
    "pool": "Person Pool read_people",
    "progress": "Progress Stopped",
    "replacement": "Replacement NumberRange draw_replacements replacement_range",
    "reserves": "DropoutChances Reserves choose_reserves mean_shortfall plan_of",
    "sample": "sample_pool",
    "seating": "Guest Rules Plan Score seat score",
    "targets": "Target Targets read_targets size_faults",
    "waves": "SealedWave DrawnWave seal_wave draw_wave",
    "verify": "Check verify_files verify_directory",
}
_HOMES = {name: module for module, names in _NAMES_OF.items() for name in names.split()}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
