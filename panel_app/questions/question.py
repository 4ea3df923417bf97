"""A question as data: its wording in every language, what can be answered, and when it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panel_app.core.translated import Translated

#: What is kept of an answer, as JSON values: what was typed, what was ticked or how it was
#: ordered, or what was typed for each option.
Answer = str | list[str] | dict[str, str]
#: The answers of one person, by the questions' codes.
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen, ordered or given points."""

    code: str
    wording: Translated

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"code": self.code, "wording": self.wording.to_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Option:
        """Read back what `to_json` returned."""
        return cls(value["code"], Translated.from_json(value["wording"]))


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only of those who answered the earlier question `code` with `answer`."""

    code: str
    answer: str

    def met(self, answers: Answers) -> bool:
        """Whether the earlier answer is, or has among what was ticked, the one that is wanted."""
        given = answers.get(self.code, "")
        return given == self.answer if isinstance(given, str) else self.answer in given


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a questionnaire; its kind says what `options`, `low` and `high` mean."""

    #: Names its field and its answer: letters, digits, unique in its questionnaire.
    code: str
    kind: str
    wording: Translated
    help: Translated | None = None
    options: tuple[Option, ...] = ()
    low: int | None = None
    high: int | None = None
    required: bool = True
    only_if: Condition | None = None
    #: Whether it stands on the page of the one before, where there is a page a question.
    with_previous: bool = False
    #: Whether a panel that judges without knowing who asks doesn't see the answer.
    hidden: bool = False
    #: Whether the answer may be published.
    public: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "code": self.code,
            "kind": self.kind,
            "wording": self.wording.to_json(),
            "help": self.help.to_json() if self.help else None,
            "options": [option.to_json() for option in self.options],
            "low": self.low,
            "high": self.high,
            "required": self.required,
            "only_if": [self.only_if.code, self.only_if.answer] if self.only_if else None,
            "with_previous": self.with_previous,
            "hidden": self.hidden,
            "public": self.public,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Question:
        """Read back what `to_json` returned."""
        plain = {name: value[name] for name in _PLAIN}
        return cls(
            wording=Translated.from_json(value["wording"]),
            help=Translated.from_json(value["help"]) if value["help"] else None,
            options=tuple(map(Option.from_json, value["options"])),
            only_if=Condition(*value["only_if"]) if value["only_if"] else None,
            **plain,
        )


_PLAIN = ("code", "kind", "low", "high", "required", "with_previous", "hidden", "public")
