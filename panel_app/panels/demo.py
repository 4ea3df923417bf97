"""Those who sit on the demo's panel, for whatever they do later in its story."""

from __future__ import annotations

from panel_app.panels.models import Member


class Members(list[Member]):
    """The members who said yes, by seat."""
