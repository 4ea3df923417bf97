"""What facilitators make of proposed themes: names, merges and moves that stay."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

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
class ThemeBook:
    """Themes and the texts that facilitators put into one by hand (text id to theme id)."""

    themes: tuple[Theme, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    next_number: int = 1

    def theme(self, theme: str) -> Theme:
        """The theme with this id. Raises KeyError if there is none."""
        for known in self.themes:
            if known.id == theme:
                return known
        raise KeyError(theme)

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

    def release(self, text: str) -> ThemeBook:
        """Let a text be placed by its words again."""
        return replace(self, moved={t: of for t, of in self.moved.items() if t != text})

    def refit(
        self, profiles: Sequence[Profile], *, likeness: float
    ) -> tuple[ThemeBook, tuple[str, ...]]:
        """Carry the themes over to newly found profiles; returns the theme of each profile.

        Each new profile continues the theme whose part it is most like, a merged theme
        going on as a whole. Themes that nothing continues are kept if a facilitator named
        them, merged them or put a text there, and dropped otherwise.
        """
        continued = _match(self.themes, profiles, likeness)
        number, theme_of = self.next_number, list[str]()
        for place in range(len(profiles)):
            if place in continued:
                theme_of.append(continued[place])
                continue
            theme_of.append(f"t{number}")
            number += 1
        kept = [
            theme
            for theme in self.themes
            if theme.id in theme_of or theme.name or self._was_touched(theme)
        ]
        known = {theme.id for theme in kept}
        fresh = [theme for theme in theme_of if theme not in known]
        themes = [_with_profiles(theme, theme_of, profiles) for theme in kept]
        themes += [_with_profiles(Theme(name, ()), theme_of, profiles) for name in fresh]
        return replace(self, themes=tuple(themes), next_number=number), tuple(theme_of)

    def _was_touched(self, theme: Theme) -> bool:
        return len(theme.profiles) > 1 or theme.id in self.moved.values()

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain values for `json.dumps`."""
        return {
            "themes": [
                {"id": t.id, "name": t.name, "profiles": [dict(p) for p in t.profiles]}
                for t in self.themes
            ],
            "moved": dict(self.moved),
            "next_number": self.next_number,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ThemeBook:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError if it didn't."""
        themes = tuple(
            Theme(str(t["id"]), tuple(_profile(p) for p in t["profiles"]), str(t["name"]))
            for t in value["themes"]
        )
        moved = {str(text): str(theme) for text, theme in value["moved"].items()}
        return cls(themes, moved, int(value["next_number"]))


def _profile(value: Mapping[str, Any]) -> dict[str, float]:
    return {str(word): float(weight) for word, weight in value.items()}


def _with_profiles(theme: Theme, theme_of: Sequence[str], profiles: Sequence[Profile]) -> Theme:
    """The theme with its new profiles; parts of a merged theme that weren't found again stay."""
    found = [p for of, p in zip(theme_of, profiles, strict=True) if of == theme.id]
    unseen = sorted(theme.profiles, key=lambda old: max((_alike(old, n) for n in found), default=0))
    missing = max(len(theme.profiles) - len(found), 0)
    return replace(theme, profiles=(*found, *unseen[:missing]))


def _match(themes: Sequence[Theme], profiles: Sequence[Profile], likeness: float) -> dict[int, str]:
    """Pair new profiles with parts of old themes one to one, the most alike first."""
    parts = [(theme.id, part) for theme in themes for part in theme.profiles]
    pairs = sorted(
        (
            (-_alike(profile, part), place, number)
            for place, profile in enumerate(profiles)
            for number, (_, part) in enumerate(parts)
        ),
    )
    matched: dict[int, str] = {}
    taken: set[int] = set()
    for minus_alike, place, number in pairs:
        if -minus_alike >= likeness and place not in matched and number not in taken:
            matched[place] = parts[number][0]
            taken.add(number)
    return matched


def _alike(first: Profile, second: Profile) -> float:
    """Cosine of two sets of word weights."""
    shared = sum(weight * second.get(word, 0.0) for word, weight in first.items())
    lengths = math.hypot(*first.values()) * math.hypot(*second.values())
    return shared / lengths if lengths else 0.0
