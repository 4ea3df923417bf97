"""The tables of the house that tell of nobody."""

from __future__ import annotations

from panel_app.core.holdings import NobodyIn

NOBODY = NobodyIn(
    {
        "audit_entry": "public identifiers and figures; its chain is proof, and stays whole",
        "secret_mark": "a keyed fingerprint of the deployment's secret",
    }
)
