"""The language of somebody's letter: as the file says it, in the column that was chosen for it."""

from __future__ import annotations

import pytest

from panel_app.recruitment.languages import language_of


@pytest.mark.parametrize(
    ("details", "chosen", "language"),
    [
        ({"Language": "Bengali"}, "", "bn"),
        ({"Spoken at home": "Arabic"}, "", "en"),
        ({"Spoken at home": "Arabic"}, "Spoken at home", "ar"),
        ({"Language": "Bengali", "Spoken at home": "العربية / English"}, "Spoken at home", "ar"),
        ({"Language": "Bengali", "Spoken at home": ""}, "Spoken at home", "bn"),
        ({"Language": "Klingon"}, "Gone", "en"),
    ],
)
def test_the_chosen_column_counts_first(
    details: dict[str, str], chosen: str, language: str
) -> None:
    assert language_of(details, ["en", "bn", "ar"], chosen) == language
