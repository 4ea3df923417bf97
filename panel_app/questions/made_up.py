"""What made-up people say in a rehearsal; nobody ever said it."""

from __future__ import annotations

from panel_app.core.text import gettext


def sentences() -> list[str]:
    """Return short sentences that could be said to anything."""
    return [
        gettext("The paths need more light."),
        gettext("A bench at every bus stop."),
        gettext("Repairs take too long."),
        gettext("More trees along the road."),
        gettext("Tell us what happened with our ideas."),
        gettext("Keep the hall open in the evening."),
        gettext("Children need somewhere to play."),
        gettext("I like it as it is."),
    ]


def words() -> list[str]:
    """Return single words that could be said to anything."""
    return [
        gettext("light"),
        gettext("trees"),
        gettext("safety"),
        gettext("benches"),
        gettext("neighbours"),
        gettext("repairs"),
    ]
