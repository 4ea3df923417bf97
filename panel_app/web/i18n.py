"""The language of a page: how it is chosen, its direction, and how money and dates are written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_time,
    get_locale,
    gettext,
    refresh,
)
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core.money import as_text
from panel_app.core.translated import Translated, Wording

#: An amount inside a text, which right-to-left letters around it would turn about.
_AMOUNTS = re.compile(r"(?<!\u2066)−?£[\d,.]*\d")
COOKIE = "language"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Language:
    """A language as its own speakers name it, from the Unicode consortium's tables."""

    code: str
    name: str
    direction: str = "ltr"


#: What residents may say that they write in, though pages are not offered in all of these.
SPOKEN = ("en", "bn", "ar", "so", "fr", "es", "sq", "pt", "pl", "tr")


@lru_cache(maxsize=256)
def _in_tables(code: str) -> Language | None:
    try:
        locale = Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return None
    name = locale.get_display_name() or code
    # Names of languages are written small in many of them, and stand alone here.
    return Language(code, name[:1].title() + name[1:], locale.text_direction)


def called(code: str) -> Language:
    """Return the language with this code; one that is in no table goes by its code."""
    return _in_tables(code) or Language(code, code)


def spoken() -> list[Language]:
    """Return the languages on offer, and those that residents may write in beside them."""
    codes = [language.code for language in offered()]
    return [called(code) for code in dict.fromkeys([*codes, *SPOKEN])]


def init_app(app: Flask, *, languages: tuple[str, ...], time_zone: str, folder: Path) -> None:
    """Set the languages on offer and the filters; raises ValueError for an unusable catalogue."""
    missing = [c for c in languages if c != "en" and not (_in_tables(c) and _catalogue(folder, c))]
    if missing:
        raise ValueError(
            f"PANEL_LANGUAGES: {', '.join(missing)} has no compiled catalogue;"
            " run `make translations`, or leave it out"
        )
    app.extensions["languages"] = tuple(map(called, languages))
    app.extensions["desk_languages"] = frozenset(
        code for code in languages if code == "en" or (_folder(folder, code) / "desk.mo").exists()
    )
    Babel(
        app,
        default_locale="en",
        default_timezone=time_zone,
        default_translation_directories=str(folder),
        locale_selector=choose,
    )
    app.jinja_env.filters.update(
        money=money,
        number=number,
        said=said,
        day=day,
        moment=moment,
        hour=hour,
        theirs=theirs,
        isolated=isolated,
    )
    app.context_processor(_context)
    app.after_request(_say_language)


def offered() -> tuple[Language, ...]:
    """Return the languages on offer, English first."""
    languages: tuple[Language, ...] = current_app.extensions["languages"]
    return languages


def chosen() -> str | None:
    """Return the language that this person chose before, or None."""
    return _usable(request.args.get("l")) or _usable(request.cookies.get(COOKIE))


def choose() -> str:
    """Return the language of this page.

    Order: the address or an earlier choice; the language of whoever is here; the browser's;
    English. Staff pages are English where the language has no complete staff catalogue; so are a
    job and the command line.
    """
    if not has_request_context():
        return "en"
    language = chosen() or _usable(_spoken_here()) or browsers() or "en"
    on_desk = request.path.startswith("/desk")
    return language if not on_desk or language in current_app.extensions["desk_languages"] else "en"


def speak(language: str) -> None:
    """Write this page in a language of whoever is here, unless they chose another before."""
    g.spoken = language
    refresh()


