"""A wave of invitations written down for strangers: sealed before the dice, drawn by them."""

import json
from collections.abc import Mapping, Sequence

from sortition import verify
from sortition.bundle import FORMAT, SOFTWARE, pseudonym
from sortition.invitations import AreaPlan, Entry


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
        "format": FORMAT,
        "software": SOFTWARE,
        "wave": number,
        "letters": sum(area.invited for area in plan),
        "randomness": randomness,
    }
    files = {
        verify.ADDRESSES: verify.csv_text(["id", "area", "home"], rows),
        verify.PLAN: verify.csv_text(["area", "homes", "letters", "expected_rate"], letters),
        "settings.json": verify.canonical_json(settings),
    }
    commitment = verify.wave_commitment_of(files)
    files[verify.COMMITMENT] = verify.canonical_json(commitment)
    return files, str(commitment["commitment"])


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
