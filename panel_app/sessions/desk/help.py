"""Help on agendas and the console."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"sessions_desk"}),
        words=_(
            "A session is a meeting; its agenda is made of parts. A part that asks something of "
            "phones is opened and closed on the console while the meeting goes on. What it asks "
            "can change until it is opened."
        ),
    ),
    PageHelp(
        pages=frozenset({"session_templates"}),
        words=_(
            "A session starts from an agenda: one that the product comes with, one that you kept, "
            "or one that another council shared. Its parts are copied, so that changing one "
            "evening changes no other."
        ),
    ),
    PageHelp(
        pages=frozenset({"records_of_sessions"}),
        words=_(
            "The minutes are written from the session by themselves. Take out what is not to be "
            "published, and add what was said and agreed; members can read them afterwards."
        ),
    ),
    PageHelp(
        pages=frozenset({"evening"}),
        words=_(
            "What the computer can look up is looked up anew each time you open the list. The "
            "rest is tried in the hall itself, best on the day before."
        ),
    ),
    PageHelp(
        pages=frozenset({"door"}),
        words=_(
            "For somebody whose letter is at home: find them, let their phone scan the code, and "
            "they are in with their own seat. Who was let in, and by whom, is in the record."
        ),
    ),
    PageHelp(
        pages=frozenset({"sessions_console"}),
        words=_(
            "The console leads through the agenda: open a part, close it, show its results. "
            "Phones and the wall follow by themselves within seconds. What closes for good asks "
            "you before."
        ),
    ),
)
