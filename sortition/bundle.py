"""The bundle: everything a stranger needs to check a draw, sealed by one hash before the draw."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sortition import verify
from sortition.certificate import write_certificate
from sortition.lotteries import Lottery

#: Raised when the format of the files changes.
FORMAT = 1
SOFTWARE = "sortition 0.1.0"

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
    files = {
        "pool.csv": _pool_text(lottery, names, salt),
        "targets.csv": _targets_text(lottery),
        "settings.json": _settings_text(lottery, randomness, about or {}),
        "portfolio.csv": _portfolio_text(lottery, names),
    }
    left_out = [
        {"features": dict(group.features), "people": sorted(names[i] for i in group.people)}
        for group in lottery.uncoverable
    ]
    claims = {"min_probability": str(lottery.min_probability), "uncoverable": left_out}
    files["certificate.json"] = write_certificate(lottery.model, lottery.levels, files, claims)
    commitment = verify.commitment_of(files)
    files[verify.COMMITMENT] = verify.canonical_json(commitment)
    key = {name: identity for identity, name in sorted(names.items())}
    return Bundle(files, str(commitment["commitment"]), key, salt)


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


def _targets_text(lottery: Lottery) -> str:
    rows = [[t.feature, t.value, t.minimum, t.maximum] for t in lottery.model.targets]
    return verify.csv_text(["feature", "value", "min", "max"], rows)


def _settings_text(lottery: Lottery, randomness: str, about: Mapping[str, object]) -> str:
    return verify.canonical_json(
        {
            **about,
            "format": FORMAT,
            "software": SOFTWARE,
            "algorithm": lottery.algorithm,
            "seats": lottery.model.size,
            "already_selected": len(lottery.already_selected),
            "panels": len(lottery.panels),
            "seed": lottery.seed,
            "randomness": randomness,
        }
    )


def _portfolio_text(lottery: Lottery, names: Mapping[str, str]) -> str:
    header: Sequence[str] = ["panel", *(f"seat_{n}" for n in range(1, lottery.model.size + 1))]
    width = len(str(len(lottery.panels) - 1))
    rows = (
        [f"{number:0{width}d}", *sorted(names[identity] for identity in panel)]
        for number, panel in enumerate(lottery.panels)
    )
    return verify.csv_text(header, rows)
