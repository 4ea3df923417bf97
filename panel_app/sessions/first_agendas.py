"""Agendas of the house, to start from; what they ask is changed before an evening."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from panel_app.core.text import _
from panel_app.sessions.patterns import Pattern, PlannedPart
from panel_app.web.i18n import in_every_language


def _part(title: Any, minutes: int, kind: str | None = None, **settings: Any) -> PlannedPart:
    return PlannedPart(in_every_language(title), minutes, kind, settings)


def _lines(*words: Any) -> list[dict[str, str]]:
    return [in_every_language(each).texts() for each in words]


def _tables(title: Any, minutes: int, rounds: int, *prompts: Any) -> PlannedPart:
    made = {"size": 8, "rounds": rounds, "features": [], "prompts": _lines(*prompts), "places": []}
    return _part(title, minutes, "tables", **made)


def first_evening() -> Pattern:
    """Return an evening on which people meet, talk at tables, say what they think, and ask."""
    return Pattern(
        in_every_language(_("First evening")),
        [
            _part(_("Welcome and food"), 30),
            _tables(_("Getting to know each other"), 40, 2, _("What should stay as it is here?")),
            _part(
                _("What do we think?"),
                30,
                "statements",
                seeds=_lines(
                    _("I know at least three neighbours by name."),
                    _("I feel that my voice is heard here."),
                ),
                adding=True,
            ),
            _part(_("Your questions"), 20, "qa", moderated=True),
            _part(_("Next steps"), 20),
        ],
    )


def budget_evening() -> Pattern:
    """Return an evening that ends with a ballot on a pot, which is added once the pot is there."""
    return Pattern(
        in_every_language(_("Budget evening")),
        [
            _part(_("Welcome and food"), 30),
            _part(_("The projects, one by one"), 30),
            _tables(_("What would make it fair?"), 40, 2, _("What can’t wait?")),
            _part(_("The ballot: add it when the pot is there"), 20),
            _part(_("Next steps"), 10),
        ],
    )


def grants_fortnight() -> Pattern:
    """Return a grant panel's meeting; the part on the requests is added with the programme."""
    return Pattern(
        in_every_language(_("Grants fortnight")),
        [
            _part(_("Welcome, and who has a conflict of interest"), 15),
            _part(_("The requests: add them when the programme is there"), 75),
            _part(_("What we learnt, and the next fortnight"), 15),
        ],
    )


def three_steps() -> Pattern:
    """Return an area's workshop in three steps: what it is like, the effect, how to soften it."""
    return Pattern(
        in_every_language(_("Three steps in an area")),
        [
            _part(_("Welcome and food"), 20),
            _tables(_("What is this area like?"), 35, 1, _("What is good here, what is hard?")),
            _tables(_("What would the proposal do?"), 35, 1, _("Who gains, and who loses?")),
            _tables(_("How could it be softened or improved?"), 35, 1, _("What has to change?")),
            _part(_("Ideas that others want too"), 15, "ideas", moderated=False),
            _part(_("Next steps"), 10),
        ],
    )


AGENDAS: Mapping[str, Callable[[], Pattern]] = {
    "first-evening": first_evening,
    "budget-evening": budget_evening,
    "grants-fortnight": grants_fortnight,
    "three-steps": three_steps,
}
