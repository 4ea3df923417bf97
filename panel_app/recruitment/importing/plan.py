"""What the columns and cells of a file of people mean: said by an organiser, guessed for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from panel_app.recruitment import languages, pool_files
from panel_app.recruitment.contacts import EMAIL, PHONE
from sortition.folding import fold
from sortition.meanings import Meanings
from sortition.pool import KNOWN_ID_COLUMNS
from sortition.targets import Targets


@dataclass(frozen=True, slots=True)
class Plan:
    """What each column is, and what cells stand for; kept for the next file of the panel."""

    #: The column of the ids; none: the rows are numbered.
    id: str = ""
    #: Each feature's column.
    features: Mapping[str, str] = field(default_factory=dict)
    #: The columns of a name, of what stands on a letter, and of what makes a home. None: nobody
    #: has said what makes one.
    names: Sequence[str] = ()
    letter: Sequence[str] = ()
    home: Sequence[str] | None = ()
    phone: Sequence[str] = ()
    email: Sequence[str] = ()
    language: str = ""
    #: What cells stand for, by feature; an empty value is no answer.
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: The values that leave somebody out, by column.
    leave_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sheet: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Plan:
        """Return a plan as it was kept."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in (stored or {}).items() if name in known})

    def stored(self) -> dict[str, Any]:
        """Return the plan as it is kept."""
        return asdict(self)

    def meanings(self, *, may_be_silent: bool) -> Meanings:
        """Return what it says, as the reader of files takes it."""
        used = {self.id, *self.features.values()}
        shown = [*self.names, *self.letter, *(self.home or ()), *self.phone, *self.email]
        return Meanings(
            columns=self.features,
            values=self.values,
            also_kept=[c for c in dict.fromkeys([*shown, self.language]) if c and c in used],
            numbered=not self.id,
            may_be_silent=may_be_silent,
        )


def guess(
    columns: Sequence[str],
    cells: Mapping[str, Sequence[str]],
    targets: Targets,
    remembered: Plan,
) -> Plan:
    """Return what the columns probably are: as before where they are there, else by their looks.

    Who is to be left out is asked of every file anew.
    """
    here = set(columns)
    features = {
        feature: _of_feature(feature, columns, cells, targets, remembered)
        for feature in targets.features
    }
    address = pool_files.guess_addresses(columns)
    return Plan(
        id=remembered.id if remembered.id in here else _id(columns),
        features=features,
        names=_again(remembered.names, here) or pool_files.guess_names(columns),
        letter=_again(remembered.letter, here) or address,
        home=_again(remembered.home or (), here) or address,
        phone=_again(remembered.phone, here) or [c for c in columns if PHONE.search(c)],
        email=_again(remembered.email, here) or [c for c in columns if EMAIL.search(c)],
        language=remembered.language
        if remembered.language in here
        else next((c for c in columns if languages.is_column(c)), ""),
        values=remembered.values,
    )


def _again(before: Sequence[str], here: set[str]) -> list[str]:
    return list(before) if before and set(before) <= here else []


def _id(columns: Sequence[str]) -> str:
    known = {fold(column.replace("_", " ")): column for column in reversed(columns)}
    names = (fold(name.replace("_", " ")) for name in KNOWN_ID_COLUMNS)
    return next((known[name] for name in names if name in known), "")


def _of_feature(
    feature: str,
    columns: Sequence[str],
    cells: Mapping[str, Sequence[str]],
    targets: Targets,
    remembered: Plan,
) -> str:
    """Return the column called like the feature, else that of the last file, else of its values."""
    called = next((column for column in columns if fold(column) == fold(feature)), "")
    if called or (called := remembered.features.get(feature, "")) in columns:
        return called
    values = {fold(value) for value in targets.values(feature)}

    def known(column: str) -> int:
        return sum(fold(cell) in values for cell in cells.get(column, ()))

    best = max(columns, key=known, default="")
    return best if best and known(best) else ""
