"""Identifiers, canonical bytes, translated texts, sealing, logs and errors."""

from __future__ import annotations

import io
import json
import logging
import math
import re

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from panel_app.core import canonical, crypto, ids, logs
from panel_app.core.errors import Conflict, FaultyFile, Refused
from panel_app.core.translated import Translated, TranslatedText


def test_tokens_are_long_unique_and_share_no_beginning() -> None:
    tokens = {ids.token() for _ in range(10_000)}
    assert len(tokens) == 10_000
    assert {len(t) for t in tokens} == {43}
    assert len({t[:2] for t in tokens}) > 2_000


def test_public_ids_use_letters_that_are_read_aloud() -> None:
    made = {ids.public_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert set("".join(made)) <= set(ids.CROCKFORD.lower())


@pytest.mark.parametrize(
    "typed",
    ["K7M4-2QX1", "k7m4 2qxl", " K7M4–2QXI ", "K7M4.2QX1", "\u200fK7M42QX1", "Ｋ7M42QX1",
     "K٧M٤-٢QX١", "k৭m৪২qx১"],
)  # fmt: skip
def test_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert ids.normalise_code(typed) == "K7M42QX1"


@given(st.text(alphabet=ids.CROCKFORD, min_size=8, max_size=8))
def test_spelt_code_reads_back(code: str) -> None:
    assert ids.normalise_code(ids.spell(code).lower()) == code


def test_canonical_form_ignores_order_and_keeps_letters() -> None:
    assert canonical.dumps({"b": "বাংলা", "a": [1, 2.5]}) == '{"a":[1,2.5],"b":"বাংলা"}'
    assert canonical.fingerprint({"a": 1, "b": 2}) == canonical.fingerprint({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="JSON"):
        canonical.dumps(math.inf)


def test_text_falls_back_to_its_original() -> None:
    text = Translated.of(en="Panel", bn="প্যানেল")
    assert text.in_language("bn").text == "প্যানেল"
    shown = text.in_language("ar")
    assert (shown.text, shown.language, shown.fallback) == ("Panel", "en", True)
    assert str(text) == "Panel"


def test_original_is_a_language_that_is_there() -> None:
    assert Translated.of("bn", en="Panel").original == "en"
    assert str(Translated.of("en")) == ""


def test_machine_wording_keeps_its_origin_in_the_database() -> None:
    text = Translated.of(en="Panel").with_version("ar", "لجنة", "machine")
    column = TranslatedText()
    kept = column.process_bind_param(text, None)  # type: ignore[arg-type]
    back = column.process_result_value(json.loads(json.dumps(kept)), None)  # type: ignore[arg-type]
    assert back == text
    assert back.in_language("ar").origin == "machine"


def test_sealed_details_open_with_their_own_key_only(app: Flask) -> None:
    with app.app_context():
        key, other = crypto.new_person_key(), crypto.new_person_key()
        sealed = crypto.seal({"name": "Canary Wharf"}, key)
        assert b"Canary" not in sealed
        assert crypto.unseal(sealed, key) == {"name": "Canary Wharf"}
        with pytest.raises(InvalidTag):
            crypto.unseal(sealed, other)
        with pytest.raises(InvalidTag):
            crypto.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), key)


def test_person_key_is_useless_without_the_secret(app: Flask) -> None:
    with app.app_context():
        key = crypto.new_person_key()
        sealed = crypto.seal({"name": "x"}, key)
        app.config["SECRET_KEY"] = "another secret of the same length"
        with pytest.raises(InvalidTag):
            crypto.unseal(sealed, key)


def test_blind_index_finds_equal_values_by_purpose(app: Flask) -> None:
    with app.app_context():
        found = crypto.blind_index(" Asha@Example.org ", "mail")
        assert found == crypto.blind_index("asha@example.ORG", "mail")
        assert found != crypto.blind_index("asha@example.org", "phone")


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/j/sEcReT", "/j/…"), ("/a/sEcReT/edit", "/a/…"), ("/live/stream?t=sEcReT", "/live/stream…"),
     ("/staff/tf-setup/sEcReT", "/staff/tf-setup/…"), ("/my/?code=sEcReT", "/my/"),
     ("/p/hillgrove/", "/p/hillgrove/")],
)  # fmt: skip
def test_log_keeps_no_secret_of_an_address(path: str, kept: str) -> None:
    assert logs.without_secrets(path) == kept


@pytest.mark.parametrize("rule", ["<token>", "<signed>", "/r/<code>"])
def test_log_keeps_no_secret_of_any_address_that_lets_somebody_in(app: Flask, rule: str) -> None:
    with_secret = [each.rule for each in app.url_map.iter_rules() if rule in each.rule]
    assert with_secret
    for address in with_secret:
        assert "sEcReT" not in logs.without_secrets(
            re.sub("<(token|signed|code)>", "sEcReT", address)
        )


def test_log_line_is_one_json_object() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs._Lines())
    record = logs.logger.makeRecord("x", logging.INFO, "", 0, "draw.made\nfaked", (), None)
    record.values = {"panel": "k3", "size": 22}
    handler.emit(record)
    assert out.getvalue().count("\n") == 1
    line = json.loads(out.getvalue())
    assert (line["event"], line["size"], line["level"]) == ("draw.made\nfaked", 22, "info")


def test_refusals_carry_status_field_and_faults() -> None:
    assert Refused("Too short", field="name").field == "name"
    assert (Refused.status, Conflict.status) == (422, 409)
    assert FaultyFile("Bad file", ["row 2"]).faults == ["row 2"]
