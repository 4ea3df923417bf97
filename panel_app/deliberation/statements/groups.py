"""What the answers of a round say in words: worked out by a job once it closed, kept, then told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from panel_app import opinions
from panel_app.core import clock, jobs
from panel_app.core.db import db, locked, reading
from panel_app.core.text import gettext, ngettext
from panel_app.deliberation.statements import themes
from panel_app.deliberation.statements.models import Statement, counted_in
from panel_app.live import versions
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.web import charts, i18n

if TYPE_CHECKING:
    from panel_app.opinions.api import Vote

#: What `AgendaItem.snapshot` holds once the job is done, beside the figures kept at closing.
READING, LEANINGS, BY_GROUP = "reading", "leanings", "by_group"
#: How long a closed round may wait in the queue before it counts as forgotten, and how long
#: it is worth looking for.
QUEUED_FOR, FORGOTTEN_WITHIN = timedelta(minutes=1), timedelta(days=2)


@dataclass(frozen=True, slots=True)
class GroupWords:
    """One group in words: its letter, its size, and what it says more than others."""

    letter: str
    size: str
    typical: list[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a round's answers say; `working` while the job has not come to it yet."""

    working: bool
    #: Why groups are shown, or why not.
    reason: str = ""
    common: Sequence[str] = ()
    divides: Sequence[str] = ()
    unsure: Sequence[str] = ()
    groups: Sequence[GroupWords] = ()


def work_out(public_id: str) -> None:
    """Read the answers of a closed round and keep what they say; for the job process.

    The database is free meanwhile. A round that was opened again in between is left alone, and
    so is one worked out already. Nothing kept holds a person's answer.
    """
    with reading():
        item = _closed(public_id)
        if item is None:
            return
        closed_at, answers = item.closed_at, _answers(item)
        wordings, topic = themes.wordings_of(item), str(item.title)
        db.session.rollback()
    kept = {**_worked_out(answers), **themes.proposed(wordings, topic=topic)}
    item = _closed(public_id)
    if item is None or locked(item).closed_at != closed_at:
        return
    item.snapshot = {**(item.snapshot or {}), **kept}
    db.session.flush()
    versions.bump(item.session.topic)
    db.session.commit()


def catch_up() -> None:
    """Queue the rounds that the queue forgot, of the last two days; every minute."""
    query = select(AgendaItem).where(
        AgendaItem.kind == "statements",
        AgendaItem.closed_at.between(clock.now() - FORGOTTEN_WITHIN, clock.now() - QUEUED_FOR),
    )
    with reading():
        missing = [item.public_id for item in db.session.scalars(query) if _waits(item)]
        db.session.rollback()
    for public_id in missing:
        jobs.queue(work_out, public_id)


def told(item: AgendaItem) -> Findings | None:
    """Put what was found into words, in the reader's language; None where nothing was kept.

    Statements that are no longer shown are not spoken of.
    """
    if item.snapshot is None:
        return None
    if READING not in item.snapshot:
        return Findings(working=True)
    texts = _texts(item)
    found = opinions.Reading.from_json(item.snapshot[READING]).only(texts)
    return Findings(
        working=False,
        reason=opinions.gate_sentence(found.gate, gettext=gettext, ngettext=ngettext),
        common=_said("common_ground", found, texts),
        divides=_said("divides", found, texts),
        unsure=_said("unsure", found, texts),
        groups=_groups(found, texts),
    )


@dataclass(frozen=True, slots=True)
class GroupBar:
    """How one group answered a statement: its letter, its size and its bar."""

    letter: str
    people: int
    chart: charts.Stack


def bars_of(item: AgendaItem, number: int) -> list[GroupBar]:
    """Return how each group answered a statement, where that may be told."""
    kept = item.snapshot or {}
    counts = kept.get(BY_GROUP, {}).get(str(number), {})
    sizes = kept.get(READING, {}).get("sizes", {})
    return [
        GroupBar(
            opinions.group_letter(int(label)),
            int(sizes.get(label, 0)),
            charts.answers(one["agree"], one["passes"], one["disagree"]),
        )
        for label, one in sorted(counts.items(), key=lambda each: int(each[0]))
    ]


def says(item: AgendaItem, number: int) -> str:
    """Return what is to be said of one statement: that all share it, or that it divides."""
    kept = (item.snapshot or {}).get(READING)
    if kept is None:
        return ""
    found = opinions.Reading.from_json(kept).only([str(number)])
    told = ""
    if found.divides:
        told = gettext("The groups differ.") if found.sizes else gettext("The room is divided.")
    elif found.common_ground and found.sizes:
        told = gettext("All groups share this view.")
    elif found.common_ground:
        told = gettext("Most people share this view.")
    elif found.unsure:
        told = gettext("Many are not sure.")
    return told


