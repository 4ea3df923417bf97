"""The language that a person asked for when they registered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from babel import Locale

from panel_app.web.i18n import called
from sortition.folding import fold

#: English names that are used beside the one of the Unicode consortium.
_ALSO = {"bn": "Bengali"}
#: A word with the marks of scripts that combine them.
_WORDS = re.compile(r"[^\s/,;()|&+_-]+")
_COLUMNS = frozenset({"language", "languages", "preferred language", "first language", "lang"})


def language_of(details: Mapping[str, str], offered: Sequence[str], chosen: str = "") -> str:
    """Return the person's language where the file says it and the panel offers it.

    A code (`bn`, `bn-BD`), the language's own name or an English name are understood, alone or
    among others (`Bengali / English`: the first counts); otherwise it is the panel's first.
    `chosen` is the column that an organiser said is the language, whatever it is called.
    """
    said = details.get(chosen) or next(
        (v for k, v in details.items() if _folded(k) in _COLUMNS and v), ""
    )
    heard = [_folded(said), *(_folded(word) for word in _WORDS.findall(said))]
    known = {name: code for code in reversed(offered) for name in _names(code)}
    return next((known[word] for word in heard if word in known), offered[0])


def is_column(heading: str) -> bool:
    """Whether a column is called so that it may hold somebody's language."""
    return _folded(heading) in _COLUMNS


def _names(code: str) -> set[str]:
    names = {code, Locale.parse(code).english_name or "", called(code).name}
    names.add(_ALSO.get(code, ""))
    return {_folded(name) for name in names if name}


def _folded(text: str) -> str:
    return fold(str(text).replace("_", " "))
