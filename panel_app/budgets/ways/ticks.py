"""Ticking projects: as many as the pot pays for, or as many as one likes, or a number of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString

from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.ways.way import Way, listed
from panel_app.core.errors import Refused
from panel_app.core.text import _, gettext, ngettext
from panel_app.counting import Election, Project, approval_election
from panel_app.web import i18n


class _Ticks(Way):
    """A box for each project; the choice is the ticked ones, sorted."""

    def election(self, projects: Sequence[Project], choices: Sequence[Any], put: Terms) -> Election:
        """Return papers that name projects."""
        return approval_election(projects, choices, pot=put.pot)


class Knapsack(_Ticks):
    """What is ticked must fit the pot together."""

    name = "knapsack"
    title = _("Fill the pot")
    example = _(
        "Everybody ticks what the pot could pay for together. With £10,000 one can tick three"
        " projects of £3,000, not four."
    )
    within_pot = True

    def hint(self, put: Terms) -> Any:
        """Say that as many may be ticked as fit."""
        return _("Pick as many as fit. You can change your choice until the ballot closes.")

    def check(self, put: Terms, sent: Any) -> list[str]:
        """Return what was ticked. Raises Refused where it costs more than the pot."""
        choice = listed(put, sent)
        over = put.cost_of(choice) - put.pot
        if over > 0:
            raise Refused(LazyString(_too_much, put.cost_of(choice), over, put.pot))
        return sorted(choice)

    def on_paper(self, put: Terms) -> Any:
        """Say how to tick, and how much there is."""
        return _(
            "Put a cross into the box of each project you want. Together they may cost at most"
            " %(pot)s.",
            pot=i18n.money_text(put.pot),
        )


class Approval(_Ticks):
    """Whatever it costs together, as many as one likes or at most a number of them."""

    name = "approval"
    title = _("Tick what you want")
    example = _(
        "Everybody ticks the projects they want, whatever they cost together; at most three, if"
        " you say three."
    )
    limit = _("How many may be ticked (empty: all)")

    def hint(self, put: Terms) -> Any:
        """Say how many may be ticked."""
        most = put.rules.limit
        if most is None:
            return _(
                "Tick every project you want, whatever they cost together. You can change your"
                " choice until the ballot closes."
            )
        return ngettext(
            "Tick one project. You can change your choice until the ballot closes.",
            "Tick up to %(num)s projects. You can change your choice until the ballot closes.",
            most,
        )

    def check(self, put: Terms, sent: Any) -> list[str]:
        """Return what was ticked. Raises Refused where it is more than the limit."""
        choice, most = listed(put, sent), put.rules.limit
        if most is not None and len(choice) > most:
            raise Refused(LazyString(_too_many, len(choice), most))
        return sorted(choice)

    def on_paper(self, put: Terms) -> Any:
        """Say how to tick, and how many."""
        most = put.rules.limit or len(put.options)
        return ngettext(
            "Put a cross into the box of one project.",
            "Put a cross into the box of each project you want, at most %(num)s.",
            most,
        )


def _too_much(cost: int, over: int, pot: int) -> str:
    told = gettext(
        "What you chose costs %(cost)s. That is %(over)s more than the %(pot)s there is."
        " Take something out, then check again. Your ticks are still there.",
        cost=i18n.money_text(cost),
        over=i18n.money_text(over),
        pot=i18n.money_text(pot),
    )
    return str(told)


def _too_many(number: int, most: int) -> str:
    told = ngettext(
        "You ticked %(num)s; at most %(most)s can be ticked. Take something out, then check again."
        " Your ticks are still there.",
        "You ticked %(num)s; at most %(most)s can be ticked. Take something out, then check again."
        " Your ticks are still there.",
        number,
        most=i18n.number(most),
    )
    return str(told)
