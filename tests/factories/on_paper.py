"""Papers printed, handed out and typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from panel_app.balloting.on_paper import queries, services
from panel_app.balloting.on_paper.models import PaperBatch
from panel_app.core.db import db
from panel_app.panels.models import Member
from tests.factories.balloting import Vote, the_ballot

#: How the log names two people of the staff.
ONE, OTHER = "staff:one", "staff:other"


def printed(vote: Vote, papers: int = 10) -> list[str]:
    """Print and commit papers; return their numbers as they stand on them."""
    run = services.print_run(ballot=the_ballot(vote), language="en", papers=papers, actor="system")
    db.session.commit()
    return queries.numbers_of(the_ballot(vote), run, 1)


def hand_out(vote: Vote, members: Iterable[int]) -> None:
    """Hand a paper to each member and commit."""
    for member in members:
        services.hand_out(
            ballot=the_ballot(vote), member=db.session.get_one(Member, member), actor="system"
        )
    db.session.commit()


def batch(vote: Vote, number: int = 1, size: int = 5) -> PaperBatch:
    """Note and commit a batch."""
    made = services.open_batch(
        ballot=the_ballot(vote), number=number, place="Stall", size=size, actor="system"
    )
    db.session.commit()
    return made


def typed(batch: PaperBatch, who: str, papers: Mapping[str, Any]) -> None:
    """Type papers and commit; a text in place of a choice says `blank` or `void`."""
    for number, choice in papers.items():
        said = choice if isinstance(choice, str) else "vote"
        services.type_paper(batch=batch, who=who, number=number, said=said, choice=choice)
    services.finish(batch=batch, who=who)
    db.session.commit()
