"""Whether a port can be listened on, before anything else is done."""

from __future__ import annotations

import errno
import socket

#: How many of the next ports are tried for one that is free.
TRIED = 50


def fault(host: str, port: int, *, command: str) -> str:
    """Return in a sentence why `host` and `port` can't be listened on; nothing where they can.

    `command` is what to type with another port, up to that port.
    """
    refused = _refused(host, port)
    if refused is None:
        return ""
    if refused.errno != errno.EADDRINUSE:
        return f"{host}:{port} can’t be listened on: {refused.strerror}."
    free = (p for p in range(port + 1, port + TRIED) if p < 65_536 and _refused(host, p) is None)
    return f"Port {port} is taken by another program. Type: {command}{next(free, 0) or 'another'}"


def _refused(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            # As the server does it: a port that was just given up can be taken again.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error
    return None
