"""Short sentences on what became of each project, for the result page."""

from __future__ import annotations

from panel_app.core.text import _, gettext, ngettext
from panel_app.counting import Loser, Result, Round
from panel_app.web import i18n

RULE_NAMES = {"equal-shares": _("Equal shares"), "most-votes": _("Most votes")}


def by_project(result: Result) -> dict[str, str]:
    """Return a sentence for every project: who paid what, or what was missing."""
    paid = {bought.project: _paid(bought) for bought in result.rounds}
    return paid | {lost.project: _missing(lost) for lost in result.losers}


def _paid(bought: Round) -> str:
    if bought.stage == "shares":
        told = ngettext(
            "One person paid %(most)s from their equal share.",
            "%(num)s people paid at most %(most)s each from their equal shares.",
            bought.payers,
            most=i18n.money_text(bought.most_paid),
        )
        return str(told)
    return str(gettext("Paid from the money left over, by most votes."))


def _missing(lost: Loser) -> str:
    if lost.reason == "no-votes":
        return ""
    if lost.left is None or lost.left >= lost.cost:
        return str(gettext("It costs more than was left when its turn came."))
    told = ngettext(
        "The person who chose it had %(left)s left, %(short)s short.",
        "They had %(left)s left between them, %(short)s short.",
        lost.votes,
        left=i18n.money_text(lost.left),
        short=i18n.money_text(lost.cost - lost.left),
    )
    return str(told)
