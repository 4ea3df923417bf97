"""Check a published bundle with the standard library only; this one file is the whole verifier.

Run `python verify.py DIR [--commitment HASH]`: a stranger can read, copy and run it as it is.
"""

import argparse
import csv
import hashlib
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

SEALED = ("certificate.json", "pool.csv", "portfolio.csv", "settings.json", "targets.csv")
#: The files of a draw of addresses to invite, which is checked as well.
ADDRESSES, PLAN, INVITED = "addresses.csv", "plan.csv", "invited.csv"
SEALED_WAVE = (ADDRESSES, PLAN, "settings.json")
#: What a changed file makes the checks raise.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, csv.Error)
COMMITMENT, DRAW, SELECTED = "commitment.json", "draw.json", "selected.csv"


class Check(NamedTuple):
    """One thing checked: its name, whether it holds, and a sentence about it."""

    name: str
    ok: bool
    message: str


class Type(NamedTuple):
    """People alike in their values and in the make-up of their household (None: alone)."""

    values: tuple[str, ...]
    make_up: tuple[tuple[str, ...], ...] | None


_Types = Mapping[Type, Sequence[str]]


class Register(NamedTuple):
    """A published pool and its targets, by pseudonym, and the people of a panel."""

    size: int
    features: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    household: dict[str, str]
    targets: dict[tuple[str, str], tuple[int, int]]


def canonical_json(value: object) -> str:
    """The one way a JSON file of a bundle may be written."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The one way a CSV file of a bundle may be written."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def sha256(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """The root of the binary hash tree over the leaves; an odd node moves up unpaired."""
    level = [sha256(f"leaf:{leaf}") for leaf in leaves] or [sha256("leaf:")]
    while len(level) > 1:
        pairs = [sha256(f"node:{a}{b}") for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


def commitment_of(files: Mapping[str, str], sealed: Sequence[str] = SEALED) -> dict[str, object]:
    """What commitment.json holds for the sealed files."""
    body: dict[str, object] = {"files": {name: sha256(files[name]) for name in sealed}}
    if sealed is SEALED:
        body["panels_root"] = merkle_root(files["portfolio.csv"].splitlines()[1:])
    return {**body, "commitment": sha256(canonical_json(body))}


def invited_of(
    word: str, addresses: Iterable[Sequence[str]], letters: Mapping[str, int]
) -> list[str]:
    """Which ids of the rows (id, area, home) are invited: one of each home drawn, area by area.

    Homes of an area are put in the order of SHA-256 of `word|home|home`, and the first ones are
    drawn; of several addresses of a home the first by `word|address|id` is written to.
    """
    homes: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for identity, area, home in addresses:
        homes[area][home].append(identity)
    invited = []
    for area, number in letters.items():
        order = sorted(homes[area], key=lambda home: (sha256(f"{word}|home|{home}"), home))
        for home in order[:number]:
            ids = homes[area][home]
            invited.append(min(ids, key=lambda one: (sha256(f"{word}|address|{one}"), one)))
    return invited


def invited_text(files: Mapping[str, str], draw: Mapping[str, Any]) -> str:
    """What invited.csv holds once the dice of `draw` are rolled. Raises ValueError."""
    dice = str(draw["value"])
    if draw.get("kind") != "dice" or not (len(dice) == 3 and dice.isascii() and dice.isdigit()):
        raise ValueError(f"Three ten-sided dice are needed, not “{dice}”.")
    _, addresses = read_csv(files[ADDRESSES])
    _, plan = read_csv(files[PLAN])
    letters = {row[0]: int(row[2]) for row in plan}
    areas = {row[0]: row[1] for row in addresses}
    chosen = invited_of(f"{draw['commitment']}|dice|{dice}", addresses, letters)
    return csv_text(["id", "area"], [[identity, areas[identity]] for identity in sorted(chosen)])


def index_from_dice(digits: str, panels: int) -> int:
    """The panel that ten-sided dice name: as many digits as the last panel's number has.

    Raises ValueError when the digits are too few, too many, or name no panel (throw again).
    """
    shown = "".join(mark for mark in digits if mark not in ", ")
    needed = len(str(panels - 1))
    if not (shown.isascii() and shown.isdigit()) or len(shown) != needed:
        raise ValueError(f"{panels} panels need {needed} digits from 0 to 9, not “{digits}”.")
    if int(shown) >= panels:
        raise ValueError(f"There is no panel {shown}: the last is {panels - 1}. Throw again.")
    return int(shown)


def index_from_beacon(commitment: str, name: str, value: str, panels: int) -> int:
    """The panel that a public beacon's value names, by SHA-256 with rejection sampling."""
    limit = 2**256 - 2**256 % panels
    attempts = (f"{commitment}|{name}|{value}|{attempt}" for attempt in count())
    return next(n for text in attempts if (n := int(sha256(text), 16)) < limit) % panels


