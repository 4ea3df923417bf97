"""The demo's evening that goes on now, to which other features add their parts; and evenings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from panel_app.core import clock
from panel_app.core.story import ACTOR, Part, Story
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.sessions import guests, services
from panel_app.sessions.models import AgendaItem, Session

T = Translated.of

SESSION = T(
    en="How should £100,000 be spent on the estate?",
    bn="এস্টেটে £1,00,000 কীভাবে খরচ করা উচিত?",
    ar="كيف ينبغي إنفاق £100,000 على المجمّع؟",
)

HALL = T(en="Community hall", bn="কমিউনিটি হল", ar="قاعة المجتمع")

WELCOME = T(en="Welcome and food", bn="স্বাগতম ও খাবার", ar="الترحيب والطعام")

CLOSING = T(en="Next steps", bn="এরপর কী", ar="الخطوات التالية")

#: When other features add their parts to tonight's agenda.
PLANNED = timedelta(days=1)


class Tonight:
    """The evening that goes on now."""

    def __init__(self, session: Session) -> None:
        self.session = session


def evening(panel: Panel, title: Translated, start: datetime) -> Session:
    """Plan an evening of two and a half hours in the hall."""
    return services.create_session(
        panel=panel,
        title=title,
        place=HALL,
        starts_at=start,
        ends_at=start + timedelta(hours=2, minutes=30),
        actor=ACTOR,
    )


def add(
    session: Session, title: Translated, minutes: int, kind: str | None = None, **settings: object
) -> AgendaItem:
    """Add a part to an evening's agenda."""
    return services.add_item(
        session=session, title=title, minutes=minutes, kind=kind, settings=settings, actor=ACTOR
    )


@contextmanager
def part_of(session: Session, item: AgendaItem, minutes: int) -> Iterator[None]:
    """Open a part, do what is in the block `minutes` later, and close it."""
    services.open_item(item=item, actor=ACTOR)
    with clock.ago(clock.how_long_ago() - timedelta(minutes=minutes)):
        yield
        services.close_item(item=item, actor=ACTOR)


def plan(story: Story) -> None:
    """Plan tonight; what it does is added by those who know."""
    start = clock.now() + PLANNED - timedelta(minutes=35)
    session = evening(story.the(Panel), SESSION, start)
    add(session, WELCOME, 30)
    story.keep(Tonight(session))


def end_agenda(story: Story) -> None:
    """Add what ends tonight's agenda."""
    add(story.the(Tonight).session, CLOSING, 10)


def begin(story: Story) -> None:
    """Open the evening with its welcome."""
    session = story.the(Tonight).session
    services.open_session(session=session, actor=ACTOR)
    guests.allow(session=session, allowed=True, actor=ACTOR)
    for role in ("resident", "resident", "officer", "resident", "partner", "resident", "resident"):
        guests.come(session=session, role=role, language="en")
    with part_of(session, session.items[0], 27):
        pass


PARTS = (
    Part(ago=PLANNED, play=plan),
    Part(ago=PLANNED - timedelta(minutes=1), play=end_agenda),
    Part(ago=timedelta(minutes=35), play=begin),
)
