"""The certificate of a lottery: each level's multipliers, from which anyone gets the bound."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sortition import verify
from sortition.lottery_making.proof import Branch, Leaf
from sortition.lottery_making.relaxation import Level
from sortition.panel_model import Floats, Model

_SCALE = 10**12


def write_certificate(
    model: Model, levels: Sequence[Level], files: Mapping[str, str], claims: Mapping[str, object]
) -> str:
    """The text of certificate.json for a bundle whose pool and targets are in `files`.

    Multipliers are whole numbers of 10^-12; each level's `bound` is what they prove, as an exact
    fraction recomputed here as the verifier will. `claims` are added as they are.
    """
    places = _places(model, files)
    body: dict[str, Any] = {**claims, "levels": [_level(model, level, places) for level in levels]}
    draft = {**files, "certificate.json": verify.canonical_json(body)}
    for level, bound in zip(body["levels"], verify.certificate_bounds(draft), strict=True):
        level["bound"] = str(bound)
    return verify.canonical_json(body)


class _Places:
    """Where the model's types and household classes stand in the verifier's order."""

    def __init__(self, types: dict[int, int], classes: dict[int, int]) -> None:
        self.types, self.classes = types, classes


def _places(model: Model, files: Mapping[str, str]) -> _Places:
    values_of = {identity: kind.values for kind in model.types for identity in kind.members}
    make_ups = [
        tuple(sorted(values_of[identity] for identity in homes[0])) for homes in model.households
    ]
    published = list(verify.types_of(verify.read_register(files)))
    place = {kind: at for at, kind in enumerate(published)}
    classes = list(dict.fromkeys(kind.make_up for kind in published if kind.make_up is not None))
    types = {}
    for at, kind in enumerate(model.types):
        home = kind.household_class
        make_up = None if home is None else make_ups[home]
        types[at] = place[verify.Type(kind.values, make_up)]
    class_place = {make_up: at for at, make_up in enumerate(classes)}
    return _Places(types, {at: class_place[make_up] for at, make_up in enumerate(make_ups)})


def _level(model: Model, level: Level, places: _Places) -> dict[str, Any]:
    body: dict[str, Any] = {
        "value": f"{level.value:.12f}",
        "types": sorted(places.types[int(kind)] for kind in level.types),
    }
    if level.proof is None:
        bounds = [[places.types[kind], round(v * _SCALE)] for kind, v in level.bounds.items()]
        return {**body, **_multipliers(model, level.rows, places), "bounds": sorted(bounds)}
    worth = [
        [places.types[kind], round(float(level.proof.worth[kind]) * _SCALE)]
        for kind in np.flatnonzero(level.proof.worth).tolist()
    ]
    return {**body, "worth": sorted(worth), "proof": _tree(model, level.proof.tree, places)}


def _tree(model: Model, node: Branch | Leaf, places: _Places) -> dict[str, Any]:
    if isinstance(node, Leaf):
        return _multipliers(model, node.rows, places)
    return {
        "type": places.types[node.kind],
        "most": node.most,
        "below": _tree(model, node.below, places),
        "above": _tree(model, node.above, places),
    }


def _multipliers(model: Model, multipliers: Floats, places: _Places) -> dict[str, Any]:
    rows = [round(float(multiplier) * _SCALE) for multiplier in multipliers]
    targets = zip(model.targets, rows[1 : model.core_rows], strict=True)
    return {
        "size": rows[0],
        "targets": [[target.feature, target.value, row] for target, row in targets if row],
        "households": sorted(
            [places.classes[at], row] for at, row in enumerate(rows[model.core_rows :]) if row
        ),
    }
