"""A test client that checks every page it fetches, and submits forms as a browser does."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from panel_app.app import SCRIPTS

STATIC = Path(__file__).parents[1] / "panel_app" / "web" / "static"
RESIDENT_BUDGET = 25 * 1024
PAGE_BUDGET = 50 * 1024
#: html5lib 1.1 predates these: they are valid in today's HTML.
HARMLESS = {"non-html-root"}
_HANDLER = re.compile(r"\son\w+=", re.IGNORECASE)


def weight(content: bytes) -> int:
    """Return the size of `content` as it travels, in bytes."""
    return len(gzip.compress(content, 6))


def parse(html: str, *, fragment: bool = False) -> Element:
    """Parse strictly; any parse error fails the test."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html) if fragment else parser.parse(html)
    faults = [e for e in parser.errors if e[1] not in HARMLESS]
    assert not faults, f"not valid HTML: {faults[:3]} in {html[:300]}"
    return tree


def text_of(element: Element) -> str:
    """Return the text inside an element, spaces folded."""
    return " ".join("".join(element.itertext()).split())


def check_page(html: str, path: str) -> Element:
    """Hold a whole page to the house's rules; return its tree."""
    tree = parse(html)
    assert tree.get("lang"), f"{path}: no lang"
    assert tree.get("dir") in {"ltr", "rtl"}, f"{path}: no dir"
    _check_headings(tree, path)
    _check_ids_and_labels(tree, path)
    _check_policy(tree, html, path)
    budget = PAGE_BUDGET if path.startswith("/desk") else RESIDENT_BUDGET
    assets = sum(weight((STATIC / name).read_bytes()) for name in ("app.css", *SCRIPTS, "icon.svg"))
    total = weight(html.encode()) + assets
    assert total <= budget, f"{path}: {total} bytes compressed, budget {budget}"
    return tree


def _check_headings(tree: Element, path: str) -> None:
    headings = list(tree.iter("h1"))
    assert len(headings) == 1, f"{path}: {len(headings)} h1"
    title = tree.find("head/title")
    assert title is not None, f"{path}: no title"
    assert text_of(title).startswith(text_of(headings[0])), (
        f"{path}: title {text_of(title)!r} is not the h1 {text_of(headings[0])!r}"
    )
    assert len(list(tree.iter("main"))) == 1, f"{path}: needs one main"


def _check_ids_and_labels(tree: Element, path: str) -> None:
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    doubled = {i for i in ids if ids.count(i) > 1}
    assert not doubled, f"{path}: ids twice: {doubled}"
    labelled = {e.get("for") for e in tree.iter("label")}
    inside = {id(f) for label in tree.iter("label") for f in label.iter()}
    for field in (f for name in ("input", "select", "textarea") for f in tree.iter(name)):
        if field.get("type") in {"hidden", "submit"} or id(field) in inside:
            continue
        named = field.get("id") in labelled or field.get("aria-label")
        assert named, f"{path}: field {field.get('name')} has no label"
    boxes = [f for f in tree.iter("input") if f.get("type") == "checkbox"]
    names = [box.get("name") for box in boxes]
    for box in boxes:
        asked_for_all = box.get("required") is not None and names.count(box.get("name")) > 1
        assert not asked_for_all, f"{path}: every box of {box.get('name')} would have to be ticked"
    for element in tree.iter():
        for reference in ("aria-describedby", "aria-labelledby"):
            for target in (element.get(reference) or "").split():
                assert target in ids, f"{path}: {reference} names a missing id {target}"
    for button in tree.iter("button"):
        assert text_of(button) or button.get("aria-label"), f"{path}: a button without words"


def _check_policy(tree: Element, html: str, path: str) -> None:
    assert not list(tree.iter("style")), f"{path}: inline style"
    for script in tree.iter("script"):
        assert script.get("src"), f"{path}: inline script"
        assert not text_of(script), f"{path}: inline script"
    for element in tree.iter():
        assert element.get("style") is None, f"{path}: style attribute"
        assert not [a for a in element.attrib if a.startswith("on")], f"{path}: inline handler"


class CheckedClient(FlaskClient):
    """Fetches like a phone; every HTML answer must hold."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        if response.mimetype == "text/html" and response.data and response.status_code // 100 != 3:
            if "<!doctype html>" in response.text.lower():
                check_page(response.text, response.request.path)
            else:
                parse(response.text, fragment=True)
        return response

    def page(self, path: str, **kwargs: Any) -> Element:
        """Fetch a page that must answer 200, following redirects; return its tree."""
        response = self.get(path, follow_redirects=True, **kwargs)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return parse(response.text)

    def token_on(self, path: str) -> str:
        """Return the form token of a page."""
        inputs = self.page(path).iter("input")
        return next(f.get("value", "") for f in inputs if f.get("name") == "csrf_token")

    def submit(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        action: str | None = None,
        button: str | None = None,
        follow: bool = False,
    ) -> TestResponse:
        """Open `path`, fill in and send its form as a browser would.

        `action` picks the form by (part of) its action, `button` by the words on its button;
        without either it is the page's only (or last) form in main. Hidden fields go along.
        """
        response = self.get(path)
        tree = parse(response.text, fragment="<!doctype html>" not in response.text.lower())
        form = _choose(tree, action, button)
        sent = {**_filled(form, button), **(fields or {})}
        where = form.get("action") or response.request.path
        if form.get("method", "get").lower() == "get":
            return self.get(where, query_string=sent, follow_redirects=follow)
        many = "multipart/form-data" if form.get("enctype") else None
        return self.post(where, data=sent, follow_redirects=follow, content_type=many)


def _choose(tree: Element, action: str | None, button: str | None) -> Element:
    scope = next(iter(tree.iter("main")), tree)
    forms = [f for f in scope.iter("form") if action is None or action in (f.get("action") or "")]
    if button is not None:
        forms = [f for f in forms if any(button in text_of(b) for b in f.iter("button"))]
    assert forms, f"no such form: action={action!r} button={button!r}"
    return forms[-1]


def _filled(form: Element, button: str | None) -> dict[str, Any]:
    """Return what the form would send untouched."""
    sent: dict[str, Any] = {}
    for field in form.iter("input"):
        kind, name = field.get("type", "text"), field.get("name")
        chosen = kind not in {"radio", "checkbox"} or field.get("checked") is not None
        if name and chosen and kind not in {"submit", "file"}:
            sent.setdefault(name, field.get("value", "on" if kind == "checkbox" else ""))
    for field in form.iter("textarea"):
        sent[field.get("name", "")] = field.text or ""
    for field in form.iter("select"):
        options = list(field.iter("option"))
        picked = [o for o in options if o.get("selected") is not None] or options[:1]
        if picked:
            sent[field.get("name", "")] = picked[0].get("value", text_of(picked[0]))
    for pressed in form.iter("button"):
        if pressed.get("name") and (button is None or button in text_of(pressed)):
            sent[pressed.get("name", "")] = pressed.get("value", "")
            break
    return sent
