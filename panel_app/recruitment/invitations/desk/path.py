"""The step of invitations on a panel's path."""

from __future__ import annotations

from panel_app.core.text import _, ngettext
from panel_app.panels.desk.path import PathStep, Standing
from panel_app.panels.models import Panel
from panel_app.recruitment import queries as recruitment
from panel_app.recruitment.invitations import addresses, queries, waves


def _standing(panel: Panel) -> Standing:
    running = waves.under_way(panel)
    if running is not None:
        words = _("Round %(number)s of letters is planned.", number=running.number)
        return Standing(state="now", words=words, button=_("Go on with the letters"))
    sent = queries.letters_sent(panel)
    if sent:
        words = ngettext("%(num)s home was written to.", "%(num)s homes were written to.", sent)
        return Standing(state="done", words=words)
    if addresses.list_of(panel) is not None and recruitment.lottery_of(panel) is None:
        words = _("A list of addresses is loaded.")
        return Standing(state="now", words=words, button=_("Plan the letters"))
    words = _("Letters to homes drawn from a list of addresses, where you invite people so.")
    state = "unused" if recruitment.pool_size(panel) else "later"
    return Standing(state=state, words=words)  # type: ignore[arg-type]


STEP = PathStep(
    title=_("Invitations"),
    endpoint="invitations_desk.show",
    permission="organise",
    position=11,
    kinds=frozenset({"drawn"}),
    standing=_standing,
    example=_("2,400 homes drawn with three dice got a letter; 183 people registered."),
)
