"""What strangers need to check a draw: sealed by one hash before it, opened by dice or a beacon.

A bundle is a lottery with its certificate (each level's multipliers, from which anyone gets the
bound), or a wave of invitations.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sortition import verify
from sortition.invitations import AreaPlan, Entry
from sortition.lotteries import Lottery
from sortition.lottery_making.proof import Branch, Leaf
from sortition.lottery_making.relaxation import Level
from sortition.panel_model import Floats, Model

#: The number is raised when the format of the files changes.
_FORMAT = {"format": 1, "software": "sortition 0.1.0"}

_PSEUDONYM_LENGTH = 16


@dataclass(frozen=True)
class Bundle:
    """The public files (name -> text), the hash to publish, and, kept apart, who is who.

    `key` maps pseudonyms to ids and `salt` is what they were made with: neither is published.
    """

    files: Mapping[str, str]
    commitment: str
    key: Mapping[str, str]
    salt: str

    def write(self, directory: Path) -> None:
        """Write the public files into `directory` and the private key beside it."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            (directory / name).write_text(text, encoding="utf-8", newline="")
        private = {"salt": self.salt, "ids": dict(self.key)}
        path = private_key_path(directory)
        path.touch(mode=0o600)
        path.write_text(verify.canonical_json(private), encoding="utf-8", newline="")


@dataclass(frozen=True)
class Draw:
    """The panel drawn: its number, the people by pseudonym and by id, and the files that say so."""

    index: int
    pseudonyms: tuple[str, ...]
    selected: tuple[str, ...]
    files: Mapping[str, str]


def private_key_path(directory: Path) -> Path:
    """Where the salt and the ids of a bundle's folder are kept: beside it, never in it."""
    return directory.with_name(f"{directory.resolve().name}.private.json")


def seal(
    lottery: Lottery,
    *,
    salt: str | None = None,
    randomness: str = "",
    about: Mapping[str, object] | None = None,
) -> Bundle:
    """Write a lottery down under pseudonyms and commit to it.

    `randomness` says in words what will decide the draw; `about` is more to be sealed with the
    settings, of which `in_order` has those drawn stand in the order in which they are called. The
    same lottery and salt give the same bytes. Raises ValueError when two ids get one pseudonym
    (choose another salt).
    """
    salt = secrets.token_hex(16) if salt is None else salt
    names = {identity: pseudonym(salt, "person", identity) for identity in lottery.ids}
    if len(set(names.values())) < len(names):
        raise ValueError("Two ids have the same pseudonym; choose another salt.")
    settings = {
        **(about or {}),
        **_FORMAT,
        "algorithm": lottery.algorithm,
        "seats": lottery.model.size,
        "already_selected": len(lottery.already_selected),
        "panels": len(lottery.panels),
        "seed": lottery.seed,
        "randomness": randomness,
    }
    targets = [[t.feature, t.value, t.minimum, t.maximum] for t in lottery.model.targets]
    files = {
        "pool.csv": _pool_text(lottery, names, salt),
        "targets.csv": verify.csv_text(["feature", "value", "min", "max"], targets),
        "settings.json": verify.canonical_json(settings),
        "portfolio.csv": _portfolio_text(lottery, names),
    }
    left_out = [
        {"features": dict(group.features), "people": sorted(names[i] for i in group.people)}
        for group in lottery.uncoverable
    ]
    claims = {"min_probability": str(lottery.min_probability), "uncoverable": left_out}
    files["certificate.json"] = write_certificate(lottery.model, lottery.levels, files, claims)
    key = {name: identity for identity, name in sorted(names.items())}
    return Bundle(*_committed(files, verify.SEALED), key, salt)


def _committed(files: dict[str, str], sealed: Sequence[str]) -> tuple[dict[str, str], str]:
    """The files and commitment.json, and the hash."""
    commitment = verify.commitment_of(files, sealed)
    text = verify.canonical_json(commitment)
    return {**files, verify.COMMITMENT: text}, str(commitment["commitment"])


def draw_with_dice(files: Mapping[str, str], dice: str, key: Mapping[str, str]) -> Draw:
    """Draw the panel whose number the dice show, such as "407" or "4,0,7".

    Raises ValueError when the dice name no panel.
    """
    shown = "".join(mark for mark in dice if mark not in ", ")
    return _draw(files, {"kind": "dice", "value": shown}, key)


def draw_with_beacon(
    files: Mapping[str, str], name: str, value: str, key: Mapping[str, str]
) -> Draw:
    """Draw the panel that a named public beacon's value points to."""
    return _draw(files, {"kind": "beacon", "name": name, "value": value}, key)


def _draw(files: Mapping[str, str], randomness: Mapping[str, str], key: Mapping[str, str]) -> Draw:
    commitment = json.loads(files[verify.COMMITMENT])["commitment"]
    record = verify.draw_record(commitment, randomness)
    index = verify.draw_index(record, len(verify.read_portfolio(files)))
    pseudonyms = tuple(verify.people_drawn(files, record, index))
    if key and not key.keys() >= set(pseudonyms):
        raise ValueError("The private key beside the bundle belongs to another one.")
    return Draw(
        index=index,
        pseudonyms=pseudonyms,
        selected=tuple(key[name] for name in pseudonyms) if key else (),
        files={
            verify.DRAW: verify.canonical_json({**record, "index": index}),
            verify.SELECTED: verify.selected_text(files, record, index),
        },
    )


