"""The carrier that the settings name."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from panel_app.config import Settings
from panel_app.outbox.carriers.carrier import Carrier, Send, Unreachable
from panel_app.outbox.carriers.folder import Folder
from panel_app.outbox.carriers.notify import Notify
from panel_app.outbox.carriers.smtp import Smtp
from panel_app.outbox.models import Channel


class ByHand:
    """Carries nothing: organisers send each message themselves."""

    name = "page"
    carries: frozenset[Channel] = frozenset()

    def opened(self) -> AbstractContextManager[Send]:
        """Refuse: there is no line to open."""
        raise Unreachable


def carrier_for(settings: Settings) -> Carrier:
    """Return the carrier that `PANEL_MAIL` names."""
    if settings.mail == "smtp":
        return Smtp.at(settings.smtp_url, settings.mail_from)
    if settings.mail == "notify":
        return Notify(
            settings.notify_url,
            settings.notify_key,
            settings.notify_mail_template,
            settings.notify_sms_template,
        )
    if settings.mail == "file":
        return Folder(folder_for(settings), settings.mail_from)
    return ByHand()


def folder_for(settings: Settings) -> Path:
    """Return where a mail folder is, if there is one."""
    return settings.mail_dir or settings.data_dir / "mail"
