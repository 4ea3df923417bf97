"""Making the Flask application: the one place that knows every feature."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Flask, url_for
from flask_migrate import Migrate
from jinja2 import FileSystemLoader
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from panel_app.balloting.feature import BALLOTING
from panel_app.budgets.commitments.feature import COMMITMENTS
from panel_app.budgets.feature import BUDGETS
from panel_app.budgets.ideas.feature import IDEAS
from panel_app.budgets.spending.feature import SPENDING
from panel_app.casework.feature import CASEWORK
from panel_app.config import Settings, from_environment
from panel_app.core import feature, finality, jobs, logs, timetable
from panel_app.core.db import db
from panel_app.deliberation.feature import DELIBERATION
from panel_app.grants.feature import GRANTS
from panel_app.live.feature import LIVE
from panel_app.outbox import outbox
from panel_app.outbox.feature import OUTBOX
from panel_app.panels import devices
from panel_app.panels.feature import PANELS
from panel_app.places.feature import PLACES
from panel_app.publishing.feature import PUBLISHING
from panel_app.questions.feature import QUESTIONS
from panel_app.records.feature import RECORDS
from panel_app.recruitment.feature import RECRUITMENT
from panel_app.recruitment.invitations.feature import INVITATIONS
from panel_app.recruitment.registration.feature import REGISTRATION
from panel_app.sessions import guests, rehearsal, strip
from panel_app.sessions.desk import on_the_way
from panel_app.sessions.feature import SESSIONS
from panel_app.staff import identity, sign_in
from panel_app.staff.feature import STAFF
from panel_app.web import access, addresses, charts, faults, form_tokens, headers, i18n, limits, qr
from panel_app.web.desk import help as page_help
from panel_app.web.feature import WEB

#: Links to the repository's own folders in a checkout, folders once installed.
PACKAGE = Path(__file__).resolve().parent
TRANSLATIONS = PACKAGE / "translations"
MIGRATIONS = PACKAGE / "migrations"
#: A form with a pool of 50,000 people is about 10 MB; everything else is far smaller.
LARGEST_REQUEST = 16 * 1024 * 1024

#: What every page runs, in this order; each works without the others.
SCRIPTS = ("clock.js", "purse.js", "live.js", "queue.js")
#: How long PostgreSQL may take to answer, to give a lock, and for one statement: nobody waits for
#: ever behind somebody else, and a page says that it is busy instead.
PATIENCE = {
    "connect_args": {
        "connect_timeout": 5,
        "options": "-c lock_timeout=5s -c statement_timeout=60s",
    }
}

#: Every feature, floor by floor; what each brings is told in its own `feature.py`.
FEATURES = (
    WEB,
    LIVE,
    STAFF,
    PLACES,
    PANELS,
    OUTBOX,
    QUESTIONS,
    RECRUITMENT,
    INVITATIONS,
    REGISTRATION,
    SESSIONS,
    BALLOTING,
    CASEWORK,
    DELIBERATION,
    BUDGETS,
    IDEAS,
    COMMITMENTS,
    SPENDING,
    GRANTS,
    RECORDS,
    PUBLISHING,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (read from the environment by default)."""
    settings = settings or from_environment()
    app = Flask(__name__, static_folder="web/static", template_folder=None)
    app.jinja_loader = FileSystemLoader([PACKAGE / each.name / "templates" for each in FEATURES])
    app.config.update(_configuration(settings))
    app.extensions["settings"] = settings
    logs.set_up(quiet=settings.environment == "test")
    if settings.database_url.startswith("sqlite:////"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(
            mode=0o700, parents=True, exist_ok=True
        )
    _extend(app, settings)
    feature.init_app(app, FEATURES)
    feature.offer(app, timetable.Timed("final-acts", "minute", finality.catch_up))
    timetable.init_app(app)
    _teach_templates(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0
        )
    return app


def _configuration(settings: Settings) -> dict[str, object]:
    prefix = "__Host-" if settings.secure_cookies else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "test",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "DEVICE_COOKIE_NAME": f"{prefix}seat",
        "GUEST_COOKIE_NAME": f"{prefix}guest",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,
        "PUBLIC_URL": settings.public_url,
        "SQLALCHEMY_ENGINE_OPTIONS": PATIENCE if "postgresql" in settings.database_url else {},
    }


def _extend(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True)
    form_tokens.init_app(app)
    i18n.init_app(
        app,
        languages=settings.languages,
        time_zone=settings.time_zone,
        folder=TRANSLATIONS,
    )
    headers.init_app(app, https=settings.secure_cookies)
    limits.init_app(app, redis_url=settings.redis_url, deployment=settings.deployment)
    faults.init_app(app)
    jobs.init_app(
        app,
        redis_url=settings.redis_url,
        data_dir=settings.data_dir,
        immediate=settings.environment == "test",
        deployment=settings.deployment,
    )
    outbox.init_app(app, settings)
    sign_in.init_app(app, organisation=settings.organisation)
    access.init_app(
        app,
        access.Identities(
            panel=devices.panel_called,
            member=devices.member_on_this_phone,
            guest=guests.on_this_phone,
            signed_in=identity.signed_in,
            permissions=identity.permissions,
            enter=rehearsal.enter,
            ask_to_join=devices.ask_to_join,
            ask_to_sign_in=identity.ask_to_sign_in,
        ),
        {"static": "anyone", **sign_in.RULES},
    )


def _teach_templates(app: Flask, settings: Settings) -> None:
    """Give templates the organisation's name, static addresses and the page's own address."""

    @cache
    def version(filename: str) -> str:
        content = Path(app.static_folder or "", filename).read_bytes()
        return hashlib.sha256(content).hexdigest()[:12]

    def static(filename: str) -> str:
        return url_for("static", filename=filename, v=version(filename))

    def totp_qr(username: str, key: str, issuer: str) -> Markup:
        query = urlencode({"secret": key, "issuer": issuer})
        return qr.svg(f"otpauth://totp/{quote(issuer)}:{quote(username)}?{query}", "QR")

    app.jinja_env.globals.update(
        organisation=settings.organisation,
        scripts=SCRIPTS,
        static=static,
        here=lambda: addresses.here() or "/",
        member_here=devices.member_here,
        kind_here=guests.kind_here,
        totp_qr=totp_qr,
        page_help=page_help.of_this_page,
        on_the_way=on_the_way.back,
        session_strip=strip.strip,
        qr=qr.svg,
        make_heads=charts.heads,
    )
