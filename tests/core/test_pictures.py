"""Files that people send as photos: made safe, or refused whatever they call themselves."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from panel_app.core import pictures
from panel_app.core.errors import Refused

POLYGLOT = b"<script>alert(document.domain)</script>"
PLACE = b"51.5387N 0.1425W"


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    """Return a picture, the left half of it red."""
    made = Image.new("RGB", size, "blue")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    made.save(written, form, **more)
    return written.getvalue()


def exif(turned: int = 1) -> Image.Exif:
    """Return what a phone notes of a photo: how it was held, and where."""
    noted = Image.Exif()
    noted[0x0112] = turned
    noted[0x010F] = PLACE.decode()
    noted.get_ifd(0x8825)[1] = "N"
    noted.get_ifd(0x8825)[2] = (51.0, 32.0, 19.0)
    return noted


def bomb(side: int = 50_000) -> bytes:
    """Return a PNG of a few bytes that says it has so many pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + end

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_written_anew(form: str) -> None:
    with Image.open(BytesIO(pictures.made_safe(picture(form)))) as made:
        assert (made.format, made.size) == ("JPEG", (40, 20))


def test_place_camera_and_comment_are_gone() -> None:
    sent = picture(exif=exif(), comment=POLYGLOT)
    made = pictures.made_safe(sent)
    assert PLACE in sent
    assert POLYGLOT in sent
    for telling in (PLACE, POLYGLOT, b"Exif"):
        assert telling not in made
    with Image.open(BytesIO(made)) as opened:
        assert not opened.getexif()
        assert "comment" not in opened.info


def test_words_in_a_png_are_gone() -> None:
    noted = PngInfo()
    noted.add_text("place", PLACE.decode())
    assert PLACE not in pictures.made_safe(picture("PNG", pnginfo=noted))


def test_a_photo_is_turned_upright() -> None:
    with Image.open(BytesIO(pictures.made_safe(picture(exif=exif(6))))) as made:
        assert made.size == (20, 40)
        red, _green, blue = made.getpixel((10, 4))  # type: ignore[misc]
        assert red > blue


def test_a_large_photo_is_made_small() -> None:
    with Image.open(BytesIO(pictures.made_safe(picture(size=(4_000, 3_000))))) as made:
        assert made.size == (1_600, 1_200)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html>" + POLYGLOT,
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200,
        b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + b"\0" * 200,
        picture("GIF"),
        picture("BMP"),
        picture()[:200],
        picture("PNG")[:-30],
        b"%PDF-1.7\n" + picture(),
        b"\xff" * (pictures.LARGEST_FILE + 1),
        b"\xff\xd8" + b"\0" * (40 * 1024 * 1024),
    ],
)
def test_anything_else_is_refused(app: Flask, data: bytes) -> None:
    with app.test_request_context(), pytest.raises(Refused):
        pictures.made_safe(data)


@pytest.mark.parametrize("side", [4_100, 12_000, 50_000])
def test_a_bomb_is_refused_before_it_is_read(app: Flask, side: int) -> None:
    with app.test_request_context(), pytest.raises(Refused, match="too large"):
        pictures.made_safe(bomb(side))
