"""Files of people taken in by the desk's pages, as an organiser does."""

from __future__ import annotations

from typing import Any

from tests.checked_client import CheckedClient

PEOPLE = "/desk/hillgrove/people"


def upload_people(desk: CheckedClient, fields: dict[str, Any], path: str = PEOPLE) -> str:
    """Upload a file, or paste rows; return the address of the page that asks what they are."""
    answer = desk.submit(path, fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def import_by_pages(
    desk: CheckedClient, fields: dict[str, Any], path: str = PEOPLE, **said: Any
) -> str:
    """Upload, confirm what was guessed of the columns but for what is `said`, and accept."""
    where = upload_people(desk, fields, path)
    explained = desk.submit(where, said, button="Read the file")
    assert explained.status_code == 303, explained.text
    assert desk.submit(where, action="accept").status_code == 303
    return where
