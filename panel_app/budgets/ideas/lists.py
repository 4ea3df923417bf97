"""The lists of ideas: for everybody, and for those who work on them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select

from panel_app.budgets.ideas import queries
from panel_app.budgets.ideas.models import Idea, IdeaCall
from panel_app.budgets.ideas.queries import IdeaShown
from panel_app.core.text import _
from panel_app.web.listing import Column, Listing, State
from sortition.folding import fold

#: What a person has to look at: words with a doubt, or a photo that isn't shown.
_HELD = (Idea.state == "held") | and_(
    Idea.state == "shown", Idea.photo.is_not(None), Idea.photo_shown.is_(False)
)
#: What waits for the officers.
_WAITING = and_(Idea.state == "shown", Idea.project_id.is_(None))
_STATES = [
    State("held", _("To be read first"), _HELD),
    State("cost", _("To cost"), and_(_WAITING, Idea.costing == "none")),
    State("unknown", _("Cost not known"), and_(_WAITING, Idea.costing == "unknown")),
    State("costed", _("Costed"), and_(_WAITING, Idea.costing == "costed")),
    State("no", _("Answered no"), and_(_WAITING, Idea.costing == "no")),
    State("project", _("In a project"), Idea.project_id.is_not(None)),
    State("hidden", _("Not shown"), Idea.state.in_(("hidden", "withdrawn"))),
]
_COLUMNS: list[Column[IdeaShown]] = [
    Column(
        key="number",
        label=_("Number"),
        plain=lambda row: row.idea.number,
        order=Idea.number,
        figure=True,
    ),
    Column(key="title", label=_("Idea"), plain=lambda row: str(row.idea.title)),
    Column(
        key="place",
        label=_("Where"),
        plain=lambda row: str(row.idea.place.name) if row.idea.place else "",
    ),
    Column(
        key="wanted",
        label=_("Wanted by at least"),
        plain=lambda row: row.wanted,
        order=queries.WANTED,
        figure=True,
    ),
    Column(key="standing", label=_("Now"), plain=lambda row: row.idea.costing),
    Column(
        key="cost",
        label=_("Cost"),
        plain=lambda row: row.costing.pence if row.costing else None,
        figure=True,
    ),
]


def for_everybody(call: IdeaCall) -> Listing[IdeaShown]:
    """Return the ideas that everybody sees, those that most people want first."""
    return Listing(
        name="ideas",
        label=_("Ideas"),
        query=queries.listed(call),
        options=queries.WITH_ALL,
        order=[queries.WANTED.desc(), Idea.number.desc()],
        search=_holds,
        search_label=_("Search the ideas"),
        states=[
            State("costing", _("Cost still to come"), Idea.costing.in_(("none", "unknown"))),
            State("costed", _("Costed"), Idea.costing == "costed"),
            State("project", _("In a project"), Idea.project_id.is_not(None)),
            State("no", _("Answered no"), Idea.costing == "no"),
        ],
        prepare=queries.shown,
        columns=[],
        empty=_("Nobody has written yet. Be the first."),
    )


def for_staff(call: IdeaCall) -> Listing[IdeaShown]:
    """Return every idea of a call, with what there is to do."""
    return Listing(
        name="ideas",
        label=_("Ideas"),
        query=select(Idea).where(Idea.call_id == call.id),
        options=queries.WITH_ALL,
        order=[Idea.number.desc()],
        search=_holds,
        search_label=_("Search the ideas"),
        states=_STATES,
        prepare=queries.shown,
        columns=_COLUMNS,
        empty=_("No idea has come in yet."),
    )


def _holds(words: str) -> ColumnElement[bool]:
    return and_(*(Idea.folded.contains(fold(word), autoescape=True) for word in words.split()))
