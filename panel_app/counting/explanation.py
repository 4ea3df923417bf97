"""Turn a result into plain sentences for residents, in whatever language gettext speaks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from panel_app.counting.result import Loser, Result, Round, Tie
from panel_app.gettext_protocol import (
    Gettext,
    Ngettext,
    gettext_noop,
    ngettext_noop,
    plain_gettext,
    plain_ngettext,
)

#: By stage: those who paid for a project, or chose it.
_BOUGHT = {
    "shares": ngettext_noop(
        "%(project)s (%(cost)s) is funded: one resident paid %(most)s.",
        "%(project)s (%(cost)s) is funded: %(num)s residents paid at most %(most)s each.",
    ),
    "finish": ngettext_noop(
        "%(project)s (%(cost)s) is funded from the money left over: one resident chose it.",
        "%(project)s (%(cost)s) is funded from the money left over: %(num)s residents chose it.",
    ),
    "votes": ngettext_noop(
        "%(project)s (%(cost)s) is funded: one resident chose it.",
        "%(project)s (%(cost)s) is funded: %(num)s residents chose it.",
    ),
}
#: By reason, apart from a minimum of votes, which goes by number.
_LOST = {
    "no-votes": gettext_noop("%(project)s is not funded: nobody chose it."),
    "lot": gettext_noop(
        "%(project)s is not funded: it tied with %(other)s in all that the rule compares, "
        "and the lot (seed %(seed)s) put that first."
    ),
    "incompatible": gettext_noop(
        "%(project)s is not funded: it cannot be built together with one that came before it."
    ),
    "short": gettext_noop(
        "%(project)s is not funded: those who chose it had %(left)s left of the %(cost)s it costs."
    ),
    "cap": gettext_noop(
        "%(project)s is not funded: it costs %(cost)s, more than its area had left."
    ),
    "no-room": gettext_noop(
        "%(project)s is not funded: it costs %(cost)s, more than was left when its turn came."
    ),
}
#: By what decided; else the lot did.
_TIED = {
    "cost": gettext_noop("%(chosen)s tied with %(others)s and went first because it costs less."),
    "votes": gettext_noop(
        "%(chosen)s tied with %(others)s and went first because more residents chose it."
    ),
    "lot": gettext_noop(
        "%(chosen)s tied with %(others)s and went first by the published seed %(seed)s."
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Sentences: about the whole count, by winner, by loser, about ties, and the comparison."""

    summary: tuple[str, ...]
    winners: Mapping[str, str]
    losers: Mapping[str, str]
    ties: tuple[str, ...]
    comparison: tuple[str, ...]

    def lines(self) -> list[str]:
        """Give every sentence in reading order."""
        told = [*self.summary, *self.winners.values(), *self.losers.values()]
        return [*told, *self.ties, *self.comparison]


def explain(
    result: Result,
    *,
    gettext: Gettext = plain_gettext,
    ngettext: Ngettext = plain_ngettext,
    money: Callable[[int], str],
    title: Callable[[str], str] = str,
) -> Explanation:
    """Explain the result. `money` formats minor units, `title` gives a project's public name."""
    words = _Words(result, money, title, gettext, ngettext)
    return Explanation(
        tuple(words.summary()),
        {bought.project: " ".join(words.winner(bought)) for bought in result.rounds},
        {lost.project: words.loser(lost) for lost in result.losers},
        tuple(words.tie(tie) for tie in result.ties if tie.mattered),
        tuple(words.comparison()),
    )


