"""Themes of free texts: proposed, then named, joined and moved by facilitators."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from panel_app.gettext_protocol import Gettext, Ngettext
from panel_app.kept import Kept
from panel_app.opinions.tokens import empty_words, words_of

if TYPE_CHECKING:
    from panel_app.opinions.votes import Floats


Profile = Mapping[str, float]


@dataclass(frozen=True)
class Theme:
    """A theme with its key words, strongest first; a merged one has a profile for each part.

    `name` is empty until a facilitator gives one.
    """

    id: str
    profiles: tuple[Profile, ...]
    name: str = ""

    @property
    def key_words(self) -> tuple[str, ...]:
        """The words of all parts, each once, strongest first."""
        weights: dict[str, float] = {}
        for profile in self.profiles:
            for word, weight in profile.items():
                weights[word] = max(weights.get(word, 0.0), weight)
        return tuple(sorted(weights, key=lambda word: (-weights[word], word)))

    @property
    def title(self) -> str:
        """Its name, or its strongest words."""
        return self.name or ", ".join(self.key_words[:3])


@dataclass(frozen=True)
class ThemeBook(Kept):
    """Themes and the texts that facilitators put into one by hand (text id to theme id)."""

    themes: tuple[Theme, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

    def theme(self, theme: str) -> Theme:
        """The theme with this id. Raises KeyError if there is none."""
        return {known.id: known for known in self.themes}[theme]

    def rename(self, theme: str, name: str) -> ThemeBook:
        """Give a theme a name of its own. Raises KeyError for an unknown theme."""
        renamed = replace(self.theme(theme), name=name.strip())
        return replace(self, themes=tuple(renamed if t.id == theme else t for t in self.themes))

    def merge(self, theme: str, into: str) -> ThemeBook:
        """Make one theme of two; `into` keeps its id and, unless it has none, its name.

        Raises KeyError for an unknown theme and ValueError for a theme with itself.
        """
        if theme == into:
            raise ValueError(theme)
        gone, kept = self.theme(theme), self.theme(into)
        merged = replace(
            kept, profiles=(*kept.profiles, *gone.profiles), name=kept.name or gone.name
        )
        themes = (merged if t.id == into else t for t in self.themes if t.id != theme)
        moved = {text: into if of == theme else of for text, of in self.moved.items()}
        return replace(self, themes=tuple(themes), moved=moved)

    def move(self, text: str, theme: str) -> ThemeBook:
        """Put a text into a theme for good. Raises KeyError for an unknown theme."""
        return replace(self, moved={**self.moved, text: self.theme(theme).id})


MOST_THEMES = 10
TEXTS_PER_THEME = 6
FEWEST_TEXTS = 12
FEWEST_WORDS = 2  # that say something, in a text worth counting
KEY_WORDS = 8
#: A word must be in this many texts to shape a theme.
FEWEST_MENTIONS = 2
#: A text belongs to a theme when its weight there is at least this.
FAINTEST = 1e-3


class Thinness(StrEnum):
    """Why there is too little to theme."""

    FEW_TEXTS = "few_texts"
    FEW_WORDS = "few_words"


@dataclass(frozen=True)
class Themes:
    """Proposed themes and who is in which (text id to theme id), or why there is none."""

    book: ThemeBook
    assigned: Mapping[str, str]
    thinness: Thinness | None
    counted: int


def propose_themes(
    texts: Mapping[str, str], *, topic: str = "", languages: Collection[str] = ("en",)
) -> Themes:
    """Propose themes for texts (id to text) by TF-IDF and NMF; repeatable.

    The topic's own words and the languages' stop words are left out. Too few or too short texts
    give no themes.
    """
    empty = empty_words(languages, topic)
    worded = {name: _telling_words(text, empty) for name, text in texts.items()}
    counted = {name: words for name, words in worded.items() if len(words) >= FEWEST_WORDS}
    if len(counted) < FEWEST_TEXTS:
        return Themes(ThemeBook(), {}, Thinness.FEW_TEXTS, len(counted))
    fit = _factorise(counted, max(2, min(MOST_THEMES, len(counted) // TEXTS_PER_THEME)))
    if fit is None:
        return Themes(ThemeBook(), {}, Thinness.FEW_WORDS, len(counted))
    weights, profiles = fit
    themes = tuple(Theme(f"t{n}", (profile,)) for n, profile in enumerate(profiles, start=1))
    assigned = {
        name: themes[int(row.argmax())].id
        for name, row in zip(counted, weights, strict=True)
        if row.max() > FAINTEST
    }
    return Themes(ThemeBook(themes), assigned, None, len(counted))


def _telling_words(text: str, empty: Collection[str]) -> list[str]:
    return [word for word in words_of(text) if word not in empty and not word.isdecimal()]


def _words_and_pairs(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{one} {two}" for one, two in pairwise(words))]


def _factorise(
    counted: Mapping[str, Sequence[str]], themes: int
) -> tuple[Floats, list[dict[str, float]]] | None:
    """Weights (texts, themes) and each theme's key words; None if no words recur."""
    import numpy as np
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        vectorizer = TfidfVectorizer(analyzer=_words_and_pairs, min_df=FEWEST_MENTIONS)
        vectors = vectorizer.fit_transform(counted.values())
    except ValueError:
        return None
    distinct = len({tuple(words) for words in counted.values()})
    themes = max(1, min(themes, distinct, *vectors.shape))
    model = NMF(themes, init="nndsvda", max_iter=2_000, tol=1e-3, random_state=0)
    with warnings.catch_warnings():  # texts that repeat each other never "converge"
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights = model.fit_transform(vectors)
    names = vectorizer.get_feature_names_out()
    profiles = [
        {str(names[column]): float(row[column]) for column in np.argsort(-row)[:KEY_WORDS]}
        for row in model.components_
    ]
    return weights, [{word: w for word, w in found.items() if w > 0} for found in profiles]


def thinness_sentence(
    thinness: Thinness | None, counted: int, *, gettext: Gettext, ngettext: Ngettext
) -> str | None:
    """Say that `counted` texts are too little to theme, or None where there was enough."""
    if thinness is Thinness.FEW_TEXTS:
        return ngettext(
            "There is too little to find themes in: %(num)s text says more than a word or two, "
            "and it takes at least %(needed)s.",
            "There is too little to find themes in: %(num)s texts say more than a word or two, "
            "and it takes at least %(needed)s.",
            counted,
            needed=FEWEST_TEXTS,
        )
    if thinness is Thinness.FEW_WORDS:
        return gettext("There are no themes to find: the texts hardly share any words.")
    return None
