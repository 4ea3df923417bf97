"""What this deployment's outbox is made of, beside the templates that features offer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

from panel_app.config import Settings
from panel_app.core.feature import offered
from panel_app.outbox.carriers.carrier import Carrier
from panel_app.outbox.carriers.choosing import carrier_for
from panel_app.outbox.models import Channel
from panel_app.outbox.templates import Template


@dataclass(frozen=True, slots=True)
class Outbox:
    """Read it with `here()`."""

    carrier: Carrier
    organisation: str
    #: How many messages one person is sent in 24 hours at most.
    a_day: int

    def sends(self, channel: Channel) -> bool:
        """Whether messages of this channel leave by themselves; a person sends the others."""
        return channel in self.carrier.carries


def init_app(app: Flask, settings: Settings) -> None:
    """Make the application's outbox."""
    app.extensions["outbox"] = Outbox(
        carrier_for(settings), settings.organisation, settings.messages_a_day
    )


def here() -> Outbox:
    """Return the running application's outbox."""
    made: Outbox = current_app.extensions["outbox"]
    return made


def template_for(purpose: str) -> Template | None:
    """Return the template of a purpose; None for one that no feature offers any more."""
    return next((each for each in offered(Template) if each.purpose == purpose), None)
