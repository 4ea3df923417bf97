"""Telling a moderator that a statement is nearly one that is already there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panel_app.opinions.words import words_of

#: Cosine of word weights from which two statements count as nearly the same.
NEARLY_THE_SAME = 0.7
#: Texts compared with all others at a time, so that thousands fit the memory.
BLOCK = 500


@dataclass(frozen=True)
class Similar:
    """A statement that is close to the one in question; 1 means the same words."""

    statement: str
    likeness: float


@dataclass(frozen=True)
class Pair:
    """Two statements that nearly say the same."""

    first: str
    second: str
    likeness: float


def similar_to(
    text: str, others: Mapping[str, str], *, threshold: float = NEARLY_THE_SAME
) -> tuple[Similar, ...]:
    """Find statements (id to text) that nearly say the same as `text`, closest first.

    Compares words, rare ones weighing more (TF-IDF cosine). Common words are kept: “not”
    turns a statement round.
    """
    if not others or not words_of(text):
        return ()
    vectors = _vectors([text, *others.values()])
    likeness = (vectors[:1] @ vectors[1:].T).toarray()[0].tolist()
    found = [
        Similar(name, round(value, 6))
        for name, value in zip(others, likeness, strict=True)
        if value >= threshold
    ]
    return tuple(sorted(found, key=lambda similar: -similar.likeness))


def near_duplicates(
    texts: Mapping[str, str], *, threshold: float = NEARLY_THE_SAME
) -> tuple[Pair, ...]:
    """Find all pairs of statements that nearly say the same, closest first."""
    import numpy as np

    names = [name for name, text in texts.items() if words_of(text)]
    if len(names) < 2:
        return ()
    vectors = _vectors([texts[name] for name in names])
    pairs = []
    for start in range(0, len(names), BLOCK):
        likeness = (vectors[start : start + BLOCK] @ vectors.T).toarray()
        pairs += [
            Pair(names[start + row], names[column], round(float(likeness[row, column]), 6))
            for row, column in np.argwhere(likeness >= threshold).tolist()
            if column > start + row
        ]
    return tuple(sorted(pairs, key=lambda pair: -pair.likeness))


def _vectors(texts: Sequence[str]) -> Any:
    """Unit vectors of word weights, a sparse row for each text."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=words_of).fit_transform(texts)
