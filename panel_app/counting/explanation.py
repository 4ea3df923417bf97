"""Turn a result into plain sentences for residents, in whatever language gettext speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from panel_app.counting.result import Loser, Result, Round, Tie


class Gettext(Protocol):
    """Translate a message and fill in its named placeholders (flask_babel.gettext does)."""

    def __call__(self, message: str, /, **values: str) -> str: ...


class Ngettext(Protocol):
    """Translate by number and fill in, `num` included (flask_babel.ngettext does)."""

    def __call__(self, singular: str, plural: str, num: int, /, **values: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """How money (minor units) and a project's id are shown to whoever reads."""

    money: Callable[[int], str]
    title: Callable[[str], str]


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


def plain_gettext(message: str, /, **values: str) -> str:
    """Fill in the English message; stands in where no translation is wanted."""
    return message % values


def plain_ngettext(singular: str, plural: str, num: int, /, **values: str) -> str:
    """Fill in the English message for this number."""
    return (singular if num == 1 else plural) % {"num": num, **values}


def explain(
    result: Result,
    *,
    gettext: Gettext = plain_gettext,
    ngettext: Ngettext = plain_ngettext,
    money: Callable[[int], str],
    title: Callable[[str], str] = str,
) -> Explanation:
    """Explain the result. `money` formats minor units, `title` gives a project's public name."""
    reader = Reader(money, title)
    return Explanation(
        tuple(_summary(result, reader, gettext, ngettext)),
        {r.project: _winner(r, result, reader, gettext, ngettext) for r in result.rounds},
        {x.project: _loser(x, result, reader, gettext, ngettext) for x in result.losers},
        tuple(_tie(tie, reader, gettext) for tie in result.ties if tie.mattered),
        tuple(_comparison(result, reader, gettext, ngettext)),
    )


def _summary(result: Result, reader: Reader, gettext: Gettext, ngettext: Ngettext) -> list[str]:
    money = reader.money
    told = [
        ngettext(
            "One paper was counted.",
            "%(num)s papers were counted.",
            result.papers,
        ),
        gettext(
            "%(spent)s of %(pot)s is spent; %(left)s is left.",
            spent=money(result.spent),
            pot=money(result.pot),
            left=money(result.left),
        ),
    ]
    if result.purse:
        told.append(
            gettext(
                "Each resident had an equal share of %(purse)s to spend on what they chose.",
                purse=money(result.purse_floor),
            )
        )
    told.append(
        ngettext(
            "One resident has nothing they chose funded (%(share)s%%).",
            "%(num)s residents have nothing they chose funded (%(share)s%%).",
            result.nothing_funded,
            share=_percent(result.nothing_funded, result.papers),
        )
    )
    return told


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0.0"


def _winner(
    bought: Round, result: Result, reader: Reader, gettext: Gettext, ngettext: Ngettext
) -> str:
    told = _bought(bought, reader, gettext, ngettext)
    if not (others := result.beaten_by_lot(bought.project)):
        return told
    lot = gettext(
        "It tied with %(others)s in all that the rule compares, and the lot (seed %(seed)s) put it "
        "first.",
        others=", ".join(map(reader.title, others)),
        seed=result.rule.seed,
    )
    return f"{told} {lot}"


def _bought(bought: Round, reader: Reader, gettext: Gettext, ngettext: Ngettext) -> str:
    project, cost = reader.title(bought.project), reader.money(bought.cost)
    if not bought.cost:
        return gettext("%(project)s is funded: it costs the pot nothing.", project=project)
    if bought.stage == "shares":
        return ngettext(
            "%(project)s (%(cost)s) is funded: one resident paid %(most)s.",
            "%(project)s (%(cost)s) is funded: %(num)s residents paid at most %(most)s each.",
            bought.payers,
            project=project,
            cost=cost,
            most=reader.money(bought.most_paid),
        )
    if bought.stage == "finish":
        return ngettext(
            "%(project)s (%(cost)s) is funded from the money left over: one resident chose it.",
            "%(project)s (%(cost)s) is funded from the money left over: "
            "%(num)s residents chose it.",
            bought.votes,
            project=project,
            cost=cost,
        )
    return ngettext(
        "%(project)s (%(cost)s) is funded: one resident chose it.",
        "%(project)s (%(cost)s) is funded: %(num)s residents chose it.",
        bought.votes,
        project=project,
        cost=cost,
    )


def _loser(
    lost: Loser, result: Result, reader: Reader, gettext: Gettext, ngettext: Ngettext
) -> str:
    told = [_reason(lost, result, reader, gettext, ngettext)]
    return " ".join([*told, *missed_by(lost, reader.money, gettext, ngettext)])


