"""The same questions before and after: who answered both times is known until the second closes.

Each wave keeps a person's answers under a handle of its own, made with a key that lies outside the
database and its copies and dies with the second wave. Until then the pairs can be counted; after
it nobody can put two answers side by side, nor say whose they are. Rows have no time and no order.
"""

from __future__ import annotations

import hmac
import random
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Literal, TypeVar

from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import OperationalError

from panel_app.core import audit, clock, jobs, key_files, logs, upserts
from panel_app.core.db import db, dialect_name, held_open, locked
from panel_app.core.errors import Conflict
from panel_app.core.finality import Act
from panel_app.core.rewriting import rewrite_sqlite
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.questions.models import PairedAnswer, Pairing
from panel_app.questions.question import Answer, Answers

Wave = Literal["before", "after"]
WAVES: tuple[Wave, ...] = ("before", "after")
#: Somebody's answers by a number that is theirs in this count alone.
Given = Mapping[str, Answers]
Told = TypeVar("Told")


def begin(*, panel: Panel, actor: str) -> Pairing:
    """Make the key under which two waves of a panel's answers are kept."""
    pairing = Pairing(panel_id=panel.id, key_digest="")
    db.session.add(pairing)
    db.session.flush()
    pairing.key_digest = key_files.make(pairing.public_id)
    db.session.flush()
    audit.record("pairing.begun", actor=actor, subject=pairing.name)
    return pairing


def keep(
    *, pairing: Pairing, wave: Wave, who: str, answers: Mapping[str, Answer], counter: int
) -> None:
    """Keep somebody's answers to a wave; the newest by `counter` counts.

    Nothing else is written, above all nothing that names the person. Raises Conflict once the
    second wave is closed, or where the key is missing.
    """
    held_open(pairing)
    upserts.keep_newest(
        PairedAnswer,
        whose={"pairing_id": pairing.id, "handle": handle(_key(pairing), wave, who)},
        answer={"wave": wave, "answers": dict(answers), "counter": counter},
        fresh={"id": uuid.uuid4()},
    )


def given_by(pairing: Pairing, wave: Wave, who: str) -> Answers | None:
    """Return what somebody answered to a wave; None without an answer, or once nobody can know."""
    key = key_files.read(pairing.public_id, pairing.key_digest)
    if key is None:
        return None
    theirs = select(PairedAnswer.answers).where(PairedAnswer.pairing_id == pairing.id)
    return db.session.scalar(theirs.where(PairedAnswer.handle == handle(key, wave, who)))


def forget(who: str) -> None:
    """Delete somebody's answers in every pairing whose key still tells them."""
    for pairing in db.session.scalars(select(Pairing).where(Pairing.closed_at.is_(None))):
        key = key_files.read(pairing.public_id, pairing.key_digest)
        if key is not None:
            both = [handle(key, wave, who) for wave in WAVES]
            theirs = PairedAnswer.pairing_id == pairing.id, PairedAnswer.handle.in_(both)
            db.session.execute(delete(PairedAnswer).where(*theirs))


def close(
    *,
    pairing: Pairing,
    people: Collection[str],
    count: Callable[[Given, Given], Told],
    actor: str,
) -> Told:
    """Close the second wave: count the pairs once, and forget the key after the commit.

    `people` are all who may have answered. `count` holds what it tells to the rule of five. Raises
    Conflict for one that is closed, or where the key is missing.
    """
    if locked(pairing).closed_at is not None:
        raise Conflict(_("This round has closed. What you sent before counts."))
    told = count(*_pairs(pairing, people))
    pairing.closed_at = clock.now()
    db.session.flush()
    audit.record("pairing.closed", actor=actor, subject=pairing.name)
    jobs.queue_after_commit(finish, pairing.id)
    return told


def finish(pairing_id: int) -> None:
    """Destroy a closed pairing's key, and write anew the files in which rows had an order.

    It can be repeated: a disk that refuses, or a reader in the way, is tried again by the hour.
    """
    pairing = db.session.get_one(Pairing, pairing_id)
    if pairing.closed_at is None or pairing.cleaned:
        return
    name = pairing.public_id
    db.session.rollback()
    try:
        key_files.destroy(name)
        rewritten = _rewrite()
    except (OSError, OperationalError):
        rewritten = False
    if not rewritten:
        logs.event("pairing.cleaning_waits", pairing=name)
        return
    db.session.execute(update(Pairing).where(Pairing.id == pairing_id).values(cleaned=True))
    db.session.commit()


def tidy() -> None:
    """Finish what was interrupted."""
    waiting = select(Pairing.id).where(Pairing.closed_at.is_not(None), ~Pairing.cleaned)
    for pairing_id in db.session.scalars(waiting).all():
        finish(pairing_id)


def stay_closed(act: Act) -> str | None:
    """Keep a pairing closed that an older copy holds open; its key is gone."""
    still_open = update(Pairing).where(Pairing.public_id == act.public_id)
    still_open = still_open.where(Pairing.closed_at.is_(None))
    db.session.execute(still_open.values(closed_at=datetime.fromisoformat(act.at)))
    return None


def handle(key: bytes, wave: Wave, who: str) -> bytes:
    """Return the name of somebody's answers in one wave: HMAC-SHA256 under the pairing's key."""
    return hmac.digest(key, f"{wave} {who}".encode(), "sha256")


def _pairs(pairing: Pairing, people: Collection[str]) -> tuple[Given, Given]:
    """Return both waves by numbers that two answers share where one person gave both."""
    key, order = _key(pairing), list(people)
    random.SystemRandom().shuffle(order)
    mine = select(PairedAnswer.handle, PairedAnswer.answers)
    rows = db.session.execute(mine.where(PairedAnswer.pairing_id == pairing.id))
    kept: dict[bytes, Answers] = {row.handle: row.answers for row in rows}

    def of(wave: Wave) -> Given:
        named = {str(number): handle(key, wave, who) for number, who in enumerate(order)}
        return {number: kept[name] for number, name in named.items() if name in kept}

    return of("before"), of("after")


def _key(pairing: Pairing) -> bytes:
    key = key_files.read(pairing.public_id, pairing.key_digest)
    if pairing.closed_at is not None or key is None:
        raise Conflict(_("This round has closed. What you sent before counts."))
    return key


def _rewrite() -> bool:
    if dialect_name() == "sqlite":
        return rewrite_sqlite()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        try:
            connection.execute(text("VACUUM (FULL) paired_answer"))
        finally:
            connection.execute(text("RESET lock_timeout"))
    return True