def code() -> str:
    """Return this page's language."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def remember(response: AnyResponse, language: str) -> AnyResponse:
    """Keep a person's choice for a year."""
    response.set_cookie(
        COOKIE,
        language,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def without_language(address: str) -> str:
    """Return a local address without its `l=`, which would outweigh a newer choice."""
    parts = urlsplit(address)
    kept = urlencode([pair for pair in parse_qsl(parts.query, True) if pair[0] != "l"])
    return parts._replace(query=kept).geturl()


def in_language(address: str, language: str) -> str:
    """Return a local address whose page is in `language`, whatever was chosen before."""
    return f"{address}{'&' if '?' in address else '?'}l={language}"


def money(pence: int) -> Markup:
    """Write an amount as the reader's language groups digits, with our £ in front and isolated.

    Babel would write `GBP` in Polish and `UK£` in Arabic; a ballot must show the same sign.
    """
    return Markup('<bdi class="num">{}</bdi>').format(_amount(pence))


def money_text(pence: int) -> str:
    """Write an amount as plain text, for sentences and attributes; isolated among Arabic."""
    return _isolated(_amount(pence))


def money_shape() -> dict[str, str | int]:
    """Return how this language writes amounts, for scripts: marks, and sizes of groups of digits.

    `first` is the size of the last group before the point, `then` of those before it.
    """
    locale = get_locale() or Locale("en")
    first, then = locale.decimal_formats[None].grouping
    group = locale.number_symbols["latn"]["group"]
    return {"group": group, "first": first, "then": then, "point": "."}


def _amount(pence: int) -> str:
    return as_text(pence, number)


def _isolated(text: str) -> str:
    """Keep every amount in `text` in its own order where the page runs from right to left."""
    return _AMOUNTS.sub("\u2066\\g<0>\u2069", text) if _right_to_left() else text


def isolated(words: Any) -> Markup:
    """Write a heading, with every amount in its own order where it runs from right to left."""
    return Markup(_isolated(str(escape(words))))  # noqa: S704


def number(value: float) -> str:
    """Write a number grouped as the reader's language does, in digits that everyone can type."""
    return format_decimal(value, locale=get_locale() or "en")


def day(value: Any) -> str:
    """Write a date: 26 November 2026."""
    return str(format_date(value, "d MMMM yyyy"))


def moment(value: datetime) -> str:
    """Write a date and a time of day: 26 November 2026, 6.30 pm."""
    return str(gettext("%(day)s, %(time)s", day=day(value), time=hour(value)))


def hour(value: datetime) -> str:
    """Write a time of day: 6.30 pm."""
    if code() == "en":
        return str(format_time(value, "h.mm a")).lower()
    return str(format_time(value, "short"))


def wording(text: Translated) -> Wording:
    """Return what this reader sees of a text."""
    return text.in_language(code())


def said(text: Translated | None) -> Markup:
    """Write content in the reader's language; a fallback or a machine's wording says so."""
    if text is None:
        return Markup("")
    shown = text.in_language(code())
    if shown.fallback:
        return theirs(shown.text, shown.language)
    written = theirs(_isolated(shown.text))
    if shown.origin == "machine":
        return written + _chip(gettext("Automatic translation"))
    return written


def in_every_language(words: Any) -> Translated:
    """Return a lazy text of ours as content, in every language of the deployment that has it."""
    texts = {}
    for language in offered():
        with force_locale(language.code):
            texts[language.code] = str(words)
    with force_locale("en"):
        english = str(words)
    others = {code: text for code, text in texts.items() if text != english}
    return Translated.of(en=english, **others)


def theirs(text: str, language: str | None = None) -> Markup:
    """Write something a person typed, isolated, marked with its language where that is known."""
    if language is None or language == code():
        return Markup('<bdi dir="auto">{}</bdi>').format(text)
    known = called(language)
    marked = Markup('<bdi lang="{0}" dir="{1}">{2}</bdi>')
    return marked.format(known.code, known.direction, text) + _chip(known.name, known.code)


def apart(text: str) -> str:
    """Return something typed for a sentence of plain text, isolated where directions may clash."""
    reads_back = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
    return f"\u2068{text}\u2069" if reads_back or _right_to_left() else text


def _right_to_left() -> bool:
    return called(code()).direction == "rtl"


def _chip(words: str, language: str | None = None) -> Markup:
    attribute = Markup(' lang="{}"').format(language) if language else ""
    return Markup(' <span class="tag quiet"{}>{}</span>').format(attribute, words)


def _context() -> dict[str, Any]:
    return {
        "language": called(code()),
        "languages": offered(),
        "money_text": money_text,
        "money_shape": money_shape,
    }


def _say_language(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = code()
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def _spoken_here() -> str | None:
    someone = g.get("member") or g.get("guest")
    language: str | None = g.get("spoken") or (someone and someone.language)
    return language


def _usable(language: str | None) -> str | None:
    return language if language in {known.code for known in offered()} else None


def browsers() -> str | None:
    """Return the first language on offer that the browser asks for, whatever the country."""
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next(filter(_usable, wanted), None)


def _folder(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES"


def _catalogue(folder: Path, language: str) -> bool:
    return (_folder(folder, language) / "messages.mo").exists()
