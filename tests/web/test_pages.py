"""The pages that belong to no feature."""

from __future__ import annotations

import pytest

from tests.checked_client import CheckedClient


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
@pytest.mark.parametrize("path", ["/help", "/information", "/accessibility", "/language"])
def test_every_language_has_the_page(client: CheckedClient, path: str, language: str) -> None:
    tree = client.page(f"{path}?l={language}")
    assert tree.get("lang") == language
    assert tree.get("dir") == ("rtl" if language == "ar" else "ltr")


def test_choice_of_language_stays(client: CheckedClient) -> None:
    answer = client.submit("/language?next=/help", button="বাংলা")
    assert answer.headers["Location"] == "/help"
    assert client.page("/help").get("lang") == "bn"


def test_post_without_token_is_refused(client: CheckedClient) -> None:
    assert client.post("/language", data={"language": "ar"}).status_code == 400


def test_health_says_ok(client: CheckedClient) -> None:
    assert client.get("/health").text == "ok\n"
