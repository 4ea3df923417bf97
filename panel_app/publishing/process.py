"""What happened so far: a panel's draw, sessions and ballots on one line of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from panel_app.balloting.models import Ballot
from panel_app.budgets import frozen_terms
from panel_app.core.text import gettext, ngettext
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations.queries import public_waves
from panel_app.recruitment.queries import DrawStory
from panel_app.sessions.models import Session
from panel_app.web.charts import Mark, Moment, timeline
from panel_app.web.i18n import money_text, said


def so_far(
    panel: Panel, story: DrawStory | None, ballots: Iterable[Ballot], held: Iterable[Session]
) -> list[Mark]:
    """Return the draw, the sessions and the closed ballots given, from the first to the last."""
    moments = [
        *_invited(panel),
        *_drawn(panel, story),
        *(_met(panel, session) for session in held),
        *(_decided(panel, ballot) for ballot in ballots),
    ]
    return timeline(moments)


def _invited(panel: Panel) -> Iterator[Moment]:
    url = url_for("publishing.how_invited", panel_slug=panel.slug)
    for public in public_waves(panel):
        if public.wave.drawn_at:
            words = ngettext(
                "%(num)s home is written to", "%(num)s homes are written to", public.wave.letters
            )
            yield Moment(public.wave.drawn_at, str(words), url)


def _drawn(panel: Panel, story: DrawStory | None) -> Iterator[Moment]:
    if story is None:
        return
    url = url_for("publishing.how_chosen", panel_slug=panel.slug)
    yield Moment(story.committed_at, gettext("The lottery is fixed"), url)
    if story.drawn_at:
        yield Moment(story.drawn_at, gettext("The panel is drawn"), url)


def _met(panel: Panel, session: Session) -> Moment:
    url = url_for("publishing.minutes", panel_slug=panel.slug, public_id=session.public_id)
    return Moment(session.starts_at, said(session.title), url)


def _decided(panel: Panel, ballot: Ballot) -> Moment:
    url = url_for("budgets.result", panel_slug=panel.slug, public_id=ballot.public_id)
    pot = money_text(frozen_terms.read(ballot.terms).pot)
    label = gettext("Secret ballot on %(amount)s", amount=pot)
    return Moment(ballot.closed_at or ballot.created_at, label, url)
