"""The list of what was written in a part, on the desk."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.deliberation.contributions.models import Contribution
from panel_app.deliberation.desk.lists import texts
from panel_app.sessions.models import AgendaItem
from panel_app.web.listing import Listing, State


def contributions(item: AgendaItem) -> Listing[Contribution]:
    """Return what was written in a part, by number."""
    shown, one = Contribution.state == "accepted", Contribution
    return texts(
        Contribution,
        item,
        name="contributions",
        label=_("Everything that was written"),
        called=_("Question or idea"),
        empty=_("Nobody has written anything yet."),
        more=(
            State("shortlisted", _("on the shortlist"), shown & one.shortlisted),
            State("answered", _("taken up"), shown & one.answered_at.is_not(None)),
            State("joined", _("joined"), one.state == "joined"),
        ),
    )
