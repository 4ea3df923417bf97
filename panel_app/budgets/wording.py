"""Short sentences on what became of each project, for the result page and the wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from panel_app.core.text import _, gettext, ngettext
from panel_app.counting import Loser, Result, Round, missed_by
from panel_app.web import i18n

RULE_NAMES = {"equal-shares": _("Equal shares"), "most-votes": _("Most votes")}


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of one count: titles by project, and whether margins are still to come."""

    result: Result
    titles: dict[str, str]
    awaited: bool

    def by_project(self) -> dict[str, str]:
        """Return a sentence or two for every project: who paid what, or what was missing."""
        paid = {bought.project: self._paid(bought) for bought in self.result.rounds}
        return paid | {lost.project: " ".join(self._lost(lost)) for lost in self.result.losers}

    def lots(self) -> list[str]:
        """Return a sentence for each funded project that only the lot put before another."""
        told = ((won, self._won_by_lot(won)) for won in self.result.winners)
        return [f"{self.titles[won]}: {words}" for won, words in told if words]

    def _paid(self, bought: Round) -> str:
        told = gettext("Paid from the money left over, by most votes.")
        if bought.stage == "shares":
            told = ngettext(
                "One person paid %(most)s from their equal share.",
                "%(num)s people paid at most %(most)s each from their equal shares.",
                bought.payers,
                most=i18n.money_text(bought.most_paid),
            )
        return " ".join(filter(None, [told, self._won_by_lot(bought.project)]))

    def _won_by_lot(self, project: str) -> str:
        others = self.result.beaten_by_lot(project)
        if not others:
            return ""
        told = gettext(
            "It tied with %(others)s in votes and cost, and the lot (seed %(seed)s) put it first.",
            others=", ".join(self.titles[other] for other in others),
            seed=self.result.rule.seed,
        )
        return str(told)

    def _lost(self, lost: Loser) -> Iterator[str]:
        if lost.reason == "no-votes":
            return
        if lost.reason == "lot":
            yield gettext(
                "It tied with %(other)s in votes and cost, and the lot (seed %(seed)s) put that"
                " first.",
                other=self.titles[lost.lost_to],
                seed=self.result.rule.seed,
            )
            return
        if lost.reason == "short":
            yield gettext("Those who chose it could not pay for it together.")
        else:
            yield gettext("It costs more than was left when its turn came.")
        yield from missed_by(lost, i18n.money_text, gettext, ngettext)
        if self.awaited and not lost.recounted:
            yield gettext("By how much it missed is still being worked out.")
