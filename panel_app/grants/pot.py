"""A round's pot: taking money out of it, never more than there is, and putting it back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, update

from panel_app.core import errors
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants.models import Round
from panel_app.web.i18n import money_text


def commit(*, round_: Round, amount: int) -> None:
    """Take `amount` pence out of the round's pot. Raises Conflict where less is left."""
    open_with_enough = (Round.state != "closed") & (
        Round.committed - Round.freed + amount <= Round.pot
    )
    if not _moved(round_, open_with_enough, committed=Round.committed + amount):
        raise _refusal(round_, amount)


def free(*, round_: Round, amount: int) -> None:
    """Put `amount` pence back, also into a closed round, where it stays unspent.

    Raises Conflict where less was ever taken out.
    """
    if not _moved(round_, Round.freed + amount <= Round.committed, freed=Round.freed + amount):
        raise errors.Conflict(_("That money is back in the pot already."))


def _moved(round_: Round, allowed: ColumnElement[bool], **change: Any) -> bool:
    """Do one conditional update, never a check followed by a write; return whether it could."""
    moved = db.session.execute(
        update(Round)
        .where(Round.id == round_.id, allowed)
        .values(**change)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(round_)
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def _refusal(round_: Round, amount: int) -> errors.Conflict:
    if round_.state == "closed":
        return errors.Conflict(_("This round is closed already."))
    if round_.left <= 0:
        return errors.Conflict(_("The pot is empty. Nothing was recorded: decide it another time."))
    return errors.Conflict(
        _(
            "The pot has %(left)s left, which is less than %(amount)s. Nothing was recorded:"
            " fund part of it, or decide it another time.",
            left=money_text(round_.left),
            amount=money_text(amount),
        ),
        field="amount",
    )
