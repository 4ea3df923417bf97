"""Content that has languages: an original and its translations, each with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

Origin = Literal["person", "machine"]


@dataclass(frozen=True, slots=True)
class Version:
    """The wording in one language."""

    text: str
    origin: Origin = "person"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a page shows for one reader: the text, its language, and why that one."""

    text: str
    language: str
    fallback: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Translated:
    """A text in its original language and in others."""

    original: str
    versions: Mapping[str, Version]

    @classmethod
    def of(cls, original: str = "en", **texts: str) -> Translated:
        """Make one from wordings by people: `Translated.of(en="Panel", bn="প্যানেল")`."""
        return cls(original, {}).retyped(texts)

    def in_language(self, language: str) -> Wording:
        """Return the wording for a reader of `language`, falling back to the original."""
        shown = language if language in self.versions else self.original
        version = self.versions.get(shown, Version(""))
        return Wording(version.text, shown, shown != language, version.origin)

    def with_version(self, language: str, text: str, origin: Origin = "person") -> Translated:
        """Return a copy with `text` as the wording in `language`."""
        return replace(self, versions={**self.versions, language: Version(text, origin)})

    def retyped(self, texts: Mapping[str, str]) -> Translated:
        """Return a copy with wordings by people, as typed into a form with a field a language.

        A wording left empty goes, one left as it was keeps its origin, and languages without a
        field stay.
        """
        changed = {
            language: Version(text)
            for language, text in texts.items()
            if text != self.only_in(language)
        }
        both = {**self.versions, **changed}
        kept = {language: version for language, version in both.items() if version.text}
        original = self.original if self.original in kept else next(iter(kept), self.original)
        return Translated(original, kept)

    def only_in(self, language: str) -> str:
        """Return the wording in `language` alone; empty where there is none."""
        version = self.versions.get(language)
        return version.text if version else ""

    def texts(self) -> dict[str, str]:
        """Return the wordings alone, by language."""
        return {language: version.text for language, version in self.versions.items()}

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        versions = {k: {"text": v.text, "origin": v.origin} for k, v in self.versions.items()}
        return {"original": self.original, "versions": versions}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Translated:
        """Read back what `to_json` returned."""
        versions = {k: Version(v["text"], v["origin"]) for k, v in value["versions"].items()}
        return cls(value["original"], versions)

    def __str__(self) -> str:
        return self.in_language(self.original).text


class TranslatedText(TypeDecorator[Translated]):
    """A column holding a Translated as JSON; replace the value to change it."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Translated | None, dialect: Dialect) -> Any:
        return None if value is None else value.to_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> Translated | None:
        return None if value is None else Translated.from_json(value)


class TranslatedTexts(TypeDecorator[list[Translated]]):
    """A column holding a list of Translated as JSON; replace the list to change it."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[Translated] | None, dialect: Dialect) -> Any:
        return [text.to_json() for text in value or []]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Translated]:
        return [Translated.from_json(text) for text in value or []]
