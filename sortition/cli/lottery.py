"""The commands `lottery` and `draw`."""

import argparse

from sortition import api, bundle, verify
from sortition.cli.fairest import SAVED, asked, best_saved, uncoverable_json
from sortition.cli.inputs import read_inputs, refuse, tell, write_files


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
