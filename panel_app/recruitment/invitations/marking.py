"""Letters that came back or were refused, marked by what stands on them, many at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from panel_app.core import ids
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.recruitment.invitations import codes, services
from panel_app.recruitment.invitations.models import Invitation, InvitationState, Wave

#: Letters that one list may name.
MOST_MARKED = 2_000
_APART = re.compile(r"[\s,;]+")


@dataclass(slots=True)
class Marked:
    """What became of a list of letters."""

    marked: int = 0
    #: What was typed and is on no letter of the panel.
    unknown: list[str] = field(default_factory=list)
    #: Letters that somebody has registered with: they stay as they are.
    used: list[str] = field(default_factory=list)


def mark_many(*, wave: Wave, typed: str, state: InvitationState, actor: str) -> Marked:
    """Mark every letter of a wave that a list names, by number or code; return what was done.

    Raises Refused for an empty list, or one that is too long.
    """
    words = list(dict.fromkeys(filter(None, _APART.split(typed))))
    if not 1 <= len(words) <= MOST_MARKED:
        raise Refused(
            _("Type from 1 to %(most)s numbers or codes.", most=MOST_MARKED), field="letters"
        )
    done, known = Marked(), _named(wave, words)
    for word in words:
        invitation = known.get(word)
        if invitation is None:
            done.unknown.append(word)
            continue
        try:
            services.mark(invitation=invitation, state=state, actor=actor)
            done.marked += 1
        except Conflict:
            done.used.append(word)
    return done


def _named(wave: Wave, words: Iterable[str]) -> dict[str, Invitation]:
    """Return the wave's letters by the words that name them: `1-0042`, `42`, or a code."""
    numbers = {word: number for word in words if (number := _number(wave, word)) is not None}
    digests = {
        word: codes.digest(word) for word in words if len(ids.normalise_code(word)) == codes.CODE
    }
    mine = select(Invitation).where(Invitation.wave_id == wave.id)
    by_number = {i.number: i for i in db.session.scalars(mine)} if numbers else {}
    with_code = mine.where(Invitation.code_digest.in_(digests.values()))
    by_digest = {i.code_digest: i for i in db.session.scalars(with_code)} if digests else {}
    found = {word: by_number.get(number) for word, number in numbers.items()}
    found |= {word: by_digest.get(digest) for word, digest in digests.items()}
    return {word: invitation for word, invitation in found.items() if invitation is not None}


def _number(wave: Wave, word: str) -> int | None:
    plain = "".join(map(ids.western, word))
    before, dash, after = plain.rpartition("-")
    if dash and before != str(wave.number):
        return None
    return int(after) if after.isascii() and after.isdigit() and len(after) < 7 else None
