"""Production refuses to start with unsafe settings, and names all of them at once."""

from __future__ import annotations

import pytest

from panel_app.config import VARIABLES, Settings, UnsafeSettings, from_environment

SAFE = {
    "PANEL_ENV": "production",
    "PANEL_SECRET_KEY": "m3Zq8vT1xW5yB7nK2jH9dF4gS6aL0pQc",
    "PANEL_PUBLIC_URL": "https://panel.example.org/",
    "DATABASE_URL": "postgresql://panel@db/panel",
    "REDIS_URL": "redis://cache:6379/0",
}
WRONG = {
    "PANEL_ENV": "prod",
    "PANEL_SECRET_KEY": "short",
    "PANEL_PUBLIC_URL": "http://panel.example.org",
    "DATABASE_URL": "mysql://db/panel",
    "REDIS_URL": "http://cache",
    "PANEL_LANGUAGES": "bn,ar",
    "PANEL_TIME_ZONE": "Mars/Olympus",
    "PANEL_TRUSTED_PROXIES": "-1",
    "PANEL_THREADS": "many",
    "PANEL_MAIL": "pigeon",
}


def test_safe_settings_are_read() -> None:
    settings = from_environment(SAFE)
    assert settings.production
    assert settings.secure_cookies
    assert settings.public_url == "https://panel.example.org"
    assert settings.database_url == "postgresql+psycopg://panel@db/panel"


def test_nothing_given_is_a_development_machine() -> None:
    settings = from_environment({})
    assert (settings.environment, settings.languages) == ("development", ("en", "bn", "ar"))
    assert settings.database_url.startswith("sqlite:////")
    assert not settings.secure_cookies


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///panel.db", "postgresql+psycopg2://x/y"])
def test_database_that_nobody_would_find_again_is_refused(url: str) -> None:
    with pytest.raises(UnsafeSettings, match="DATABASE_URL"):
        from_environment({**SAFE, "DATABASE_URL": url})


@pytest.mark.parametrize("variable", WRONG)
def test_unsafe_setting_is_refused_by_name(variable: str) -> None:
    with pytest.raises(UnsafeSettings, match=variable):
        from_environment({**SAFE, variable: WRONG[variable]})


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(UnsafeSettings) as caught:
        from_environment(WRONG)
    assert not [variable for variable in WRONG if variable not in str(caught.value)]


@pytest.mark.parametrize("secret", [None, "", "x" * 40, "not-secret-development-only", "a" * 31])
def test_weak_secret_is_refused_in_production(secret: str | None) -> None:
    given = {k: v for k, v in SAFE.items() if k != "PANEL_SECRET_KEY"}
    with pytest.raises(UnsafeSettings, match="PANEL_SECRET_KEY"):
        from_environment(given if secret is None else {**given, "PANEL_SECRET_KEY": secret})


def test_forgotten_environment_is_noticed_by_its_public_address() -> None:
    with pytest.raises(UnsafeSettings, match="PANEL_SECRET_KEY"):
        from_environment({"PANEL_PUBLIC_URL": "https://panel.example.org"})


@pytest.mark.parametrize(
    "url", ["https://", "https://x.org/panel", "https://x.org?a=1", "ftp://x.org", "panel.org"]
)
def test_address_that_links_could_not_be_made_from_is_refused(url: str) -> None:
    with pytest.raises(UnsafeSettings, match="PANEL_PUBLIC_URL"):
        from_environment({**SAFE, "PANEL_PUBLIC_URL": url})


def test_message_never_shows_the_secret() -> None:
    with pytest.raises(UnsafeSettings) as caught:
        from_environment({**SAFE, "PANEL_SECRET_KEY": "tooshort123", "PANEL_THREADS": "0"})
    assert "tooshort123" not in str(caught.value)


def test_every_variable_sets_a_setting() -> None:
    assert set(VARIABLES) <= set(Settings.__dataclass_fields__)
    assert len(set(VARIABLES.values())) == len(VARIABLES)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"PANEL_MAIL": "smtp", "PANEL_SMTP_URL": "smtp://mail"}, "PANEL_MAIL_FROM"),
        ({"PANEL_MAIL": "smtp", "PANEL_MAIL_FROM": "a@b.org"}, "PANEL_SMTP_URL"),
        (
            {"PANEL_MAIL": "smtp", "PANEL_MAIL_FROM": "a@b.org", "PANEL_SMTP_URL": "smtp://x:yy"},
            "PANEL_SMTP_URL",
        ),
        ({"PANEL_MAIL": "file", "PANEL_MAIL_FROM": "Our Council"}, "PANEL_MAIL_FROM"),
        ({"PANEL_MAIL": "notify"}, "PANEL_NOTIFY_KEY"),
        ({"PANEL_MAIL": "notify", "PANEL_NOTIFY_KEY": "k" * 80}, "PANEL_NOTIFY_MAIL_TEMPLATE"),
        ({"PANEL_MESSAGES_A_DAY": "0"}, "PANEL_MESSAGES_A_DAY"),
        ({"PANEL_360G_PREFIX": "Our Council"}, "PANEL_360G_PREFIX"),
    ],
)
def test_a_way_of_sending_names_what_it_lacks(given: dict[str, str], missing: str) -> None:
    with pytest.raises(UnsafeSettings, match=missing):
        from_environment({**SAFE, **given})


def test_passwords_of_mail_services_are_not_in_the_settings_own_words() -> None:
    given = {
        "PANEL_MAIL": "smtp",
        "PANEL_MAIL_FROM": "Our Council <panel@example.org>",
        "PANEL_SMTP_URL": "smtp://panel:hidden@mail.example.org",
        "PANEL_NOTIFY_KEY": "hidden",
    }
    assert "hidden" not in repr(from_environment({**SAFE, **given}))
