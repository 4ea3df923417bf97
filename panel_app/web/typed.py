"""What was typed or ticked comes back: on a page that was open too long, or in another language.

A form that could not be taken is answered with its own page, filled in as it was sent, with a
fresh token. `page_of` tells where a form is shown whose address only takes what is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import Response, current_app, flash, g, request, url_for
from markupsafe import escape
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

View = TypeVar("View", bound=Callable[..., Any])
Fields = MultiDict[str, str]
#: The `id` of a page's form whose fields a change of language takes along.
TYPED = "typed"
#: What is never sent back to a page.
_SECRET = ("csrf_token", "password")
_NOT_TYPED = frozenset({"hidden", "password", "file", "submit", "image", "reset", "button"})


def shown_on(endpoint: str) -> Callable[[View], View]:
    """Declare on which page the form is that the view below takes."""

    def declare(view: View) -> View:
        view.form_page = endpoint  # type: ignore[attr-defined]
        return view

    return declare


def here() -> str | None:
    """Return the address of the page on screen; None where what was sent belongs to no page."""
    if request.method == "GET" or _can_be_opened(request.path):
        return request.full_path.rstrip("?")
    view = current_app.view_functions.get(request.endpoint or "")
    endpoint = getattr(view, "form_page", None)
    return url_for(endpoint, **(request.view_args or {})) if endpoint else None


def fields() -> Fields | None:
    """Return what was typed on this page before, for a view that adds it up; None without."""
    typed: Fields | None = g.get("typed")
    return typed


def sent() -> Fields:
    """Return what this request's form holds, without secrets."""
    kept = [pair for pair in request.form.items(multi=True) if not _is_secret(pair[0])]
    return MultiDict(kept)


def packed(typed: Fields) -> str:
    """Write fields as one text, for a hidden field of another page."""
    return urlencode(list(typed.items(multi=True)))


def unpacked(text: str) -> Fields:
    """Read what `packed` wrote."""
    return MultiDict(parse_qsl(text, keep_blank_values=True))


def again(address: str, typed: Fields, *, said: Any = None) -> Response:
    """Return the page at `address` as its reader would get it, filled in with `typed`.

    `said` is shown on top of it. The page is rendered in a request of its own, which only reads.
    """
    app: Any = current_app
    with app.app_context(), app.request_context(_opening(address)):
        g.typed = typed
        if said:
            flash(said, "warn")
        response: Response = app.full_dispatch_request()
    if response.status_code == 200 and response.mimetype == "text/html":
        filler = _Filler(typed, page=address, to=request.path)
        response.set_data(filler.filled(response.get_data(as_text=True)))
    return response


def _can_be_opened(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, "GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True


def _is_secret(name: str) -> bool:
    return any(word in name for word in _SECRET)


def _opening(address: str) -> dict[str, Any]:
    """Return the environment of this browser's opening `address`."""
    left_out = {"CONTENT_TYPE", "HTTP_X_QUEUE", "werkzeug.request"}
    environ = {k: v for k, v in request.environ.items() if k not in left_out}
    parts = urlsplit(address)
    path = unquote(parts.path).encode().decode("latin-1")
    return environ | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": parts.query,
        "CONTENT_LENGTH": "0",
        "wsgi.input": BytesIO(),
    }


class _Filler(HTMLParser):
    """Copies a page of ours, and puts fields into the form that was sent (or is `TYPED`)."""

    def __init__(self, typed: Fields, *, page: str, to: str) -> None:
        super().__init__(convert_charrefs=False)
        self._typed, self._page, self._to = typed, page, to
        self._written: list[str] = []
        self._inside = self._skipping = False
        self._picked: list[str] | None = None

    def filled(self, html: str) -> str:
        """Return the page with its form filled in."""
        self.feed(html)
        self.close()
        return "".join(self._written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Copy a tag, with what was typed in it."""
        given = dict(attrs)
        if tag == "form":
            self._begin(given)
        elif self._inside and tag in {"input", "option"}:
            self._mark(tag, given)
        elif self._inside and tag in {"textarea", "select"}:
            self._open(tag, given)
        changed = tag == "form" or (self._inside and tag in {"input", "option"})
        self._write(_tag(tag, given) if changed else self._raw())
        if tag == "textarea" and self._inside and given.get("name") in self._typed:
            # A line break right behind the tag is not part of the text.
            self._write(f"\n{escape(self._typed[given['name'] or ''])}")
            self._skipping = True

    def _begin(self, given: dict[str, str | None]) -> None:
        action = given.setdefault("action", self._page)
        self._inside = given.get("id") == TYPED or urlsplit(action or "").path == self._to

    def _open(self, tag: str, given: dict[str, str | None]) -> None:
        name = given.get("name") or ""
        if tag == "select" and name in self._typed:
            self._picked = self._typed.getlist(name)

    def _mark(self, tag: str, given: dict[str, str | None]) -> None:
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "option":
            if self._picked is not None:
                _switch(given, "selected", given.get("value") in self._picked)
        elif kind in {"radio", "checkbox"}:
            _switch(given, "checked", (given.get("value") or "on") in self._typed.getlist(name))
        elif kind not in _NOT_TYPED and name in self._typed:
            given["value"] = self._typed[name]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Copy a tag that closes itself."""
        self._write(self._raw())

    def handle_endtag(self, tag: str) -> None:
        """Copy the end of an element."""
        if tag == "textarea":
            self._skipping = False
        self._write(f"</{tag}>")
        self._inside = self._inside and tag != "form"
        self._picked = None if tag == "select" else self._picked

    def handle_data(self, data: str) -> None:
        """Copy text."""
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        """Copy a named character."""
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Copy a numbered character."""
        self._write(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        """Copy the document's type."""
        self._write(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        """Copy a comment, by which live parts mark what moves."""
        self._write(f"<!--{data}-->")

    def _raw(self) -> str:
        return self.get_starttag_text() or ""

    def _write(self, text: str) -> None:
        if not self._skipping:
            self._written.append(text)


def _switch(given: dict[str, str | None], name: str, on: bool) -> None:
    given.pop(name, None)
    if on:
        given[name] = None


def _tag(tag: str, given: dict[str, str | None]) -> str:
    written = [name if v is None else f'{name}="{escape(v)}"' for name, v in given.items()]
    return f"<{' '.join([tag, *written])}>"
