"""Parts of pages as Markup, for features that put them into pages of their own."""

from __future__ import annotations

from typing import Any

from flask import render_template
from markupsafe import Markup


def fragment(template: str, **context: Any) -> Markup:
    """Render a template that is part of a page; Jinja has escaped what it was given."""
    return Markup(render_template(template, **context))  # noqa: S704
