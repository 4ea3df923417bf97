"""Sentences reach the translators, and work with the callables of the web."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from flask_babel import Babel, gettext, ngettext

from panel_app import opinions
from panel_app.core.catalogues import KEYWORDS
from panel_app.opinions import (
    Thinness,
    gate_sentence,
    tell,
    tell_group,
    tell_place,
    thinness_sentence,
    where_you_sit,
)
from panel_app.opinions.api import analyse, leanings_of, read_votes
from tests.opinions.made_up import camps

FOLDER = Path(opinions.__file__).parent


def messages() -> list[str | tuple[str, ...]]:
    found = extract_from_dir(str(FOLDER), keywords=KEYWORDS)
    return [message for _, _, message, _, _ in found]


def _calls() -> Iterator[ast.Call]:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
                yield node


def test_every_message_is_found_by_extraction() -> None:
    said = [call.args[0] for call in _calls()]
    literal = [first for first in said if isinstance(first, ast.Constant)]
    assert len(messages()) == len(literal)
    assert not [first for first in said if isinstance(first, ast.JoinedStr | ast.BinOp)]
    assert "Your answers are closest to group %(group)s." in messages()


@pytest.mark.parametrize("message", messages(), ids=str)
def test_placeholders_are_named_and_the_same_in_singular_and_plural(
    message: str | tuple[str, ...],
) -> None:
    forms = [message] if isinstance(message, str) else list(message)
    placeholders = [set(re.findall(r"%\((\w+)\)s", form)) for form in forms]
    assert all(found == placeholders[0] for found in placeholders)
    assert all("%" not in re.sub(r"%\(\w+\)s", "", form) for form in forms)
    if len(forms) > 1:
        assert "num" in placeholders[0]


def test_sentences_work_with_the_callables_of_the_web() -> None:
    words = {"gettext": gettext, "ngettext": ngettext}
    app = Flask(__name__)
    Babel(app)
    analysis = analyse(camps(sizes=[40, 30, 20]))
    reading = read_votes(analysis)
    with app.test_request_context():
        assert "90 people" in gate_sentence(analysis.gate, **words)
        assert tell("divides", reading, {}, **words)
        assert tell("common_ground", reading, {}, **words) is not None
        assert tell_group(reading, 0, {}, **words)[0] == "Group A is 40 people out of 90."
        assert tell_place(where_you_sit(leanings_of(analysis), {}), **words)
        assert "too little" in str(thinness_sentence(Thinness.FEW_TEXTS, 0, **words))
