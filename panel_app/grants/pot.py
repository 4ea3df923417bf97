"""A round's pot: taking money out of it, never more than there is."""

from __future__ import annotations

from sqlalchemy import update

from panel_app.core import errors
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants.models import Round
from panel_app.web.i18n import money_text


def commit(*, round_: Round, amount: int) -> None:
    """Take `amount` out of the round's pot, or refuse: one conditional update, never a check
    followed by a write."""
    taken = db.session.execute(
        update(Round)
        .where(
            Round.id == round_.id, Round.state != "closed", Round.committed + amount <= Round.pot
        )
        .values(committed=Round.committed + amount)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(round_)
    if taken.rowcount:  # type: ignore[attr-defined]
        return
    if round_.state == "closed":
        raise errors.Conflict(_("This round is closed already."))
    if round_.left <= 0:
        raise errors.Conflict(_("The pot is empty. Nothing was recorded: decide it another time."))
    raise errors.Conflict(
        _(
            "The pot has %(left)s left, which is less than %(amount)s. Nothing was recorded:"
            " fund part of it, or decide it another time.",
            left=money_text(round_.left),
            amount=money_text(amount),
        ),
        field="amount",
    )
