"""The language that a person asked for when they registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from babel import Locale

from panel_app.web.i18n import KNOWN

_COLUMNS = frozenset({"language", "languages", "preferred language", "first language", "lang"})


def language_of(details: Mapping[str, str], offered: Sequence[str]) -> str:
    """Return the person's language where the file says it and the panel offers it.

    A code, the language's own name or its English name are understood; otherwise it is the
    panel's first.
    """
    said = next((v for k, v in details.items() if _folded(k) in _COLUMNS and v), "")
    return next((code for code in offered if _folded(said) in _names(code)), offered[0])


def _names(code: str) -> set[str]:
    known = KNOWN.get(code)
    names = {code, Locale.parse(code).english_name or "", known.name if known else ""}
    return {_folded(name) for name in names if name}


def _folded(text: str) -> str:
    return " ".join(str(text).replace("_", " ").casefold().split())
