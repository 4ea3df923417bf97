"""Photos made small and safe: known by their content, turned upright, without place or camera."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

from panel_app.core.errors import Refused
from panel_app.core.text import _

#: In bytes: what phones make is smaller.
LARGEST_FILE = 12 * 1024 * 1024
#: A JPEG is made small while it is read; of the others every pixel is held at once.
MOST_PIXELS = {"JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
LONGEST_SIDE = 1_600
QUALITY = 82
_TOO_LARGE = _("This photo is too large. Take it again with a lower resolution.")
_NONE = _("This is no photo that can be shown here. Send a JPEG, PNG or WebP.")


def seems(data: bytes) -> bool:
    """Whether a file begins as a photo does; `made_safe` says whether it is one."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG")) or data[:4] + data[8:12] == b"RIFFWEBP"


def made_safe(data: bytes, longest: int = LONGEST_SIDE) -> bytes:
    """Return a photo as a JPEG of its own: only the pixels of what was sent are in it.

    It has at most `longest` pixels a side. Its name and claimed type don't count. Raises Refused
    for anything but a whole JPEG, PNG or WebP, and, before it is read, for one of too many bytes
    or pixels.
    """
    from PIL import Image

    if len(data) > LARGEST_FILE:
        raise Refused(_TOO_LARGE)
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS.get(opened.format or "", 0):
                raise Refused(_TOO_LARGE)
            return _written(opened, longest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise Refused(_TOO_LARGE) from fault
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error) as fault:
        raise Refused(_NONE) from fault


def _written(opened: Any, longest: int) -> bytes:
    from PIL import Image, ImageOps

    opened.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((longest, longest))
    seen = upright.convert("RGBA")
    # A new picture: nothing that came beside the pixels can come along.
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A"))
    written = BytesIO()
    plain.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
