"""Registration's step on a panel's path."""

from __future__ import annotations

from panel_app.core.text import _, gettext, ngettext
from panel_app.panels.desk.path import Due, PathStep, Standing
from panel_app.panels.models import Panel
from panel_app.recruitment import queries as recruitment
from panel_app.recruitment.registration import queries


def _standing(panel: Panel) -> Standing:
    ways = queries.ways_into(panel)
    if not ways:
        words = _("Where people register: a page for the library, the door, a letter.")
        state = "unused" if recruitment.pool_size(panel) else "later"
        return Standing(state=state, words=words)  # type: ignore[arg-type]
    sent = sum(way.sent for way in ways)
    people = ngettext("%(num)s person has registered.", "%(num)s people have registered.", sent)
    is_open = any(way.closed is None for way in ways)
    ends = [Due(w.page.closes_at, _("Registration closes")) for w in ways if w.page.closes_at]
    apart = ", ".join(
        gettext("%(name)s: %(number)s", name=way.page.name, number=way.sent) for way in ways
    )
    return Standing(
        state="now" if is_open else "done",
        words=f"{people} {apart}" if len(ways) > 1 else people,
        button=_("See who registered"),
        dates=ends,
    )


STEP = PathStep(
    title=_("Registration"),
    endpoint="registration_desk.show",
    permission="organise",
    kinds=frozenset({"drawn"}),
    position=11,
    standing=_standing,
    example=_("183 people registered: 121 by letter, 40 at the library, 22 at doors."),
)
