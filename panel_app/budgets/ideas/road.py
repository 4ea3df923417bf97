"""The steps of an idea's road: written down once each, and told to the author in their language."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from panel_app.budgets.ideas.models import Costing, Idea, IdeaStep, Step
from panel_app.core import crypto, ids
from panel_app.core.db import db, one
from panel_app.core.text import _, gettext
from panel_app.core.translated import Translated
from panel_app.outbox import reach, services
from panel_app.outbox.models import Message
from panel_app.outbox.templates import Template
from panel_app.web.i18n import money_text

#: Characters of a link that only its author has: 80 bits.
OWN = 16

#: What a step is called on the road.
NAMES: dict[str, Any] = {
    "received": _("Received"),
    "shown": _("Read, and shown to everybody"),
    "hidden": _("Not shown"),
    "costed": _("Costed"),
    "unknown": _("Cost not known yet"),
    "no": _("The answer is no"),
    "joined": _("Part of a project"),
    "parted": _("Taken out of the project"),
    "listed": _("On the ballot"),
    "funded": _("Funded"),
    "unfunded": _("Not funded"),
    "done": _("Done"),
    "withdrawn": _("Taken back"),
}
#: What its author is told; a step without words is told to nobody.
NEWS: dict[str, Any] = {
    "received": _("Thank you. Your idea is number %(number)s."),
    "shown": _("Your idea has been read and is shown to everybody."),
    "hidden": _("Your idea is not shown. The reason: %(words)s"),
    "costed": _("The council has worked out what it would cost: %(cost)s. %(words)s"),
    "unknown": _("What it would cost is not known yet. %(words)s"),
    "no": _("The council says no to it. The reason: %(words)s"),
    "joined": _("Your idea is now part of a project: %(project)s."),
    "parted": _("Your idea stands alone again."),
    "listed": _("The project with your idea is on the ballot: %(project)s."),
    "funded": _("The project with your idea is funded: %(project)s."),
    "unfunded": _("The vote did not fund the project with your idea: %(project)s."),
    "done": _("What your idea asked for is done: %(project)s."),
}


def _again(message: Message) -> Message:
    """Write a message of the road once more, with the same link. Raises NotFound once it is gone.

    The link is the same because it follows from the idea; the news is the newest.
    """
    number = message.subject_ref.removeprefix("idea:")
    idea = one(select(Idea).where(Idea.public_id == number))
    newest = select(IdeaStep).where(IdeaStep.idea_id == idea.id, IdeaStep.step.in_(NEWS))
    step = one(newest.order_by(IdeaStep.id.desc()).limit(1))
    return _post(idea, _news(idea, step))


TEMPLATE = Template(
    purpose="ideas.road",
    name=_("What becomes of somebody’s idea"),
    subject=_("Your idea: ((title))"),
    body=_(
        "((title))\n\n((news))\n\nHere is how it stands, and where you can take it back:\n\n"
        "((link))\n\n((organisation))"
    ),
    short=_("((organisation)): ((news)) ((link))"),
    places=frozenset({"title", "news", "link", "organisation"}),
    needed=frozenset({"news", "link"}),
    secret=True,
    renew=_again,
)


def take(
    idea: Idea, step: Step, *, about: str = "", words: Translated | None = None
) -> IdeaStep | None:
    """Write a step down and tell the author; None, and nothing told, where it was taken before."""
    before = select(IdeaStep.id).where(
        IdeaStep.idea_id == idea.id, IdeaStep.step == step, IdeaStep.about == about
    )
    if db.session.scalar(before) is not None:
        return None
    taken = IdeaStep(idea_id=idea.id, step=step, about=about, words=words)
    db.session.add(taken)
    db.session.flush()
    if step in NEWS and idea.contact:
        _post(idea, _news(idea, taken))
    return taken


def own_token(idea: Idea) -> str:
    """Return the secret of the author's own link; it follows from the idea and is kept nowhere."""
    written = hmac.digest(crypto.master_key("idea"), idea.public_id.encode(), hashlib.sha256)
    number = int.from_bytes(written[:10])
    mark = "".join(ids.CROCKFORD[number >> 5 * at & 31] for at in range(OWN)).lower()
    return f"{idea.public_id}-{mark}"


def own_link(idea: Idea) -> str:
    """Return the whole of the author's own link; needs no request."""
    path = current_app.url_map.bind("").build("ideas.own", {"token": own_token(idea)})
    return str(current_app.config["PUBLIC_URL"]) + path


def told_of_costing(costing: Costing) -> str:
    """Return a costing's amount in words, in the language of the moment."""
    if costing.pence is None:
        return ""
    amount = money_text(costing.pence)
    return gettext("%(amount)s a year", amount=amount) if costing.yearly else amount


def _news(idea: Idea, step: IdeaStep) -> str:
    """Return what a step says to the author, in the author's language."""
    with force_locale(idea.language):
        values: dict[str, Any] = {"number": idea.number, "words": _in(idea, step.words), "cost": ""}
        values["project"] = _in(idea, idea.project.title if idea.project else None)
        if step.step in {"costed", "unknown", "no"}:
            costing = one(
                select(Costing).where(
                    Costing.idea_id == idea.id, Costing.version == int(step.about)
                )
            )
            values |= {"words": _in(idea, costing.reason), "cost": told_of_costing(costing)}
        return (str(NEWS[step.step]) % values).strip()


def _in(idea: Idea, text: Translated | None) -> str:
    return text.in_language(idea.language).text if text else ""


def _post(idea: Idea, news: str) -> Message:
    return services.post(
        template=TEMPLATE,
        panel_id=idea.call.pot.panel_id,
        to=idea.contact,
        channel=reach.channel(idea.contact),
        language=idea.language,
        values={"title": str(idea.title), "news": news, "link": own_link(idea)},
        subject_ref=f"idea:{idea.public_id}",
    )
