"""Questions: writing them, as a feature; whoever asks them offers a `uses.Use`."""

from __future__ import annotations

from panel_app.core.feature import Feature

QUESTIONS = Feature(name="questions")
