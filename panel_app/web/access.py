"""Who may open which address: every view declares its rule; without one nobody may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from flask import Flask, abort, current_app, g, request, request_started
from werkzeug.wrappers import Response as AnyResponse

from panel_app.core import audit, logs
from panel_app.core.db import done_reading, found, read_only
from panel_app.web import typed

Permission = Literal[
    "observe", "call", "scribe", "facilitate", "cost", "organise", "pay", "release", "administer"
]
Rule = Literal[
    "anyone",
    "member",
    "participant",
    "staff",
    Permission,
    "nobody",
]
PERMISSIONS: tuple[str, ...] = get_args(Permission)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Identities:
    """How to find out who is asking; the features that know hand this in (app.py)."""

    #: The panel with this name in addresses, or None.
    panel: Callable[[str], Any | None]
    #: The member on this phone, or None.
    member: Callable[[], Any | None]
    #: Who takes part on this phone without a seat, or None.
    guest: Callable[[], Any | None]
    #: Whether a member of staff is signed in.
    signed_in: Callable[[], bool]
    #: What the signed-in person may do on a panel (None: on no panel in particular).
    permissions: Callable[[Any | None], frozenset[str]]
    #: What else holds where staff come in to a panel's pages: it may turn them away.
    enter: Callable[[Any], None]
    #: Where to send someone without a seat, and someone not signed in.
    ask_to_join: Callable[[], AnyResponse]
    ask_to_sign_in: Callable[[], AnyResponse]


def needs(rule: Rule, *, reads_on: bool = False) -> Callable[[View], View]:
    """Declare who may open the view below: `@bp.get(...)` above, this beneath it.

    `anyone`; `member`: a phone that joined; `participant`: one that joined, or takes part in a
    session as a guest; `staff`: anyone signed in; `nobody`: a page of a
    library that we don't use; the rest is a permission on the panel named in the address, or
    on all panels where none is named.

    A view of a form that a hall sends at once `reads_on`: it looks up what the form is about
    before it asks for the write lock by `done_reading`, and checks then what may have changed.
    """

    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        view.reads_on = reads_on  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """Return the rule of an endpoint, or None where it has none."""
    others: Mapping[str, Rule] = app.extensions["access_rules"]
    rule: Rule | None = others.get(endpoint)
    return rule or getattr(app.view_functions[endpoint], "access_rule", None)


def init_app(app: Flask, identities: Identities, others: Mapping[str, Rule]) -> None:
    """Guard every address; `others` gives the rules of views that libraries bring."""
    app.extensions["access"] = identities
    app.extensions["access_rules"] = dict(others)
    # Its check of the Referer can't pass, because our pages send none; `_guard` asks the browser
    # where a form came from instead.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    request_started.connect(_only_read, app)
    app.url_value_preprocessor(_take_panel)
    app.url_defaults(_keep_panel)
    app.before_request(_guard)
    app.teardown_request(_write_again)
    app.context_processor(lambda: {"may": may})


def _write_again(_: BaseException | None) -> None:
    """Leave nothing of this request's rules to what runs next on the thread."""
    read_only.set(False)
    audit.unlogged.set(False)


def may(permission: Permission) -> bool:
    """Whether the person asking has `permission` on this page's panel; for templates."""
    identities: Identities = current_app.extensions["access"]
    return permission in identities.permissions(g.get("panel"))


def _only_read(sender: Flask, **_: Any) -> None:
    """Let the database refuse writes; before anything reads from it."""
    read_only.set(True)


def _take_panel(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.panel_slug = values.pop("panel_slug", None) if values else None


def _keep_panel(endpoint: str, values: dict[str, Any]) -> None:
    if "panel_slug" in values or not g.get("panel_slug"):
        return
    if current_app.url_map.is_endpoint_expecting(endpoint, "panel_slug"):
        values["panel_slug"] = g.panel_slug


def _guard() -> AnyResponse | None:
    """Let in whoever may come in; what only looks is held to looking."""
    answer = _turned_away()
    if request.method in SAFE_METHODS:
        return answer
    if answer is None:
        if not _reads_on():
            done_reading()
    # The phone's queue keeps what it sends by itself.
    elif "X-Queue" not in request.headers and typed.sent():
        return typed.kept(typed.to_be_in())
    return answer


def _turned_away() -> AnyResponse | None:
    """Let the request in, turn it away, or answer as if there were nothing."""
    if "\0" in request.path or _holds_nul():
        abort(400)
    if request.method not in SAFE_METHODS and sent_from_elsewhere():
        abort(403)
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        abort(403)
    if rule == "nobody":
        abort(404)
    identities: Identities = current_app.extensions["access"]
    if rule == "participant":
        g.guest = identities.guest()
    if rule == "member" or (rule == "participant" and g.guest is None):
        return _admit_member(identities)
    if rule == "participant":
        g.member = identities.member()
        return None
    if rule != "anyone" and not identities.signed_in():
        return identities.ask_to_sign_in()
    g.panel = found(identities.panel(g.panel_slug)) if g.panel_slug else None
    if rule != "anyone":
        _admit_staff(rule, identities)
    return None


def _reads_on() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "reads_on", False)


def _holds_nul() -> bool:
    """Whether a field holds the character that no keyboard types and PostgreSQL refuses."""
    values = [*request.args.lists(), *request.form.lists()]
    return any("\0" in text for name, texts in values for text in [name, *texts])


def sent_from_elsewhere() -> bool:
    """Whether a page of another site sent this form, as far as the browser tells."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    # Our pages send no referrer, for which browsers write the origin as `null`.
    origin = request.headers.get("Origin", "null")
    ours = {request.host, current_app.config["PUBLIC_URL"].partition("://")[2]}
    return origin != "null" and origin.partition("://")[2] not in ours


def _admit_member(identities: Identities) -> AnyResponse | None:
    g.member = identities.member()
    if g.member is None:
        return identities.ask_to_join()
    if g.panel_slug:
        g.panel = found(identities.panel(g.panel_slug))
        found(g.member if g.member.panel_id == g.panel.id else None)
    return None


def _admit_staff(rule: Rule, identities: Identities) -> None:
    held = identities.permissions(g.panel)
    if rule == "staff" and g.panel is None:
        return
    if not held:
        found(None)
    if rule not in held and rule != "staff":
        logs.event("access.refused", rule=rule, endpoint=request.endpoint)
        abort(403)
    if g.panel is not None:
        identities.enter(g.panel)
