"""Mail and text messages through GOV.UK Notify, with its official client.

One template there is enough for each: its subject `((subject))`, its text `((body))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from panel_app.outbox.carriers.carrier import BadAddress, Letter, NotNow, Send, Unreachable, Unsure
from panel_app.outbox.models import Channel

#: Seconds that the service may take for an answer.
PATIENCE = 30
BAD_REQUEST, ITS_FAULTS = 400, 500


@dataclass(frozen=True, slots=True)
class Notify:
    """A service there: its key, and its templates for mail and for text messages."""

    url: str
    key: str = field(repr=False)
    mail_template: str
    sms_template: str
    name = "notify"

    @property
    def carries(self) -> frozenset[Channel]:
        """What it can send: that for which it has a template."""
        templates: Mapping[Channel, str] = {"mail": self.mail_template, "sms": self.sms_template}
        return frozenset(channel for channel, template in templates.items() if template)

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """Ready the client; each letter is a request of its own. Raises Unreachable."""
        try:
            library: Any = import_module("notifications_python_client.notifications")
        except ImportError as fault:
            raise Unreachable from fault
        client = library.NotificationsAPIClient(self.key, base_url=self.url, timeout=PATIENCE)
        with client.request_session:
            yield lambda letter: self._send(client, letter)

    def _send(self, client: Any, letter: Letter) -> None:
        try:
            if letter.channel == "sms":
                client.send_sms_notification(
                    phone_number=letter.to,
                    template_id=self.sms_template,
                    personalisation={"body": letter.body},
                    reference=letter.number,
                )
            else:
                client.send_email_notification(
                    email_address=letter.to,
                    template_id=self.mail_template,
                    personalisation={"subject": letter.title, "body": letter.body},
                    reference=letter.number,
                )
        except Exception as fault:
            raise _verdict(fault) from None


def _verdict(fault: Any) -> Exception:
    """Return what an answer, or the lack of one, says of the letter."""
    if getattr(fault, "response", None) is None:
        return NotNow() if _never_connected(fault.__cause__) else Unsure()
    status: int = fault.status_code
    if status >= ITS_FAULTS:
        return Unsure()
    return (
        BadAddress(status) if status == BAD_REQUEST and _blames_address(fault) else NotNow(status)
    )


def _blames_address(fault: Any) -> bool:
    errors = fault.message if isinstance(fault.message, list) else []
    said = " ".join(
        str(e.get("message", "")) for e in errors if e.get("error") == "ValidationError"
    )
    return said.startswith(("email_address", "phone_number"))


def _never_connected(cause: BaseException | None) -> bool:
    """Whether the line was never opened: what `requests` raised holds what its `urllib3` said."""
    reason = cause.args[0] if cause and cause.args else None
    never = {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"}
    return type(getattr(reason, "reason", None)).__name__ in never
