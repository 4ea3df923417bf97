"""Every fault has a stable code, a sentence in one table, and the parameters that it names."""

import ast
import re
from pathlib import Path

import pytest

from sortition import faults
from sortition.faults import Fault, FaultList
from sortition.messages import ENGLISH

#: What a call that records a fault is given besides the parameters of its sentence.
PLACE = {"row", "column"}


def _calls() -> list[tuple[set[str], set[str]]]:
    """The codes and parameters of every call in the library that records a fault."""
    found = []
    for file in sorted(Path(faults.__file__).parent.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = getattr(call.func, "attr", None) or getattr(call.func, "id", None)
            first = {
                node.value for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)
            }
            codes = {code for code in first if isinstance(code, str)}
            if name in {"add", "refusal"} and codes:
                named = {keyword.arg for keyword in call.keywords if keyword.arg}
                found.append((codes, named - PLACE))
    return found


def test_every_code_recorded_has_a_sentence_and_its_parameters() -> None:
    calls = _calls()
    assert len(calls) > 30
    for codes, given in calls:
        for code in codes:
            assert set(re.findall(r"%\((\w+)\)s", ENGLISH[code])) <= given, code


def test_no_sentence_is_left_over() -> None:
    sortition = Path(faults.__file__).parent
    # The pages' own readers note faults as well, in the same words.
    readers = sortition.parent / "panel_app" / "recruitment"
    library = "".join(
        file.read_text()
        for folder in (sortition, readers)
        for file in folder.rglob("*.py")
        if file.name not in {"messages.py", "faults.py"} or file == Path(faults.__file__)
    )
    assert [code for code in ENGLISH if f'"{code}"' not in library] == []


@pytest.mark.parametrize("code", ENGLISH)
def test_sentences_have_only_named_placeholders(code: str) -> None:
    named = dict.fromkeys(re.findall(r"%\((\w+)\)s", ENGLISH[code]), "X")
    assert "%" not in ENGLISH[code] % named


def test_a_fault_says_where_it_is_and_cuts_what_is_long_or_unprintable() -> None:
    log = FaultList("people")
    log.add("not_a_number", row=3, column="age", text="1\x1b[31m\n2" + "x" * 500)
    (fault,) = log.faults
    assert fault == Fault("not_a_number", "people", 3, "age", fault.details)
    assert str(fault).startswith("people, row 3, column age: “1\ufffd[31m 2xxx")
    assert len(str(fault)) < 200
