"""Addresses of this site: where a form is shown, and the way back from a page that refuses.

Nothing here asks the database: it may be what failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from panel_app.core.text import _

View = TypeVar("View", bound=Callable[..., Any])


def shown_on(endpoint: str) -> Callable[[View], View]:
    """Declare on which page the form is that the view below takes."""

    def declare(view: View) -> View:
        view.form_page = endpoint  # type: ignore[attr-defined]
        return view

    return declare


def here() -> str | None:
    """Return the address of the page on screen; None where what was sent belongs to no page.

    A form says by a field `next` where it stands, where its address alone doesn't tell.
    """
    if request.method == "GET" or _can_be_opened(request.path):
        return request.full_path.rstrip("?")
    stands = form().get("next")
    if stands and local_address(stands) == stands and _can_be_opened(urlsplit(stands).path):
        return stands
    view = current_app.view_functions.get(request.endpoint or "")
    endpoint = getattr(view, "form_page", None)
    return url_for(endpoint, **(request.view_args or {})) if endpoint else None


def form() -> MultiDict[str, str]:
    """Return what was sent; nothing where it can't be read, which may be why a page refuses."""
    try:
        return request.form
    except HTTPException:
        return MultiDict()


def way_back(*, found: bool) -> tuple[str, Any]:
    """Return where somebody goes on from a page that refuses, and the words that lead there.

    To the page whose button was pressed; where there is none, or the thing itself was not `found`,
    to the nearest page above the address.
    """
    page = here() if request.method != "GET" and found else None
    if page and page != "/":
        return page, _("Back to where you were")
    if not found and not request.path.startswith(("/my/", "/desk/")):
        return "/", _("Go to the start")
    above = next((path for path in _above(request.path) if _can_be_opened(path, whole=found)), "/")
    areas = {
        "/my/": _("Back to my panel"),
        "/desk/": _("Back to the desk"),
        "/a/": _("Back to the application"),
        "/p/": _("Back to the panel"),
    }
    words = next((words for area, words in areas.items() if above.startswith(area)), None)
    return (above, words) if words else ("/", _("Go to the start"))


def local_address(given: str | None) -> str:
    """Return `given` where it is a path of this site, and the start page otherwise."""
    start = url_for("publishing.front")
    if not given or not given.startswith("/") or given.startswith("//"):
        return start
    # Browsers read a backslash as a slash and drop control characters.
    return given if given.isprintable() and "\\" not in given else start


def _above(path: str) -> Iterator[str]:
    """Yield the paths above one, the nearest first, each with and without its last slash."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = "/" + "/".join(parts[:length])
        yield from (above, above + "/")


def _can_be_opened(path: str, *, whole: bool = True) -> bool:
    """Whether there is such a page; unless `whole`, one that is there whatever else is gone."""
    try:
        _endpoint, parts = current_app.create_url_adapter(request).match(path, "GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return whole or not parts.keys() - {"panel_slug"}
