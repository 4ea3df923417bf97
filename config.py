"""Settings, read once from the environment; production refuses to start when they are unsafe."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Environment = Literal["development", "production", "test"]
Mail = Literal["page", "smtp", "notify", "file"]

DEVELOPMENT_SECRET = "not-secret-development-only"  # noqa: S105
SHORTEST_SECRET = 32
FEWEST_LETTERS = 8
MOST_THREADS = 256
#: Where the default data folder lies, whatever folder the command is called in: in a checkout
#: beside this file; installed, in the home of who runs it.
_HERE = Path(__file__).resolve().parent
_HOME = Path("~/.local/share/panel-app")
DATABASES = ("sqlite:////", "postgresql+psycopg://")
MAIL_SERVERS = ("smtp://", "smtps://")
#: A key of GOV.UK Notify ends with two identifiers.
SHORTEST_NOTIFY_KEY = 73
QUEUES = ("redis://", "rediss://", "unix://")


class UnsafeSettings(ValueError):
    """The environment holds settings that the application refuses to start with."""


@dataclass(frozen=True)
class Settings:
    """One deployment's settings; `from_environment` says which variable sets each."""

    environment: Environment = "development"
    secret_key: str = DEVELOPMENT_SECRET
    database_url: str = ""
    redis_url: str = ""
    data_dir: Path = Path("instance")
    keys_dir: Path | None = None
    public_url: str = "http://127.0.0.1:8000"
    organisation: str = "Panel App"
    organisation_id: str = ""
    publisher_prefix: str = "360G-unregistered"
    languages: tuple[str, ...] = ("en", "bn", "ar")
    time_zone: str = "Europe/London"
    trusted_proxies: int = 0
    threads: int = 8
    mail: Mail = "page"
    mail_from: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_dir: Path | None = None
    notify_url: str = "https://api.notifications.service.gov.uk"
    notify_key: str = field(default="", repr=False)
    notify_mail_template: str = ""
    notify_sms_template: str = ""
    messages_a_day: int = 5

    @property
    def ballot_keys(self) -> Path:
        """Where open ballots' keys lie: never in the database, never in its backups."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def deployment(self) -> str:
        """What tells this deployment from others on one Redis: by secret and database name."""
        name = urlsplit(self.database_url).path.encode()
        return hmac.new(self.secret_key.encode(), name, hashlib.sha256).hexdigest()[:12]

    @property
    def production(self) -> bool:
        """Whether residents' real data may be at stake."""
        return self.environment == "production"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may travel over HTTPS only."""
        return self.public_url.startswith("https://")


VARIABLES: Mapping[str, str] = {
    "environment": "PANEL_ENV",
    "secret_key": "PANEL_SECRET_KEY",
    "database_url": "DATABASE_URL",
    "redis_url": "REDIS_URL",
    "data_dir": "PANEL_DATA_DIR",
    "keys_dir": "PANEL_KEYS_DIR",
    "public_url": "PANEL_PUBLIC_URL",
    "organisation": "PANEL_ORGANISATION",
    "organisation_id": "PANEL_ORGANISATION_ID",
    "publisher_prefix": "PANEL_360G_PREFIX",
    "languages": "PANEL_LANGUAGES",
    "time_zone": "PANEL_TIME_ZONE",
    "trusted_proxies": "PANEL_TRUSTED_PROXIES",
    "threads": "PANEL_THREADS",
    "mail": "PANEL_MAIL",
    "mail_from": "PANEL_MAIL_FROM",
    "smtp_url": "PANEL_SMTP_URL",
    "mail_dir": "PANEL_MAIL_DIR",
    "notify_url": "PANEL_NOTIFY_URL",
    "notify_key": "PANEL_NOTIFY_KEY",
    "notify_mail_template": "PANEL_NOTIFY_MAIL_TEMPLATE",
    "notify_sms_template": "PANEL_NOTIFY_SMS_TEMPLATE",
    "messages_a_day": "PANEL_MESSAGES_A_DAY",
}


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (the process's own by default).

    Raises UnsafeSettings, naming every fault and its variable.
    """
    environ = os.environ if environ is None else environ
    given = {
        field: environ[variable].strip()
        for field, variable in VARIABLES.items()
        if environ.get(variable, "").strip()
    }
    faults: list[str] = []
    settings = _parse(given, faults)
    faults += _unsafe(settings)
    if faults:
        raise UnsafeSettings("Panel App can't start:\n" + "\n".join(f"- {f}" for f in faults))
    return settings


