"""Stage one: which addresses or people to invite, by area, so that the pool comes out balanced."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sortition.csv_files import Source, read_table
from sortition.faults import FaultList, InputFaults
from sortition.folding import fold
from sortition.verify import invited_of

_SOURCE = "list"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: an address, or a person with the address they live at."""

    id: str
    area: str
    household: str


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """One area: households listed, invitations sent, registrations for each invitation."""

    area: str
    listed: int
    invited: int
    response_rate: float

    @property
    def expected(self) -> float:
        """Registrations to expect."""
        return self.invited * self.response_rate


def read_list(
    source: Source,
    *,
    id_column: str,
    area_column: str | None = None,
    household_columns: Sequence[str] = (),
) -> tuple[Entry, ...]:
    """Read a list of addresses, or of people with `household_columns`. Raises InputFaults."""
    faults = FaultList(_SOURCE)
    table = read_table(source, faults)
    if not table.columns:
        raise InputFaults(faults.faults)
    id_at = table.position(id_column, faults)
    area_at = table.position(area_column, faults) if area_column else None
    homes_at = [table.position(name, faults) for name in household_columns]
    faults.raise_any()
    entries = [
        Entry(
            record.cells[id_at],
            record.cells[area_at] if area_at is not None else "",
            "|".join(fold(record.cells[at]) for at in homes_at) or record.cells[id_at],
        )
        for record in table.records
    ]
    seen = Counter(entry.id for entry in entries)
    for record, entry in zip(table.records, entries, strict=True):
        if not entry.id:
            faults.add("blank_id", row=record.row)
        elif seen[entry.id] > 1:
            faults.add("repeated_id", row=record.row, id=entry.id)
        if area_column and not entry.area:
            faults.add("blank_cell", row=record.row, column=area_column)
    if not entries:
        faults.add("no_entries")
    faults.raise_any()
    return tuple(entries)


def draw_invitations(
    entries: Sequence[Entry],
    invitations: int,
    *,
    response_rates: Mapping[str, float],
    default_rate: float = 0.05,
    seed: int,
) -> tuple[list[str], tuple[AreaPlan, ...]]:
    """Draw one invitation a household, stratified by area as `plan_areas` says.

    Returns who is invited (ids of the list) and the plan by area; the same for the same list and
    seed. Raises InputFaults.
    """
    listed = homes_of(entries)
    rates = {**dict.fromkeys(listed, default_rate), **response_rates}
    plans = plan_areas(listed, invitations, rates)
    letters = {plan.area: plan.invited for plan in plans}
    rows = ((entry.id, entry.area, entry.household) for entry in entries)
    return invited_of(str(seed), rows, letters), plans


def homes_of(entries: Iterable[Entry]) -> dict[str, int]:
    """How many households each area has, by its name."""
    homes = Counter(area for area, _ in {(entry.area, entry.household) for entry in entries})
    return dict(sorted(homes.items()))


def plan_areas(
    listed: Mapping[str, int], invitations: int, rates: Mapping[str, float]
) -> tuple[AreaPlan, ...]:
    """Share invitations out among areas by households and response rate.

    Areas get invitations in proportion to households / response rate, so that registrations come
    out in proportion to households; areas that run out pass theirs on. Rates are registrations per
    invitation, above 0 and at most 1, one for each area. Raises InputFaults with every fault.
    """
    _check_request(listed, rates, invitations)
    sent = _shared_out(invitations, {a: listed[a] / rates[a] for a in listed}, listed)
    return tuple(AreaPlan(area, listed[area], sent[area], rates[area]) for area in listed)


def _check_request(listed: Mapping[str, int], rates: Mapping[str, float], invitations: int) -> None:
    faults = FaultList(_SOURCE)
    households = sum(listed.values())
    if not 1 <= invitations <= households:
        faults.add("invitation_count", households=households, invitations=invitations)
    for area in listed:
        if area not in rates:
            faults.add("no_rate", area=area or "everywhere")
        elif not 0 < rates[area] <= 1:
            faults.add("response_rate", area=area or "everywhere", rate=rates[area])
    for area in sorted(set(rates) - set(listed)):
        faults.add("unknown_area", area=area)
    faults.raise_any()


def _shared_out(total: int, wanted: Mapping[str, float], most: Mapping[str, int]) -> dict[str, int]:
    """`total` shared out in proportion to `wanted` by largest remainders, at most `most` each."""
    shares: dict[str, float] = {}
    open_areas, left = dict(wanted), float(total)
    while open_areas:
        scale = left / sum(open_areas.values())
        full = [area for area, weight in open_areas.items() if weight * scale >= most[area]]
        if not full:
            shares |= {area: weight * scale for area, weight in open_areas.items()}
            break
        for area in full:
            shares[area] = float(most[area])
            left -= most[area]
            del open_areas[area]
    sent = {area: int(shares[area] + 1e-9) for area in most}
    by_remainder = sorted(most, key=lambda area: (sent[area] - shares[area], area))
    for area in by_remainder[: total - sum(sent.values())]:
        sent[area] += 1
    return sent