def draw_index(draw: Mapping[str, Any], panels: int) -> int:
    """The panel that a draw's randomness names. Raises ValueError."""
    if draw.get("kind") == "dice":
        return index_from_dice(str(draw["value"]), panels)
    if draw.get("kind") == "beacon":
        name, value = str(draw["name"]), str(draw["value"])
        return index_from_beacon(str(draw["commitment"]), name, value, panels)
    raise ValueError(f"The kind of randomness “{draw.get('kind')}” is not known.")


def read_csv(text: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV text."""
    rows = list(csv.reader(io.StringIO(text), strict=True))
    return rows[0], rows[1:]


def read_register(files: Mapping[str, str]) -> Register:
    """The pool and targets of a bundle."""
    header, people = read_csv(files["pool.csv"])
    _, targets = read_csv(files["targets.csv"])
    return Register(
        size=int(json.loads(files["settings.json"])["seats"]),
        features=tuple(header[2:]),
        values={row[0]: tuple(row[2:]) for row in people},
        household={row[0]: row[1] for row in people if row[1]},
        targets={(row[0], row[1]): (int(row[2]), int(row[3])) for row in targets},
    )


def read_portfolio(files: Mapping[str, str]) -> list[list[str]]:
    """The pseudonyms of each panel, in the order of the panels' numbers."""
    _, rows = read_csv(files["portfolio.csv"])
    return [row[1:] for row in rows]


def people_drawn(files: Mapping[str, str], draw: Mapping[str, Any], index: int) -> list[str]:
    """The pseudonyms of panel `index`; where the settings say so, in the order they are called.

    That is the order of SHA-256 of `commitment|randomness|pseudonym`: fixed beforehand, and known
    to nobody before the draw.
    """
    names = sorted(read_portfolio(files)[index])
    if not json.loads(files["settings.json"]).get("in_order"):
        return names
    word = f"{draw['commitment']}|{draw['value']}"
    return sorted(names, key=lambda name: sha256(f"{word}|{name}"))


def selected_text(files: Mapping[str, str], draw: Mapping[str, Any], index: int) -> str:
    """What selected.csv holds once `draw` names panel `index`."""
    register = read_register(files)
    rows = [[name, *register.values[name]] for name in people_drawn(files, draw, index)]
    return csv_text(["id", *register.features], rows)


def panel_faults(register: Register, panel: Sequence[str]) -> list[str]:
    """What is wrong with one panel, in sentences."""
    size = register.size
    unknown = [name for name in panel if name not in register.values]
    if unknown:
        return [f"{unknown[0]} is not in the pool"]
    faults = []
    if len(panel) != size or len(set(panel)) != size:
        faults.append(f"it has {len(set(panel))} different people, not {size}")
    homes = Counter(register.household[name] for name in panel if name in register.household)
    faults += [f"{count} people share address {home}" for home, count in homes.items() if count > 1]
    held = Counter(
        pair
        for name in panel
        for pair in zip(register.features, register.values[name], strict=True)
    )
    for (feature, value), (low, high) in register.targets.items():
        count = held[feature, value]
        if not low <= count <= high:
            faults.append(f"{feature} {value} has {count}, outside {low} to {high}")
    return faults


def types_of(register: Register) -> dict[Type, list[str]]:
    """The pool grouped by type, in the certificate's order."""
    homes: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, shared in register.household.items():
        homes[shared].append(register.values[name])
    grouped: defaultdict[Type, list[str]] = defaultdict(list)
    for name, values in register.values.items():
        home = register.household.get(name)
        make_up = None if home is None else tuple(sorted(homes[home]))
        grouped[Type(values, make_up)].append(name)
    order = sorted(grouped, key=lambda kind: (kind.values, kind.make_up or ()))
    return {kind: grouped[kind] for kind in order}


def level_bound(
    register: Register,
    types: _Types,
    counts: Sequence[int],
    level: Mapping[str, Any],
    fixed: Mapping[int, Fraction],
) -> Fraction:
    """The bound that a level's multipliers prove, by linear duality, in exact fractions.

    For row multipliers u, any v >= 0 and w = A'u + v >= 0, every valid panel x has
    w·x <= u·rhs + v·counts; or a tree proves how much w·x can be. So with the chances `fixed` of
    earlier levels granted, the smallest chance of the other types is at most
    (that - sum of fixed w·counts·chance) / (sum of w·counts over the others). `counts` are the
    people of each type, without those said to fit on no panel; a level of such people proves 0.
    """
    if not any(counts[int(at)] for at in level["types"]):
        return Fraction(0)
    if "proof" in level:
        given = {int(at): max(0, int(value)) for at, value in level["worth"]}
        worth = [given.get(at, 0) for at in range(len(counts))]
        rooms = [(0, count) for count in counts]
        total = _tree_bound(register, types, level["proof"], worth, rooms)
    else:
        total, paid = _paid(register, types, level)
        bounds = {int(at): int(value) for at, value in level["bounds"]}
        extra = [max(0, bounds.get(at, 0), -price) for at, price in enumerate(paid)]
        worth = [price + more for price, more in zip(paid, extra, strict=True)]
        total += sum(more * count for more, count in zip(extra, counts, strict=True))
    weights = [price * count for price, count in zip(worth, counts, strict=True)]
    granted = sum((weights[at] * chance for at, chance in fixed.items()), Fraction(0))
    open_weight = sum(weight for at, weight in enumerate(weights) if at not in fixed)
    return min(Fraction(1), (total - granted) / open_weight) if open_weight else Fraction(1)


def _paid(
    register: Register, types: _Types, multipliers: Mapping[str, Any]
) -> tuple[int, list[int]]:
    """What row multipliers u come to, at most, over a panel's rows (u·rhs), and each seat's A'u."""
    total, price = int(multipliers["size"]) * register.size, {}
    for feature, value, multiplier in multipliers["targets"]:
        low, high = register.targets[feature, value]
        total += multiplier * (high if multiplier > 0 else low)
        price[feature, value] = multiplier
    homes, rooms = _home_prices(types, multipliers["households"])
    paid = [
        int(multipliers["size"])
        + sum(price.get(pair, 0) for pair in zip(register.features, kind.values, strict=True))
        + homes.get(kind.make_up, 0)
        for kind in types
    ]
    return total + rooms, paid


def _tree_bound(
    register: Register,
    types: _Types,
    node: Mapping[str, Any],
    worth: Sequence[int],
    rooms: Sequence[tuple[int, int]],
) -> int:
    """The most that any panel with seats within `rooms` can be worth, as a tree proves.

    A branch splits one type's seats, which are whole; a leaf has multipliers u, and
    w·x <= u·rhs + (w - A'u)·x, where each seat count x takes the worse end of its room.
    """
    if "type" in node:
        at, most = int(node["type"]), int(node["most"])
        low, high = rooms[at]
        halves = (("below", (low, most)), ("above", (most + 1, high)))
        return max(
            _tree_bound(register, types, node[half], worth, [*rooms[:at], room, *rooms[at + 1 :]])
            for half, room in halves
        )
    total, paid = _paid(register, types, node)
    left = (own - price for own, price in zip(worth, paid, strict=True))
    return total + sum(max(x * low, x * high) for x, (low, high) in zip(left, rooms, strict=True))


def _home_prices(
    types: _Types, multipliers: Sequence[Sequence[int]]
) -> tuple[dict[tuple[tuple[str, ...], ...] | None, int], int]:
    """The price of a seat in each household class, and of all the households there are."""
    classes = list(dict.fromkeys(kind.make_up for kind in types if kind.make_up is not None))
    prices: dict[tuple[tuple[str, ...], ...] | None, int] = {}
    total = 0
    for at, multiplier in multipliers:
        make_up = classes[at]
        people = sum(len(names) for kind, names in types.items() if kind.make_up == make_up)
        prices[make_up] = max(0, multiplier)
        total += prices[make_up] * (people // len(make_up))
    return prices, total


def certificate_bounds(files: Mapping[str, str]) -> list[Fraction]:
    """The bound of each level of a bundle's certificate, recomputed."""
    register = read_register(files)
    types = types_of(register)
    certificate = json.loads(files["certificate.json"])
    left_out = {name for group in certificate["uncoverable"] for name in group["people"]}
    counts = [sum(name not in left_out for name in names) for names in types.values()]
    fixed: dict[int, Fraction] = {}
    bounds = []
    for level in certificate["levels"]:
        bounds.append(level_bound(register, types, counts, level, fixed))
        fixed |= {int(at): Fraction(level["value"]) for at in level["types"]}
    return bounds


def _check_commitment(
    files: Mapping[str, str], published: str | None, sealed: Sequence[str]
) -> list[Check]:
    """The commitment against itself, the files against it, and it against what was published."""
    stored = json.loads(files[COMMITMENT])
    body = {key: value for key, value in stored.items() if key != "commitment"}
    whole = files[COMMITMENT] == canonical_json(stored)
    if not whole or sha256(canonical_json(body)) != stored.get("commitment"):
        return [Check(COMMITMENT, False, "commitment.json was changed after it was made.")]
    checks = []
    for name in sealed:
        ok = sha256(files[name]) == stored["files"].get(name)
        said = "is as it was committed to" if ok else "is not the file that was committed to"
        checks.append(Check(name, ok, f"{name} {said}."))
    if sealed is SEALED and all(check.ok for check in checks):
        ok = commitment_of(files, sealed) == stored
        checks.append(Check("panels_root", ok, "The hash tree of the panels is recomputed."))
    if published is not None:
        ok = published.strip().lower() == stored["commitment"]
        said = "is" if ok else "is not"
        checks.append(Check("published", ok, f"This {said} the bundle whose hash was published."))
    return checks


def _check_panels(files: Mapping[str, str]) -> list[Check]:
    """Every panel against the pool, the targets and the household rule, and everyone's chance."""
    register, portfolio = read_register(files), read_portfolio(files)
    settings = json.loads(files["settings.json"])
    certificate = json.loads(files["certificate.json"])
    for number, panel in enumerate(portfolio):
        faults = panel_faults(register, panel)
        if faults:
            return [Check("panels", False, f"Panel {number} is not valid: {faults[0]}.")]
    total = len(portfolio)
    if total != settings["panels"]:
        return [Check("panels", False, f"There are {total} panels, not {settings['panels']}.")]
    checks = [Check("panels", True, f"All {total} panels are valid and equally likely.")]
    left_out = {name for group in certificate["uncoverable"] for name in group["people"]}
    seats = Counter(name for panel in portfolio for name in panel)
    least = min((seats[name] for name in register.values if name not in left_out), default=0)
    ok = Fraction(least, total) == Fraction(certificate["min_probability"])
    said = f"Everyone sits in at least {least} of {total} panels"
    if left_out:
        said += f", except {len(left_out)} people said to fit on none"
    return [*checks, Check("chances", ok, f"{said}; that is {'' if ok else 'not '}as claimed.")]


def _check_certificate(files: Mapping[str, str]) -> list[Check]:
    """The bounds of the certificate, recomputed by duality, against those claimed."""
    settings = json.loads(files["settings.json"])
    certificate = json.loads(files["certificate.json"])
    recomputed = certificate_bounds(files)
    for number, (level, bound) in enumerate(zip(certificate["levels"], recomputed, strict=True)):
        if str(bound) != level["bound"]:
            return [Check("certificate", False, f"Level {number + 1} proves {float(bound):.9f}.")]
    best = next((bound for bound in recomputed if bound > 0), Fraction(1))
    panels = int(settings["panels"])
    most = best * panels // 1
    said = f"No lottery gives everyone more than {float(best):.9f}"
    return [Check("certificate", True, f"{said}, none of {panels} panels more than {most} each.")]


def _check_draw(files: Mapping[str, str]) -> list[Check]:
    """The panel drawn: the randomness, the number it names and the people selected."""
    draw = json.loads(files[DRAW])
    stored = json.loads(files[COMMITMENT])["commitment"]
    if files[DRAW] != canonical_json(draw) or draw.get("commitment") != stored:
        return [Check(DRAW, False, "draw.json was changed, or belongs to another bundle.")]
    index = draw_index(draw, len(read_portfolio(files)))
    if draw != {**draw_record(stored, draw), "index": index}:
        return [Check(DRAW, False, f"draw.json names panel {draw.get('index')}, not {index}.")]
    ok = files.get(SELECTED) == selected_text(files, draw, index)
    said = "holds" if ok else "does not hold"
    return [
        Check(DRAW, True, f"The randomness names panel {index}."),
        Check(SELECTED, ok, f"selected.csv {said} the people of panel {index}."),
    ]


def _check_plan(files: Mapping[str, str]) -> list[Check]:
    """How many homes each area has and how many letters it gets, against list and settings."""
    settings = json.loads(files["settings.json"])
    _, rows = read_csv(files[ADDRESSES])
    _, plan = read_csv(files[PLAN])
    homes = Counter(area for area, _ in {(row[1], row[2]) for row in rows})
    if len({row[0] for row in rows}) < len(rows):
        return [Check(ADDRESSES, False, "An address is on the list twice.")]
    if dict(homes) != {row[0]: int(row[1]) for row in plan} or len(homes) != len(plan):
        return [Check(PLAN, False, "The plan has other areas or homes than the list.")]
    for area, listed, letters, *_ in plan:
        if not 0 <= int(letters) <= int(listed):
            return [Check(PLAN, False, f"{letters} letters for {listed} homes of {area}.")]
    total = sum(int(row[2]) for row in plan)
    if total != settings["letters"]:
        return [Check(PLAN, False, f"The plan has {total} letters, not {settings['letters']}.")]
    said = f"{total} letters are planned for {homes.total()} homes in {len(homes)} areas"
    return [Check(PLAN, True, f"{said}, at most one a home.")]


def _check_invited(files: Mapping[str, str]) -> list[Check]:
    """The addresses drawn: the dice, and whom they name."""
    draw = json.loads(files[DRAW])
    stored = json.loads(files[COMMITMENT])["commitment"]
    if files[DRAW] != canonical_json(draw) or draw != draw_record(stored, draw):
        return [Check(DRAW, False, "draw.json was changed, or belongs to another bundle.")]
    ok = files.get(INVITED) == invited_text(files, draw)
    said = "holds" if ok else "does not hold"
    return [Check(INVITED, ok, f"{INVITED} {said} the addresses that the dice name.")]


def draw_record(commitment: str, draw: Mapping[str, Any]) -> dict[str, Any]:
    """What draw.json holds besides the index: the commitment and the randomness."""
    names = ("kind", "name", "value") if draw.get("kind") == "beacon" else ("kind", "value")
    return {"commitment": commitment, **{name: draw[name] for name in names}}


def verify_files(files: Mapping[str, str], published: str | None = None) -> list[Check]:
    """Every check of a bundle given as file name -> text; ends early when nothing more can hold."""
    wave = ADDRESSES in files
    sealed, drawn = (SEALED_WAVE, INVITED) if wave else (SEALED, SELECTED)
    missing = [name for name in (*sealed, COMMITMENT) if name not in files]
    if missing:
        return [Check(name, False, f"{name} is missing.") for name in missing]
    unknown = sorted(set(files) - {*sealed, COMMITMENT, DRAW, drawn})
    checks = [Check(name, False, f"{name} is not part of a bundle.") for name in unknown]
    checks += _guarded(COMMITMENT, lambda: _check_commitment(files, published, sealed))
    if not all(check.ok for check in checks):
        return checks
    if wave:
        checks += _guarded(PLAN, lambda: _check_plan(files))
    else:
        checks += _guarded("panels", lambda: _check_panels(files))
        checks += _guarded("certificate", lambda: _check_certificate(files))
    if DRAW in files:
        checks += _guarded(DRAW, lambda: (_check_invited if wave else _check_draw)(files))
    elif drawn in files:
        checks.append(Check(drawn, False, f"{drawn} is there without draw.json."))
    return checks


def _guarded(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    """The check's findings; a file that can't even be read fails it."""
    try:
        return check()
    except _UNREADABLE as error:
        return [Check(name, False, f"{name} can't be read: {error}.")]


def verify_bytes(files: Mapping[str, bytes], published: str | None = None) -> list[Check]:
    """Every check of a bundle given as file name -> bytes; what is no text was changed."""
    texts, spoilt = {}, []
    for name, content in files.items():
        try:
            texts[name] = content.decode("utf-8")
        except UnicodeDecodeError:
            spoilt.append(Check(name, False, f"{name} was changed: it is no longer text."))
    return spoilt or verify_files(texts, published)


def verify_directory(directory: Path, published: str | None = None) -> list[Check]:
    """Every check of a bundle's folder."""
    try:
        files = {path.name: path.read_bytes() for path in sorted(directory.iterdir())}
    except OSError as error:
        return [Check(str(directory), False, f"The bundle can't be read ({error.strerror}).")]
    return verify_bytes(files, published)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a folder and print what was found; 0 when every check holds, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="verify", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--commitment", help="the hash that was published before the draw")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    checks = verify_directory(options.directory, options.commitment)
    ok = all(check.ok for check in checks)
    lines = [f"{'ok    ' if check.ok else 'FAILED'} {check.message}" for check in checks]
    found = {"ok": ok, "checks": [check._asdict() for check in checks]}
    print(json.dumps(found) if options.json else "\n".join(lines))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