def shared(item: AgendaItem) -> set[int]:
    """Return the numbers of the statements that every group, or else most people, agree with."""
    kept = (item.snapshot or {}).get(READING)
    if kept is None:
        return set()
    ground = opinions.Reading.from_json(kept).common_ground
    agreed = [one for one in ground if one.direction is opinions.Direction.AGREE]
    return {int(one.statement) for one in agreed}


def place_of(item: AgendaItem, person: Participant) -> Sequence[str]:
    """Tell somebody where they sit, from what was kept and their own answers."""
    kept = (item.snapshot or {}).get(LEANINGS)
    if kept is None:
        return ()
    answers = counted_in(item)
    query = (
        select(Statement.number, answers.value)
        .join(answers, answers.statement_id == Statement.id)
        .where(Statement.item_id == item.id, Statement.state == "accepted")
        .where(answers.person_id == person.id)
    )
    own = {str(number): value for number, value in db.session.execute(query)}
    place = opinions.where_you_sit(opinions.Leanings.from_json(kept), own)
    return opinions.tell_place(place, gettext=gettext, ngettext=ngettext)


def without(snapshot: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return what was kept of a round with nothing left of one statement."""
    kept = dict(snapshot)
    kept["statements"] = [row for row in kept.get("statements", []) if row["number"] != number]
    if themes.THEMES in kept:
        kept[themes.THEMES] = themes.without(kept[themes.THEMES], number)
    if READING in kept:
        found = opinions.Reading.from_json(kept[READING])
        left = {remark.statement for remark in found.remarks} - {str(number)}
        kept[READING] = found.only(left).to_json()
        leanings = opinions.Leanings.from_json(kept[LEANINGS])
        kept[LEANINGS] = leanings.without(str(number)).to_json()
        kept[BY_GROUP] = {n: of for n, of in kept.get(BY_GROUP, {}).items() if n != str(number)}
    return kept


def votes_of(item: AgendaItem) -> list[Vote]:
    """Return the answers to the statements that are shown, by public identifiers."""
    from panel_app.opinions.api import Vote

    return [
        Vote(participant=member, statement=number, value=value)
        for member, number, value in _answers(item)
    ]


def _closed(public_id: str) -> AgendaItem | None:
    """Return the round if it is closed and nobody has worked it out."""
    item = db.session.scalar(select(AgendaItem).where(AgendaItem.public_id == public_id))
    return item if item is not None and item.state == "closed" and _waits(item) else None


def _waits(item: AgendaItem) -> bool:
    return item.snapshot is not None and READING not in item.snapshot


def _answers(item: AgendaItem) -> list[tuple[str, str, int]]:
    """Return who answered what, by public identifier and the statement's number."""
    answers = counted_in(item)
    query = (
        select(answers.PERSON.public_id, Statement.number, answers.value)
        .select_from(answers)
        .join(Statement, Statement.id == answers.statement_id)
        .join(answers.PERSON, answers.PERSON.id == answers.person_id)
        .where(Statement.item_id == item.id, Statement.state == "accepted")
    )
    return [(person, str(number), value) for person, number, value in db.session.execute(query)]


def _worked_out(answers: list[tuple[str, str, int]]) -> dict[str, Any]:
    from panel_app.opinions import api

    numbers = sorted({number for _member, number, _value in answers}, key=int)
    votes = [api.Vote(*answer) for answer in answers]
    matrix = api.matrix_of(votes, [api.Statement(number) for number in numbers])
    analysis = api.analyse(matrix)
    return {
        READING: api.read_votes(analysis).to_json(),
        LEANINGS: api.leanings_of(analysis).to_json(),
        BY_GROUP: {
            number: {str(label): asdict(counts) for label, counts in groups.items()}
            for number, groups in api.counts_by_group(analysis).items()
        },
    }


def _texts(item: AgendaItem) -> dict[str, str]:
    query = select(Statement).where(Statement.item_id == item.id, Statement.state == "accepted")
    return {str(one.number): i18n.wording(one.wording).text for one in db.session.scalars(query)}


def _said(kind: opinions.Kind, found: opinions.Reading, texts: Mapping[str, str]) -> list[str]:
    sentences = opinions.tell(kind, found, texts, gettext=gettext, ngettext=ngettext)
    return [" ".join((one.sentence, *one.by_group)) for one in sentences]


def _groups(found: opinions.Reading, texts: Mapping[str, str]) -> list[GroupWords]:
    """Describe the groups that have something typical to say."""
    groups = []
    for label in sorted(found.sizes):
        size, typical = opinions.tell_group(found, label, texts, gettext=gettext, ngettext=ngettext)
        if typical:
            sentences = [one.sentence for one in typical]
            groups.append(GroupWords(opinions.group_letter(label), size, sentences))
    return groups