def _parse(given: Mapping[str, str], faults: list[str]) -> Settings:
    """Turn the given texts into settings; what isn't given keeps its default."""
    parsed: dict[str, Any] = dict(given)
    if given.get("environment", "development") not in get_args(Environment):
        faults.append(
            f"PANEL_ENV is {given['environment']!r}; it must be development, production or test"
        )
        parsed["environment"] = "production"
    parsed["data_dir"] = Path(given.get("data_dir") or own_folder()).absolute()
    for folder in ("keys_dir", "mail_dir"):
        if folder in given:
            parsed[folder] = Path(given[folder]).absolute()
    own_file = f"sqlite:///{parsed['data_dir'] / 'panel.db'}"
    parsed["database_url"] = _driver(given.get("database_url", own_file))
    if "public_url" in given:
        parsed["public_url"] = given["public_url"].rstrip("/")
    if "languages" in given:
        parsed["languages"] = tuple(code.strip() for code in given["languages"].split(","))
    for number in ("trusted_proxies", "threads", "messages_a_day"):
        if number in given:
            parsed[number] = _whole(VARIABLES[number], given[number], faults)
    return Settings(**parsed)


def own_folder() -> str:
    """Return the data folder where none is given."""
    top = os.path.expanduser(_HOME) if _HERE.name == "panel_app" else _HERE
    return os.path.join(top, Settings.data_dir)


def _driver(url: str) -> str:
    """Name psycopg 3 where a PostgreSQL address names no driver."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _whole(variable: str, value: str, faults: list[str]) -> int:
    if value.isdecimal():
        return int(value)
    faults.append(f"{variable} is {value!r}; it must be a whole number")
    return 0


def _unsafe(settings: Settings) -> list[str]:
    faults = []
    if "en" not in settings.languages:
        faults.append("PANEL_LANGUAGES must include en, the language that others fall back to")
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"PANEL_TIME_ZONE is {settings.time_zone!r}; use a name like Europe/London")
    if not settings.database_url.startswith(DATABASES):
        faults.append(
            "DATABASE_URL must be like sqlite:////folder/panel.db or postgresql://host/name"
        )
    if settings.redis_url and not settings.redis_url.startswith(QUEUES):
        faults.append("REDIS_URL must start with redis:// (or rediss://, unix://)")
    if not 1 <= settings.threads <= MOST_THREADS:
        faults.append(f"PANEL_THREADS must be from 1 to {MOST_THREADS}")
    if not re.fullmatch(r"360G-[A-Za-z0-9]+", settings.publisher_prefix):
        faults.append("PANEL_360G_PREFIX must be like 360G-OurCouncil, as 360Giving issued it")
    return faults + _unsafe_address(settings) + _unsafe_secret(settings) + _unsafe_mail(settings)


def _unsafe_address(settings: Settings) -> list[str]:
    address = urlsplit(settings.public_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        return ["PANEL_PUBLIC_URL must be like https://panel.example.org"]
    if address.path or address.query or address.fragment:
        return ["PANEL_PUBLIC_URL must end after the host: the pages live at its root"]
    if settings.production and not settings.secure_cookies:
        return ["PANEL_PUBLIC_URL must start with https:// in production"]
    return []


def _unsafe_secret(settings: Settings) -> list[str]:
    secret = settings.secret_key
    known = secret == DEVELOPMENT_SECRET
    if known and settings.production:
        return [f"PANEL_SECRET_KEY must be set to {SHORTEST_SECRET} or more random letters"]
    if known and settings.secure_cookies:
        return ["PANEL_SECRET_KEY must be set where PANEL_PUBLIC_URL starts with https://"]
    if not known and (len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_LETTERS):
        return [f"PANEL_SECRET_KEY is too simple: use {SHORTEST_SECRET} or more random letters"]
    return []


def _unsafe_mail(settings: Settings) -> list[str]:
    """Find what the chosen way of sending messages lacks."""
    if settings.mail not in get_args(Mail):
        return [f"PANEL_MAIL is {settings.mail!r}; it must be page, smtp, notify or file"]
    faults = []
    if settings.messages_a_day < 1:
        faults.append("PANEL_MESSAGES_A_DAY must be 1 or more")
    sender = parseaddr(settings.mail_from)[1]
    if settings.mail in {"smtp", "file"} and not ("@" in sender and sender.isascii()):
        faults.append("PANEL_MAIL_FROM must be like Our Council <panel@example.org>")
    if settings.mail == "smtp" and not _is_mail_server(settings.smtp_url):
        faults.append(
            "PANEL_SMTP_URL must be like smtp://user:password@mail.example.org:587 (or smtps://)"
        )
    if settings.mail == "notify":
        faults += _unsafe_notify(settings)
    return faults


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return url.startswith(MAIL_SERVERS) and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _unsafe_notify(settings: Settings) -> list[str]:
    faults = []
    if len(settings.notify_key) < SHORTEST_NOTIFY_KEY:
        faults.append("PANEL_NOTIFY_KEY must be a key of your service in GOV.UK Notify")
    if not settings.notify_mail_template and not settings.notify_sms_template:
        faults.append(
            "PANEL_NOTIFY_MAIL_TEMPLATE or PANEL_NOTIFY_SMS_TEMPLATE must name a template there"
        )
    if not settings.notify_url.startswith("https://") and settings.production:
        faults.append("PANEL_NOTIFY_URL must start with https:// in production")
    return faults