def read_bundle(directory: Path) -> dict[str, str]:
    """The files of a bundle's folder. Raises OSError or UnicodeDecodeError."""
    return {
        path.name: path.read_bytes().decode("utf-8")
        for path in sorted(directory.iterdir())
        if path.is_file()
    }


def read_key(directory: Path) -> dict[str, str]:
    """The private key beside a bundle's folder: pseudonym -> id; empty when it isn't there.

    Raises ValueError when it can't be read.
    """
    path = private_key_path(directory)
    if not path.exists():
        return {}
    try:
        ids = json.loads(path.read_text(encoding="utf-8"))["ids"]
        return {str(name): str(identity) for name, identity in ids.items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ValueError(f"{path.name} is not the key of a bundle.") from None


def pseudonym(salt: str, kind: str, identity: str) -> str:
    """The invented name of a person or an address, the same wherever the salt is."""
    digest = hashlib.sha256(f"{salt}|{kind}|{identity}".encode()).hexdigest()
    return digest[:_PSEUDONYM_LENGTH]


def _pool_text(lottery: Lottery, names: Mapping[str, str], salt: str) -> str:
    homes = {
        identity: pseudonym(salt, "address", "|".join(household))
        for households in lottery.model.households
        for household in households
        for identity in household
    }
    rows = [
        [names[identity], homes.get(identity, ""), *kind.values]
        for kind in lottery.model.types
        for identity in kind.members
    ]
    return verify.csv_text(["id", "address", *lottery.model.features], sorted(rows))


def _portfolio_text(lottery: Lottery, names: Mapping[str, str]) -> str:
    header: Sequence[str] = ["panel", *(f"seat_{n}" for n in range(1, lottery.model.size + 1))]
    width = len(str(len(lottery.panels) - 1))
    rows = (
        [f"{number:0{width}d}", *sorted(names[identity] for identity in panel)]
        for number, panel in enumerate(lottery.panels)
    )
    return verify.csv_text(header, rows)


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


class _Places(NamedTuple):
    """Where the model's types and household classes stand in the verifier's order."""

    types: list[int]
    classes: list[int]


def _places(model: Model, files: Mapping[str, str]) -> _Places:
    values_of = {identity: kind.values for kind in model.types for identity in kind.members}
    make_ups = [
        tuple(sorted(values_of[identity] for identity in homes[0])) for homes in model.households
    ]
    published = list(verify.types_of(verify.read_register(files)))
    place = {kind: at for at, kind in enumerate(published)}
    classes = list(dict.fromkeys(kind.make_up for kind in published if kind.make_up is not None))
    homes = (kind.household_class for kind in model.types)
    own = (None if home is None else make_ups[home] for home in homes)
    types = [
        place[verify.Type(kind.values, home)] for kind, home in zip(model.types, own, strict=True)
    ]
    class_place = {make_up: at for at, make_up in enumerate(classes)}
    return _Places(types, [class_place[make_up] for make_up in make_ups])


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


def seal_wave(
    entries: Sequence[Entry],
    plan: Sequence[AreaPlan],
    *,
    number: int,
    salt: str,
    randomness: str = "",
) -> tuple[dict[str, str], str]:
    """Write the list and the plan down under pseudonyms, and commit to them.

    Returns the public files (name -> text) and the hash to publish before the dice.
    The same entries, plan and salt give the same bytes. Waves of one salt name an address alike,
    so that everybody can see that nobody is written to twice.
    """
    rows = sorted(
        [address_name(salt, entry.id), entry.area, pseudonym(salt, "home", entry.household)]
        for entry in entries
    )
    letters = [[a.area, a.listed, a.invited, f"{a.response_rate:.6g}"] for a in plan]
    settings = {
        **_FORMAT,
        "wave": number,
        "letters": sum(area.invited for area in plan),
        "randomness": randomness,
    }
    files = {
        verify.ADDRESSES: verify.csv_text(["id", "area", "home"], rows),
        verify.PLAN: verify.csv_text(["area", "homes", "letters", "expected_rate"], letters),
        "settings.json": verify.canonical_json(settings),
    }
    return _committed(files, verify.SEALED_WAVE)


def draw_wave(files: Mapping[str, str], dice: str) -> tuple[list[str], dict[str, str]]:
    """Draw the addresses that three ten-sided dice name. Raises ValueError for other dice.

    Returns the addresses by pseudonym, and the files that say so.
    """
    commitment = json.loads(files[verify.COMMITMENT])["commitment"]
    record = verify.draw_record(commitment, {"kind": "dice", "value": dice})
    invited = verify.invited_text(files, record)
    _, rows = verify.read_csv(invited)
    drawn = {verify.DRAW: verify.canonical_json(record), verify.INVITED: invited}
    return [row[0] for row in rows], drawn


def address_name(salt: str, identity: str) -> str:
    """The invented name of an address."""
    return pseudonym(salt, "address", identity)
