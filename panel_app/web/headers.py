"""Security headers on every answer, from the first day."""

from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Two years, as browsers' preload lists ask.
TRANSPORT = "max-age=63072000; includeSubDomains"


def init_app(app: Flask, *, https: bool) -> None:
    """Set the headers, forbid keeping any page that isn't a static file, redirect within.

    A browser completes a relative address by itself; the host that a request names is the proxy's
    or an attacker's word, and leads nobody anywhere.
    """

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        if response.location and response.location != _without_own_host(response.location):
            response.location = _without_own_host(response.location)
            response.set_data(b"")  # The text named the host as well.
        if https:
            response.headers["Strict-Transport-Security"] = TRANSPORT
        if request.endpoint != "static" or response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _without_own_host(location: str) -> str:
    """Return `location` relative to the root where it leads back to the host that was asked."""
    scheme, host, path, query, fragment = urlsplit(location)
    if not scheme or host != request.host:
        return location
    # Two slashes would name a host again.
    return urlunsplit(("", "", "/" + path.lstrip("/"), query, fragment))
