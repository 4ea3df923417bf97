"""Short sentences on what became of each project, for the result page and the wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from panel_app.budgets import ways
from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.rules import COUNTS
from panel_app.core.text import _, gettext, ngettext
from panel_app.counting import Loser, Result, Round, missed_by
from panel_app.web import i18n

#: Why a project was not bought, beside what it missed.
_REASONS = {
    "short": _("Those who chose it could not pay for it together."),
    "incompatible": _("It can’t be built together with one that came before it."),
    "cap": _("It costs more than was left of the most that its service line may get."),
    "no-room": _("It costs more than was left when its turn came."),
}


def rules_told(put: Terms) -> list[str]:
    """Say how a ballot's votes are counted, in sentences; for before, during and after it."""
    rules = put.rules
    name, what = COUNTS[rules.count]
    told = [f"{name}: {what}"]
    if rules.way == "ranking":
        told.append(
            ngettext(
                "The first place on a list gives one point.",
                "The first place on a list gives %(num)s points, the next one less, and so on.",
                ways.limit_of(put),
            )
        )
    told += _limits_told(put)
    told.append(
        gettext(
            "If projects tie, the cheaper one goes first, then the one with more votes; after"
            " that a lot decides, which is worked out from the papers when the ballot closes, so"
            " that nobody can know it before."
        )
    )
    if rules.agreed_by:
        told.append(gettext("These rules were agreed by: %(who)s.", who=rules.agreed_by))
    return told


def _limits_told(put: Terms) -> Iterator[str]:
    """Say what a project needs beside votes: a minimum of them, and room beside others."""
    if put.rules.minimum_votes > 1:
        yield ngettext(
            "A project needs at least %(num)s vote to be funded.",
            "A project needs at least %(num)s votes to be funded.",
            put.rules.minimum_votes,
        )
    for group in put.rules.incompatible:
        titles = [i18n.wording(put.by_id[project].title).text for project in group]
        yield gettext("Only one of these can be funded: %(titles)s.", titles="; ".join(titles))
    for line, pence in put.caps:
        yield gettext(
            "Projects of “%(line)s” get at most %(amount)s together.",
            line=i18n.wording(line).text,
            amount=i18n.money_text(pence),
        )


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
        if bought.stage == "votes":
            told = gettext("Its turn came while there was money for it.")
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
        if lost.reason == "minimum-votes":
            yield ngettext(
                "It needed at least %(num)s vote.",
                "It needed at least %(num)s votes.",
                self.result.rule.minimum_votes,
            )
        else:
            yield str(_REASONS[lost.reason])
        yield from missed_by(lost, i18n.money_text, gettext, ngettext)
        if self.awaited and not lost.recounted:
            yield gettext("By how much it missed is still being worked out.")
