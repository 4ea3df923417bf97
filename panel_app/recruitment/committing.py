"""A computed lottery: looked at, committed to, or given up where everybody can read why."""

from __future__ import annotations

from panel_app.core import clock
from panel_app.core.db import locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.recruitment.lotteries import give_up, note
from panel_app.recruitment.models import Lottery

#: Characters of the reason why a committed lottery was given up.
LONGEST_REASON = 400


def commit_lottery(*, lottery: Lottery, actor: str) -> None:
    """Fix the lottery that was looked at; doing it twice changes nothing.

    Raises Conflict where there is none to commit to.
    """
    if locked(lottery).state == "ready":
        return
    if lottery.state != "proposed":
        raise Conflict(_("There is no lottery to commit to any more."))
    lottery.state, lottery.committed_at = "ready", clock.now()
    note(
        "lottery.committed",
        lottery,
        actor=actor,
        commitment=lottery.commitment,
        panels=lottery.panels,
        pool=lottery.pool_size,
        size=lottery.size,
    )


def leave_lottery(*, lottery: Lottery, actor: str) -> None:
    """Leave a lottery that nobody has committed to. Raises Conflict for any other."""
    if locked(lottery).state != "proposed":
        raise Conflict(_("There is no lottery to leave any more."))
    give_up(lottery, {"code": "left"}, actor=actor)


def give_up_lottery(*, lottery: Lottery, reason: str, actor: str) -> None:
    """Give up a committed lottery before the dice; its fingerprint and the reason stay public.

    Raises Refused without a reason, and Conflict where it isn't committed or was drawn from.
    """
    why = cleaned(reason)
    if not why or len(why) > LONGEST_REASON:
        raise Refused(_("Say why, in a few words that everybody may read."), field="reason")
    if locked(lottery).state != "ready":
        raise Conflict(_("Only a committed lottery that no panel was drawn from can be given up."))
    give_up(lottery, {"code": "given_up", "reason": why}, actor=actor)
