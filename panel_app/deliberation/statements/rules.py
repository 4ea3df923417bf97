"""Pure rules of statements: their order, and which language their letters are."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter

#: Languages by the script that only they are written in here; all others use Latin letters.
_SCRIPTS = {"BENGALI": "bn", "ARABIC": "ar"}


def place(member: str, statement: str) -> str:
    """Return a key that sorts statements: stable for a member, different between members.

    New statements find their place without moving the others.
    """
    return hashlib.sha256(f"{member} {statement}".encode()).hexdigest()


def language_by_letters(text: str, language: str) -> str:
    """Return `language`, or the likelier one where most letters are of another script.

    Which of the languages in Latin letters it is letters don't tell: English is taken.
    """
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text)
    known = {name: scripts[name] for name in ("LATIN", *_SCRIPTS) if scripts[name]}
    if not known:
        return language
    most = max(known, key=lambda name: known[name])
    needed = next((name for name, code in _SCRIPTS.items() if code == language), "LATIN")
    return language if most == needed else _SCRIPTS.get(most, "en")
