"""What a panel can decide on a grant, and the words for how it decides."""

from __future__ import annotations

from typing import Any

from panel_app.casework.outcomes import Outcome, Phrase
from panel_app.core.text import _

OUTCOMES = (
    Outcome(key="fund", words=_("Fund it"), decided=_("Funded"), gives="all"),
    Outcome(key="part", words=_("Fund part of it"), decided=_("Funded in part"), gives="part"),
    Outcome(key="decline", words=_("Decline it"), decided=_("Declined")),
    Outcome(
        key="defer",
        words=_("Decide another time"),
        decided=_("To be decided another time"),
        defers=True,
    ),
)

#: The usual reasons, and what is usually asked for before money is paid.
REASONS = (
    Phrase("need", _("A clear need, clearly met")),
    Phrase("many", _("Many neighbours gain from it")),
    Phrase("unclear", _("It is not clear how it would work")),
    Phrase("rules", _("It does not fit the rules of the programme")),
    Phrase("risk", _("The risks are too great")),
    Phrase("others", _("Others gain more from the money this time")),
    Phrase("more", _("We need to know more")),
)
CONDITIONS = (
    Phrase("permission", _("Show the permission of whoever owns the place")),
    Phrase("insurance", _("Show that you are insured for it")),
    Phrase("safeguarding", _("Show how children and vulnerable people are kept safe")),
    Phrase("quote", _("Send a written price for what you buy")),
)

#: The outcomes that bring an application back.
LATER = frozenset(outcome.key for outcome in OUTCOMES if outcome.defers)

#: What has been decided, by outcome.
DECIDED: dict[str, Any] = {outcome.key: outcome.decided for outcome in OUTCOMES}

#: What each score means, lowest first: what a new programme starts with.
GUIDE = (
    _("Can’t tell from what they say"),
    _("Poor"),
    _("Weak"),
    _("Fair: some questions left"),
    _("Good"),
    _("Excellent: clear need, clearly met"),
)

#: How the votes are counted, said before anybody votes.
RULE = _(
    "We give money if more than half of those who vote would give some. How much: the middle one of"
    " the amounts that they name; of an even number, the lower of the two in the middle. All of it"
    " is given only if more than half of those who vote want that; otherwise it is the most that"
    " more than half would give. Without a majority we decide another time."
)

#: How a decision follows from the votes, by `Decision.basis`.
BASES: dict[str, Any] = {
    "all": _("More than half of those who voted would give all of it."),
    "middle": _(
        "More than half of those who voted would give something. This is the middle one of the"
        " amounts they named."
    ),
    "short_of_all": _(
        "More than half of those who voted would give something, but no more than half all of it."
        " This is the most that more than half would give."
    ),
    "pot": _(
        "More than half of those who voted would give something, and more than the pot had left."
        " This is what was left."
    ),
    "nothing": _("More than half of those who voted would not give money."),
    "no_majority": _("No more than half of those who voted wanted the same."),
    "quorum": _("Too few members voted to decide it."),
}