def missed_by(
    lost: Loser, money: Callable[[int], str], gettext: Gettext, ngettext: Ngettext
) -> Iterator[str]:
    """Say with how much less cost, or more support, the project would have won for sure.

    Nothing where that isn't worked out, nor of who lost by lot: a penny or a paper does that.
    """
    if lost.reason == "lot":
        return
    if lost.cost_less:
        less = money(lost.cost_less)
        yield gettext("It would have been funded at %(less)s less.", less=less)
    if lost.more_support:
        yield ngettext(
            "One more resident choosing it and nothing else would have been enough.",
            "%(num)s more residents choosing it and nothing else would have been enough.",
            lost.more_support,
        )


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of one result, to one reader."""

    result: Result
    money: Callable[[int], str]
    title: Callable[[str], str]
    gettext: Gettext
    ngettext: Ngettext

    def summary(self) -> Iterator[str]:
        result, money, gettext, ngettext = self.result, self.money, self.gettext, self.ngettext
        yield ngettext("One paper was counted.", "%(num)s papers were counted.", result.papers)
        yield gettext(
            "%(spent)s of %(pot)s is spent; %(left)s is left.",
            spent=money(result.spent),
            pot=money(result.pot),
            left=money(result.left),
        )
        if result.purse:
            yield gettext(
                "Each resident had an equal share of %(purse)s to spend on what they chose.",
                purse=money(result.purse_floor),
            )
        share = 100 * result.nothing_funded / result.papers if result.papers else 0
        yield ngettext(
            "One resident has nothing they chose funded (%(share)s%%).",
            "%(num)s residents have nothing they chose funded (%(share)s%%).",
            result.nothing_funded,
            share=f"{share:.1f}",
        )

    def winner(self, bought: Round) -> Iterator[str]:
        project, gettext = self.title(bought.project), self.gettext
        if not bought.cost:
            yield gettext("%(project)s is funded: it costs the pot nothing.", project=project)
        else:
            yield self.ngettext(
                *_BOUGHT[bought.stage],
                bought.payers if bought.stage == "shares" else bought.votes,
                project=project,
                cost=self.money(bought.cost),
                most=self.money(bought.most_paid),
            )
        if others := self.result.beaten_by_lot(bought.project):
            yield gettext(
                "It tied with %(others)s in all that the rule compares, and the lot "
                "(seed %(seed)s) put it first.",
                others=", ".join(map(self.title, others)),
                seed=self.result.rule.seed,
            )

    def loser(self, lost: Loser) -> str:
        missed = missed_by(lost, self.money, self.gettext, self.ngettext)
        return " ".join([self._reason(lost), *missed])

    def _reason(self, lost: Loser) -> str:
        project = self.title(lost.project)
        if lost.reason == "minimum-votes":
            return self.ngettext(
                "%(project)s is not funded: one resident chose it and %(minimum)s were needed.",
                "%(project)s is not funded: %(num)s residents chose it and %(minimum)s were "
                "needed.",
                lost.votes,
                project=project,
                minimum=str(self.result.rule.minimum_votes),
            )
        return self.gettext(
            _LOST[lost.reason],
            project=project,
            cost=self.money(lost.cost),
            left=self.money(lost.left or 0),
            other=self.title(lost.lost_to) if lost.lost_to else "",
            seed=self.result.rule.seed,
        )

    def tie(self, tie: Tie) -> str:
        return self.gettext(
            _TIED.get(tie.decided_by, _TIED["lot"]),
            chosen=self.title(tie.chosen),
            others=", ".join(map(self.title, tie.others)),
            seed=tie.decided_by.removeprefix("seed:"),
        )

    def comparison(self) -> Iterator[str]:
        plain, gettext, ngettext = self.result.plain, self.gettext, self.ngettext
        if set(plain.winners) == set(self.result.winners):
            yield gettext("Counting plain votes would have funded the same projects.")
            return
        yield gettext(
            "Counting plain votes would have funded: %(projects)s.",
            projects=", ".join(map(self.title, plain.winners)) or "-",
        )
        yield ngettext(
            "That would have left one resident with nothing they chose.",
            "That would have left %(num)s residents with nothing they chose.",
            plain.nothing_funded,
        )
        yield ngettext(
            "One resident is better served by this count, %(plain)s by plain votes.",
            "%(num)s residents are better served by this count, %(plain)s by plain votes.",
            plain.prefer_rule,
            plain=str(plain.prefer_plain),
        )
