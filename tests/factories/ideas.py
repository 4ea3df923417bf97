"""Ideas for a pot."""

from __future__ import annotations

from typing import Any

from panel_app.budgets.ideas import costing, services
from panel_app.budgets.ideas.costing import Cost
from panel_app.budgets.ideas.models import Idea, IdeaCall
from panel_app.budgets.models import Pot
from panel_app.core.translated import Translated


def make_call(pot: Pot, **terms: Any) -> IdeaCall:
    """Return a call for ideas for a pot, open."""
    return services.ask_for_ideas(pot=pot, terms=services.Terms(**terms), actor="system")


def make_idea(call: IdeaCall, title: str = "Benches at the stop", **said: Any) -> Idea:
    """Return an idea that came from a phone."""
    told = {"why": f"Because of {title.lower()}.", "language": "en", **said}
    return services.add_idea(
        call=call, said=services.Said(title=title, **told), known_by="place", actor="author"
    )


def make_cost(idea: Idea, pence: int = 3_400_00, **more: Any) -> None:
    """Cost an idea."""
    said: dict[str, Any] = {
        "verdict": "costed",
        "pence": pence,
        "basis": "2 benches",
        "reason": Translated.of(en="The pavement is wide enough."),
        **more,
    }
    costing.cost(idea=idea, cost=Cost(**said), actor="system")
