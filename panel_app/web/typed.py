"""What was typed or ticked comes back: on a page that was open too long, or in another language.

A form that could not be taken is answered with its own page, filled in as it was sent, with a
fresh token; and where nobody is signed in or seated any more, with a page that keeps what was sent
until somebody is. Files can't be kept: the page asks for them again.
"""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import Response, current_app, flash, g, make_response, render_template, request
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from panel_app.core.text import _, gettext

Fields = MultiDict[str, str]
#: The `id` of a page's form whose fields a change of language takes along.
TYPED = "typed"
#: What is never sent back to a page.
_SECRET = ("csrf_token", "password")
_NOT_TYPED = frozenset({"hidden", "password", "file", "submit", "image", "reset", "button"})


def fields() -> Fields | None:
    """Return what was typed on this page before, for a view that adds it up; None without."""
    typed: Fields | None = g.get("typed")
    return typed


def fills_in(part: Markup | None) -> bool:
    """Return whether a part of a page has the form that a change of language takes along."""
    return part is not None and f'id="{TYPED}"' in part


def sent() -> Fields:
    """Return what this request's form holds, without secrets; of a file, its name."""
    files = [(name, f.filename or "") for name, f in request.files.items(multi=True) if f.filename]
    return MultiDict([*without_secrets(request.form).items(multi=True), *files])


def without_secrets(form: Fields) -> Fields:
    """Return a form's fields without its token and passwords."""
    return MultiDict([pair for pair in form.items(multi=True) if not _is_secret(pair[0])])


def kept(needs: Literal["sign_in", "join", "password"] | None) -> Response:
    """Return a page that keeps what was sent, which nobody took, until it can be sent again.

    `needs` is what has to be done first, in another tab.
    """
    shown = render_template(
        "web/typed.html",
        heading=_("Nothing is lost"),
        typed=list(sent().items(multi=True)),
        needs=needs,
        files=bool(request.files),
    )
    return make_response(shown, 400)


def written(typed: Fields) -> list[str]:
    """Return the sentences that somebody wrote: no codes, addresses or counters."""
    values = [value.strip() for _name, value in typed.items(multi=True)]
    return [value for value in values if len(value.split()) > 1]


def to_be_in() -> Literal["sign_in", "join"]:
    """Return what a page at this address needs first."""
    return "sign_in" if request.path.startswith("/desk") else "join"


def packed(typed: Fields) -> str:
    """Write fields as one text, for a hidden field of another page."""
    return urlencode(list(typed.items(multi=True)))


def unpacked(text: str) -> Fields:
    """Read what `packed` wrote."""
    return MultiDict(parse_qsl(text, keep_blank_values=True))


def again(address: str, typed: Fields, *, said: Any = None) -> Response:
    """Return the page at `address` as its reader would get it, filled in with `typed`.

    `said` is shown on top of it; where the page has no such form any more, what was written in it.
    """
    response = _opened(address, typed, said)
    if response.status_code == 200 and response.mimetype == "text/html":
        filler = _Filler(typed, page=address, to=request.path)
        html = filler.filled(response.get_data(as_text=True))
        if filler.met or not (words := written(typed)):
            response.set_data(html)
        else:
            gone = gettext("This changed before you sent it, so it was not sent: {}")
            response = _opened(address, typed, gone.format(" · ".join(words)))
    return response


def _opened(address: str, typed: Fields, said: Any) -> Response:
    """Return the page at `address`, rendered in a request of its own, which only reads."""
    app: Any = current_app
    with app.app_context(), app.request_context(_opening(address)):
        g.typed = typed
        if said:
            flash(said, "warn")
        response: Response = app.full_dispatch_request()
    return response


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
        #: Whether the page has a field for anything that was typed.
        self.met = False
        self._written: list[str] = []
        self._inside = False
        #: The text area that is being filled: the place of its tag, what it said, its old text.
        self._area: tuple[int, dict[str, str | None], list[str]] | None = None
        self._picked: list[str] | None = None

    def filled(self, html: str) -> str:
        """Return the page with its form filled in."""
        self.feed(html)
        self.close()
        return "".join(self._written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Copy a tag, with what was typed in it."""
        given = dict(attrs)
        name = given.get("name") or ""
        if self._inside and name in self._typed and given.get("type") != "hidden":
            self.met = True
        if tag == "form":
            self._begin(given)
        elif self._inside and tag in {"input", "option"}:
            self._mark(tag, given)
        elif self._inside and tag == "select" and name in self._typed:
            self._picked = self._typed.getlist(name)
        changed = tag == "form" or (self._inside and tag in {"input", "option"})
        self._write(_tag(tag, given) if changed else self._raw())
        if tag == "textarea" and self._inside and name in self._typed:
            self._area = len(self._written) - 1, given, []
        if (
            tag == "input"
            and self._inside
            and given.get("type") == "file"
            and self._typed.get(name)
        ):
            self._write(
                f'<span class="error">{escape(gettext("Please choose the file again."))}</span>'
            )

    def _begin(self, given: dict[str, str | None]) -> None:
        action = given.setdefault("action", self._page)
        self._inside = given.get("id") == TYPED or urlsplit(action or "").path == self._to

    def _mark(self, tag: str, given: dict[str, str | None]) -> None:
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "option":
            if self._picked is not None:
                _switch(given, "selected", given.get("value") in self._picked)
        elif kind in {"radio", "checkbox"}:
            _switch(given, "checked", (given.get("value") or "on") in self._typed.getlist(name))
        elif kind not in _NOT_TYPED and name in self._typed:
            _remember(given, given.get("value") != self._typed[name])
            given["value"] = self._typed[name]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Copy a tag that closes itself."""
        self._write(self._raw())

    def handle_endtag(self, tag: str) -> None:
        """Copy the end of an element."""
        if tag == "textarea" and self._area:
            self._fill_area()
        self._write(f"</{tag}>")
        self._inside = self._inside and tag != "form"
        self._picked = None if tag == "select" else self._picked

    def _fill_area(self) -> None:
        place, given, before = self._area or (0, {}, [])
        self._area = None
        text = self._typed[given["name"] or ""]
        _remember(given, unescape("".join(before)).lstrip("\n") != text.replace("\r\n", "\n"))
        self._written[place] = _tag("textarea", given)
        # A line break right behind the tag is not part of the text.
        self._write(f"\n{escape(text)}")

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
        (self._area[2] if self._area else self._written).append(text)


def _switch(given: dict[str, str | None], name: str, on: bool) -> None:
    _remember(given, (name in given) != on)
    given.pop(name, None)
    if on:
        given[name] = None


def _remember(given: dict[str, str | None], changed: bool) -> None:
    """Have a page that follows its session keep what differs from what the server knows."""
    if changed:
        given["data-typed"] = None


def _tag(tag: str, given: dict[str, str | None]) -> str:
    written = [name if v is None else f'{name}="{escape(v)}"' for name, v in given.items()]
    return f"<{' '.join([tag, *written])}>"
