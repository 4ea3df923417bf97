"""What would help members come: asked by them, promised and done by the organiser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import url_for
from sqlalchemy import Select, delete, select

from panel_app.core import audit, crypto
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _, gettext
from panel_app.panels.models import Member, Panel
from panel_app.panels.next_steps import NextStep, next_meeting
from panel_app.recruitment.models import Person, Support

#: How something that was asked for stands.
State = Literal["asked", "promised", "done", "sorry"]
STATES: dict[str, Any] = {
    "asked": _("asked for"),
    "promised": _("promised"),
    "done": _("done"),
    "sorry": _("can’t be done"),
}
#: What may be asked for beside words of one's own.
KINDS: dict[str, Any] = {
    "travel": _("Help with getting there, or its cost"),
    "childcare": _("Somebody to look after children"),
    "interpreter": _("An interpreter"),
    "step_free": _("A way in without steps"),
    "hearing": _("A hearing loop, or subtitles"),
    "quiet": _("A quiet room"),
    "other": _("Something else"),
}
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What one member asked for, opened."""

    member: Member
    #: Kind to state, in the order of `KINDS`.
    needs: Mapping[str, str]
    words: str

    @property
    def lines(self) -> list[tuple[str, Any, Any, bool]]:
        """Return kind, its words, its state's words and whether it is still to be answered."""
        return [
            (kind, KINDS[kind], STATES[state], state in {"asked", "promised"})
            for kind, state in self.needs.items()
        ]


def ask(*, member: Member, kinds: Iterable[str], words: str) -> None:
    """Keep what would help a member; what stays asked for keeps its state.

    Raises Refused for words without a place: "something else" says what it is.
    """
    wanted = [kind for kind in KINDS if kind in set(kinds)]
    if "other" in wanted and not words:
        raise Refused(_("Say what it is."), field="words")
    person = found(_person(member))
    locked(member)
    before = _opened(_row(member), person)
    needs = {kind: before.get("needs", {}).get(kind, "asked") for kind in wanted}
    _keep(member, person, {"needs": needs, "words": words})


def answer(*, member: Member, kind: str, state: State, actor: str) -> None:
    """Say that something is promised, done, or can't be.

    Raises Conflict where the member doesn't ask for it any more. The log says that something was
    answered, never what.
    """
    person = found(_person(member))
    locked(member)
    kept = _opened(_row(member), person)
    if kind not in kept.get("needs", {}):
        raise Conflict(_("They don’t ask for this any more."))
    kept["needs"][kind] = state
    _keep(member, person, kept)
    audit.record("support.answered", actor=actor, subject=f"member:{member.public_id}")


def asked_by(member: Member) -> Asked:
    """Return what a member asked for; nothing, where they didn't."""
    return _asked(member, _row(member), _person(member))


def asking(panel: Panel) -> Select[Support, Member, Person]:
    """Return the query for those who asked for something and hold a seat, without order."""
    query = select(Support, Member, Person).join(Member, Support.member_id == Member.id)
    query = query.join(Person, Person.member_id == Member.id)
    return query.where(Member.panel_id == panel.id, Member.state == "confirmed")


def opened(rows: Iterable[Any]) -> list[Asked]:
    """Return rows of `asking`, opened."""
    return [_asked(row.Member, row.Support, row.Person) for row in rows]


def who_asked_for(kind: str, panel: Panel) -> frozenset[int]:
    """Return the members (Member.id) who hold a seat and asked for one kind of help."""
    asked = opened(db.session.execute(asking(panel)))
    return frozenset(each.member.id for each in asked if kind in each.needs)


def of_member(member: Member) -> Iterator[NextStep]:
    """Ask a member who is coming what would help, and say what became of it."""
    if member.state != "confirmed" or next_meeting(member.panel) is None or not _person(member):
        return
    asked = asked_by(member)
    said = ", ".join(f"{kind}: {state}" for _code, kind, state, _open in asked.lines)
    yield NextStep(
        title=gettext("What would help you come?"),
        words=said or gettext("Childcare, an interpreter, no steps: ask for it here."),
        url=url_for("support.mine"),
        button=gettext("Change it") if said else gettext("Ask for help"),
    )


def told(person: Person) -> list[tuple[Any, Any]]:
    """Return what a person asked for, for whoever asks what is kept of them."""
    member = db.session.get(Member, person.member_id) if person.member_id else None
    asked = asked_by(member) if member else None
    if asked is None or not asked.needs:
        return []
    lines = [f"{kind}: {state}" for _code, kind, state, _open in asked.lines]
    return [(_("What would help them come"), " · ".join([*lines, asked.words]).strip(" ·"))]


def forget(person: Person) -> None:
    """Delete what a person asked for."""
    db.session.execute(delete(Support).where(Support.member_id == person.member_id))


def _asked(member: Member, row: Support | None, person: Person | None) -> Asked:
    kept = _opened(row, person) if person else {}
    needs = kept.get("needs", {})
    return Asked(member, {k: needs[k] for k in KINDS if k in needs}, kept.get("words", ""))


def _opened(row: Support | None, person: Person) -> dict[str, Any]:
    if row is None or not person.person_key:
        return {}
    return crypto.unseal(row.content, person.person_key)


def _keep(member: Member, person: Person, kept: dict[str, Any]) -> None:
    row = _row(member)
    if row is None:
        row = Support(member_id=member.id)
        db.session.add(row)
    row.content = crypto.seal(kept, person.person_key)
    db.session.flush()


def _row(member: Member) -> Support | None:
    return db.session.scalar(select(Support).where(Support.member_id == member.id))


def _person(member: Member) -> Person | None:
    mine = select(Person).where(Person.member_id == member.id, Person.person_key != b"")
    return db.session.scalar(mine)
