"""Looking a person up, handing over what is kept, and erasing it; each leaves a line in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from panel_app.core import audit, clock, errors, holdings, jobs
from panel_app.core.db import db, found
from panel_app.core.feature import offered
from panel_app.core.finality import Act
from panel_app.core.holdings import Found, Held, Holder, Sought, Who
from panel_app.core.text import _
from panel_app.records import cleaning

SHORTEST = 2
#: How many people one search shows; more words find fewer.
MOST = 50
ERASED = "person.erased"


@dataclass(frozen=True, slots=True)
class Findings:
    """Whom a search found, and after which sealed row it would go on; None at the end."""

    people: list[Found]
    further: int | None


def search(*, sought: Sought, actor: str) -> Findings:
    """Find people by code, seat, number, name or contact; what was typed is not logged.

    Raises Refused for a single letter, which would open everybody.
    """
    if len(sought.words) < SHORTEST and not sought.words.isdecimal():
        raise errors.Refused(_("Type at least two letters."), field="words")
    people = [one for holder in offered(Holder) for one in holder.find(sought)]
    audit.record("records.searched", actor=actor, subject="records", found=len(people))
    return Findings(people[:MOST], holdings.next_batch(sought))


def person(public_id: str) -> Who:
    """Return somebody under all their names. Raises NotFound where nobody is called so."""
    refs = [ref for holder in offered(Holder) for ref in holder.called(public_id)]
    return holdings.whole(found(refs[0] if refs else None))


def look(*, who: Who, actor: str) -> list[Held]:
    """Return everything held about somebody."""
    audit.record("records.looked", actor=actor, subject=who.refs[0])
    return list(holdings.everything(who))


def hand_over(*, who: Who, kind: str, actor: str) -> dict[str, Any]:
    """Return everything held about somebody as JSON values, for a file of this kind."""
    audit.record("records.handed_over", actor=actor, subject=who.refs[0], file=kind)
    held = [
        {"heading": str(h.heading), "rows": [[str(label), str(it)] for label, it in h.rows]}
        for h in holdings.everything(who)
    ]
    made_at = clock.now().isoformat(timespec="seconds")
    return {"person": list(who.refs), "made_at": made_at, "held": held, "stays": stays(who)}


def stays(who: Who) -> list[str]:
    """Return in sentences what erasing leaves, and why."""
    return [str(sentence) for holder in offered(Holder) for sentence in holder.stays(who)]


def erase(*, who: Who, actor: str) -> None:
    """Erase what is held about somebody, in every feature, for good: no older copy brings it back.

    After the commit the files are written anew. Raises Conflict where a feature can't now.
    """
    for holder in offered(Holder):
        holder.erase(who, actor)
    for ref in who.refs:
        audit.record(ERASED, actor=actor, subject=ref)
    db.session.flush()
    jobs.queue_after_commit(cleaning.clean)


def erase_again(act: Act) -> str | None:
    """Erase somebody whom an older copy still holds."""
    who = holdings.whole(act.subject)
    try:
        for holder in offered(Holder):
            holder.erase(who, "system")
    except errors.DomainError as fault:
        return f"{act.subject}, erased {act.at}, is in this copy again: {fault}"
    jobs.queue_after_commit(cleaning.clean)
    return None
