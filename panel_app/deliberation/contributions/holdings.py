"""What a member asked, proposed and wanted too, and how that goes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.holdings import Held, Holder, Place, Who
from panel_app.core.text import _
from panel_app.deliberation.contributions import services
from panel_app.deliberation.contributions.models import Contribution, Support
from panel_app.panels.holdings import erasing, members, staying


def tell(who: Who) -> Iterator[Held]:
    """Tell a member's own questions and ideas, and those of others that they wanted too."""
    mine = [member.id for member in members(who)]
    written = select(Contribution).where(Contribution.author_id.in_(mine))
    said = [(one.state, str(one.wording)) for one in db.session.scalars(written)]
    if said:
        yield Held(_("Questions and ideas they wrote in the room"), said)
    query = select(Contribution).join(Support, Support.contribution_id == Contribution.id)
    query = query.where(Support.member_id.in_(mine), Support.wanted)
    wanted = [("", str(one.wording)) for one in db.session.scalars(query)]
    if wanted:
        yield Held(_("Questions and ideas they pressed for"), wanted)


HOLDER = Holder(
    name="contributions",
    places=[
        Place(
            what="Questions and ideas from the room and who wrote them, by seat",
            columns=["contribution"],
            seen_by="everybody once they are shown; never by whom",
            goes="a dash in its place, no longer shown; the author is emptied",
        ),
        Place(
            what="Who wants a question or an idea too, by seat; guests, without one, apart",
            columns=["contribution_support", "contribution_guest_support"],
            seen_by="nobody singly; how many in steps of five, exactly after reveal",
            goes="deleted; totals that were shown stay",
        ),
    ],
    tell=tell,
    erase=erasing(services.erase_member),
    stays=staying(
        _("How many pressed for something in closed parts: counted again, it would tell.")
    ),
)