def missed_by(
    lost: Loser, money: Callable[[int], str], gettext: Gettext, ngettext: Ngettext
) -> list[str]:
    """Say with how much less cost, or more support, the project would have won for sure.

    Nothing where that isn't worked out, nor of who lost by lot: a penny or a paper does that.
    """
    told: list[str] = []
    if lost.reason == "lot":
        return told
    if lost.cost_less:
        less = money(lost.cost_less)
        told.append(gettext("It would have been funded at %(less)s less.", less=less))
    if lost.more_support:
        told.append(
            ngettext(
                "One more resident choosing it and nothing else would have been enough.",
                "%(num)s more residents choosing it and nothing else would have been enough.",
                lost.more_support,
            )
        )
    return told


def _reason(
    lost: Loser, result: Result, reader: Reader, gettext: Gettext, ngettext: Ngettext
) -> str:
    project, cost = reader.title(lost.project), reader.money(lost.cost)
    if lost.reason == "no-votes":
        return gettext("%(project)s is not funded: nobody chose it.", project=project)
    if lost.reason == "lot":
        return gettext(
            "%(project)s is not funded: it tied with %(other)s in all that the rule compares, and "
            "the lot (seed %(seed)s) put that first.",
            project=project,
            other=reader.title(lost.lost_to),
            seed=result.rule.seed,
        )
    if lost.reason == "short":
        return gettext(
            "%(project)s is not funded: those who chose it had %(left)s left of the %(cost)s "
            "it costs.",
            project=project,
            left=reader.money(lost.left or 0),
            cost=cost,
        )
    if lost.reason == "minimum-votes":
        return ngettext(
            "%(project)s is not funded: one resident chose it and %(minimum)s were needed.",
            "%(project)s is not funded: %(num)s residents chose it and %(minimum)s were needed.",
            lost.votes,
            project=project,
            minimum=str(result.rule.minimum_votes),
        )
    return _misfit(lost.reason, project, cost, gettext)


def _misfit(reason: str, project: str, cost: str, gettext: Gettext) -> str:
    """Say which limit the project met when its turn came."""
    if reason == "incompatible":
        return gettext(
            "%(project)s is not funded: it cannot be built together with one that came before it.",
            project=project,
        )
    if reason == "cap":
        return gettext(
            "%(project)s is not funded: it costs %(cost)s, more than its area or category had "
            "left.",
            project=project,
            cost=cost,
        )
    if reason == "stopped":
        return gettext(
            "%(project)s is not funded: the count stopped at a project before it that no longer "
            "fitted.",
            project=project,
        )
    return gettext(
        "%(project)s is not funded: it costs %(cost)s, more than was left when its turn came.",
        project=project,
        cost=cost,
    )


def _tie(tie: Tie, reader: Reader, gettext: Gettext) -> str:
    chosen = reader.title(tie.chosen)
    others = ", ".join(map(reader.title, tie.others))
    if tie.decided_by == "cost":
        return gettext(
            "%(chosen)s tied with %(others)s and went first because it costs less.",
            chosen=chosen,
            others=others,
        )
    if tie.decided_by == "votes":
        return gettext(
            "%(chosen)s tied with %(others)s and went first because more residents chose it.",
            chosen=chosen,
            others=others,
        )
    return gettext(
        "%(chosen)s tied with %(others)s and went first by the published seed %(seed)s.",
        chosen=chosen,
        others=others,
        seed=tie.decided_by.removeprefix("seed:"),
    )


def _comparison(result: Result, reader: Reader, gettext: Gettext, ngettext: Ngettext) -> list[str]:
    plain = result.plain
    if set(plain.winners) == set(result.winners) and not plain.replaced:
        return [gettext("Counting plain votes would have funded the same projects.")]
    told = [
        gettext(
            "Counting plain votes would have funded: %(projects)s.",
            projects=", ".join(map(reader.title, plain.winners)) or "-",
        ),
        ngettext(
            "That would have left one resident with nothing they chose.",
            "That would have left %(num)s residents with nothing they chose.",
            plain.nothing_funded,
        ),
        ngettext(
            "One resident is better served by this count, %(plain)s by plain votes.",
            "%(num)s residents are better served by this count, %(plain)s by plain votes.",
            plain.prefer_rule,
            plain=str(plain.prefer_plain),
        ),
    ]
    if plain.replaced:
        told.append(gettext("So plain votes decided, as the rule says."))
    return told
