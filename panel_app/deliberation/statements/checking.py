"""What a facilitator sees of the statements that wait, one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from panel_app import opinions
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.deliberation.statements import flags, queries, services
from panel_app.deliberation.statements.models import Statement
from panel_app.recruitment.letters import names_of
from panel_app.sessions.models import AgendaItem

#: Names of a pool that a page looks for, and statements alike that stand side by side.
MOST_NAMES, MOST_ALIKE = 1_000, 40


@dataclass(frozen=True, slots=True)
class Check:
    """A statement that waits, what may be amiss in it, and those that it is like."""

    statement: Statement
    flags: flags.Flags
    alike: list[Statement]
    #: How many wait, and the number after which the next is looked for.
    waiting: int

    @property
    def alike_waiting(self) -> list[Statement]:
        """Those of the statements like it that wait as well."""
        return [one for one in self.alike if one.state == "pending"]


def check(item: AgendaItem, *, after: int = 0) -> Check | None:
    """Return the first waiting statement beyond a number, or the first of all; None without one."""
    everything = queries.statements_of(item)
    waiting = [one for one in everything if one.state == "pending"]
    later = [one for one in waiting if one.number > after]
    first = next(iter(later or waiting), None)
    if first is None:
        return None
    others = {one.number: one for one in everything if one is not first and one.state != "rejected"}
    near = opinions.alike(str(first.wording), {n: str(one.wording) for n, one in others.items()})
    if first.corrects and first.corrects not in near:
        near = [first.corrects, *near]
    return Check(first, _flags(item, first), _beside(everything, near), len(waiting))


def reject_repeats(*, item: AgendaItem, repeats: list[str], actor: str) -> None:
    """Reject statements that wait as repeats, by their public identifiers; others stay."""
    if len(repeats) > MOST_ALIKE:
        raise Refused(_("Choose fewer at a time."))
    for statement in queries.statements_of(item):
        if statement.public_id in repeats and statement.state == "pending":
            services.moderate(statement=statement, state="rejected", reason="repeats", actor=actor)


def _beside(everything: list[Statement], numbers: list[int]) -> list[Statement]:
    by_number = {one.number: one for one in everything}
    return [by_number[number] for number in numbers[:MOST_ALIKE] if number in by_number]


def _flags(item: AgendaItem, statement: Statement) -> flags.Flags:
    """Look through the wording in each of its languages."""
    names = flags.Names(names_of(item.session.panel, MOST_NAMES))
    found = [
        flags.flags_of(text, language, names)
        for language, text in statement.wording.texts().items()
    ]
    return flags.Flags(
        *([each for one in found for each in getattr(one, kind)] for kind in flags.KINDS)
    )
