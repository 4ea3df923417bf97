"""Help on programmes, rounds and applications."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"grants_desk"}),
        words=_(
            "A programme takes applications; a round is a part of it with dates and a pot of "
            "its own. Members score applications on their phones and vote, and you record the "
            "decision with its reason. No more than the pot can be awarded."
        ),
    ),
    PageHelp(
        pages=frozenset({"appeals_desk"}),
        words=_(
            "An appeal says that facts were wrong or that the panel did not keep to its rules. "
            "Whoever voted, scored or recorded the decision can’t answer it. If it is right, the "
            "decision counts no longer and the panel decides again."
        ),
    ),
    PageHelp(
        pages=frozenset({"awards_desk"}),
        words=_(
            "A grant is offered, accepted by the applicant, checked, and paid in lines: one person "
            "drafts a line, another one releases it. Nothing is released before it is accepted, "
            "checked and its conditions are met. What comes back goes into the pot again."
        ),
    ),
)
