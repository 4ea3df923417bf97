"""Templates of two kinds, and messages made from them."""

from __future__ import annotations

from dataclasses import replace

from panel_app.outbox import services
from panel_app.outbox.models import Message
from panel_app.outbox.templates import Template

NOTE = Template(
    purpose="tests.note",
    name="A note",
    subject="A note for ((who))",
    body="Dear ((who)),\n\n((what))\n\n.\n((organisation))",
    short="((organisation)): ((what))",
    places=frozenset({"who", "what", "organisation"}),
)
SECRET = replace(NOTE, purpose="tests.secret", secret=True, renew=lambda message: post("again"))


def post(
    who: str, *, panel_id: int = 1, template: Template = NOTE, to: str = "", language: str = "en"
) -> Message:
    """Put a note in the outbox."""
    return services.post(
        template=template,
        panel_id=panel_id,
        to=to or f"{who}@example.org",
        channel="mail",
        language=language,
        values={"who": who, "what": "All is well."},
        subject_ref=f"test:{who}",
    )
