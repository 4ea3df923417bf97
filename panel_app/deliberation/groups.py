"""Opinion groups of a round: found when it closes, told in words, only where they deserve it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.core.text import gettext, ngettext
from panel_app.deliberation.models import Statement, StatementAnswer
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem
from panel_app.web import i18n

if TYPE_CHECKING:
    from panel_app.opinions import Reading, Remark

#: Fewer people than this are never grouped, so that nothing heavy is loaded for them.
FEWEST_PEOPLE = 15


@dataclass(frozen=True, slots=True)
class GroupWords:
    """One group in words: its letter, its size, and what it says more than others."""

    letter: str
    size: str
    typical: list[str]


@dataclass(frozen=True, slots=True)
class GroupsTold:
    """What all groups agree on, and each group."""

    common: list[str]
    groups: list[GroupWords]


def found_in(item: AgendaItem) -> dict[str, Any] | None:
    """Find opinion groups in the answers; None where they don't deserve to be shown.

    Takes 0.05 s for 250 people. The result is JSON without people: counts of groups that
    were large and steady enough (opinions/gate.py).
    """
    answers = _answers(item)
    if len({member for member, _number, _value in answers}) < FEWEST_PEOPLE:
        return None
    reading = _read(answers)
    sizes = [size for size in reading.sizes.values() if disclosure.may_tell(size)]
    return _to_json(reading) if len(sizes) > 1 else None


def told(item: AgendaItem) -> GroupsTold | None:
    """Put the groups found into words, in the reader's language."""
    kept = (item.snapshot or {}).get("groups")
    if not kept:
        return None
    from panel_app.opinions import group_letter, tell_common_ground, tell_group

    reading = _from_json(kept)
    texts = _texts(item)
    common = tell_common_ground(reading, texts, gettext=gettext, ngettext=ngettext)
    groups = []
    for label in sorted(
        label for label, size in reading.sizes.items() if disclosure.may_tell(size)
    ):
        size, typical = tell_group(reading, label, texts, gettext=gettext, ngettext=ngettext)
        groups.append(GroupWords(group_letter(label), size, [one.sentence for one in typical]))
    return GroupsTold([one.sentence for one in common], groups)


def _answers(item: AgendaItem) -> list[tuple[str, str, int]]:
    """Return who answered what, by public identifier and the statement's number."""
    query = (
        select(Member.public_id, Statement.number, StatementAnswer.value)
        .select_from(StatementAnswer)
        .join(Statement, Statement.id == StatementAnswer.statement_id)
        .join(Member, Member.id == StatementAnswer.member_id)
        .where(Statement.item_id == item.id, Statement.state == "accepted")
    )
    return [(member, str(number), value) for member, number, value in db.session.execute(query)]


def _read(answers: list[tuple[str, str, int]]) -> Reading:
    from panel_app import opinions

    numbers = sorted({number for _member, number, _value in answers}, key=int)
    statements = [opinions.Statement(id=number, text="") for number in numbers]
    votes = [
        opinions.Vote(participant=member, statement=number, value=value)
        for member, number, value in answers
    ]
    return opinions.read_votes(opinions.analyse(opinions.matrix_of(votes, statements)))


def _texts(item: AgendaItem) -> dict[str, str]:
    query = select(Statement).where(Statement.item_id == item.id)
    return {str(one.number): i18n.wording(one.wording).text for one in db.session.scalars(query)}


def _to_json(reading: Reading) -> dict[str, Any]:
    return {
        "sizes": {str(label): size for label, size in reading.sizes.items()},
        "common": [_remark_to_json(remark) for remark in reading.common_ground],
        "typical": {
            str(label): [_remark_to_json(remark) for remark in remarks]
            for label, remarks in reading.typical.items()
        },
    }


def _remark_to_json(remark: Remark) -> dict[str, Any]:
    everyone = remark.everyone
    return {
        "statement": remark.statement,
        "direction": remark.direction.value,
        "everyone": [everyone.agree, everyone.disagree, everyone.passes],
        "groups": {
            str(label): [counts.agree, counts.disagree, counts.passes]
            for label, counts in remark.groups.items()
        },
        "score": remark.score,
    }


def _from_json(kept: dict[str, Any]) -> Reading:
    from panel_app.opinions import Reading

    return Reading(
        groups_shown=True,
        sizes={int(label): size for label, size in kept["sizes"].items()},
        common_ground=tuple(_remark(row) for row in kept["common"]),
        divides=(),
        unsure=(),
        typical={
            int(label): tuple(_remark(row) for row in rows)
            for label, rows in kept["typical"].items()
        },
    )


def _remark(row: dict[str, Any]) -> Remark:
    from panel_app.opinions import Counts, Direction, Remark

    return Remark(
        statement=row["statement"],
        direction=Direction(row["direction"]),
        everyone=Counts(*row["everyone"]),
        groups={int(label): Counts(*counts) for label, counts in row["groups"].items()},
        score=row["score"],
    )
