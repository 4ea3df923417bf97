"""The dice of a draw in two steps: typed, for everybody to see, then said to be what they show."""

from __future__ import annotations

from panel_app.core.db import locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.recruitment.lotteries import draw_panel, note
from panel_app.recruitment.models import Lottery


def type_dice(*, lottery: Lottery, dice: str, actor: str) -> None:
    """Hold what the dice are said to show, in place of what was typed before; nothing is drawn.

    Raises Refused where they name no panel, and Conflict where no committed lottery waits.
    """
    from sortition.verify import index_from_dice

    _must_wait(lottery)
    try:
        index_from_dice(dice, lottery.panels)
    except ValueError:
        raise Refused(_("Type the three digits that the dice show, 0 to 9 each.")) from None
    lottery.typed = dice
    note("lottery.dice_typed", lottery, actor=actor, dice=dice)


def type_again(*, lottery: Lottery, actor: str) -> None:
    """Forget what was typed, since the dice show something else."""
    _must_wait(lottery)
    if lottery.typed is not None:
        lottery.typed = None
        note("lottery.dice_forgotten", lottery, actor=actor)


def draw_as_typed(*, lottery: Lottery, dice: str, actor: str) -> None:
    """Draw the panel that the typed dice name, now that somebody said yes to just these.

    The same yes a second time changes nothing. Raises Conflict where other dice were typed
    meanwhile, or drew.
    """
    if locked(lottery).state == "ready" and lottery.typed != dice:
        raise Conflict(_("Other dice were typed meanwhile. Look at them again."))
    draw_panel(lottery=lottery, dice=dice, actor=actor)


def panel_number(lottery: Lottery) -> int | None:
    """Return the number of the panel that the typed dice name, from 0."""
    from sortition.verify import index_from_dice

    return index_from_dice(lottery.typed, lottery.panels) if lottery.typed else None


def _must_wait(lottery: Lottery) -> None:
    if locked(lottery).state != "ready":
        raise Conflict(_("There is no committed lottery that waits for its dice."))
