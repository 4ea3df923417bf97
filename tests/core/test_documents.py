"""Documents are known by their content; what is none, is too large or has a program is refused."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from panel_app.core import documents
from panel_app.core.errors import Refused

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def packed(**parts: str) -> bytes:
    """Return a file of parts; `__` in a name stands for `/`."""
    made = BytesIO()
    with ZipFile(made, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def office(part: str, **more: str) -> bytes:
    return packed(**{"[Content_Types].xml": "<Types/>", part: "<x/>", **more})


OPEN = "application/vnd.oasis.opendocument.text"


def locked_up() -> bytes:
    """Return an OpenDocument file whose first part says that it is encrypted."""
    data = bytearray(packed(mimetype=OPEN))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    return bytes(data)


def broken() -> bytes:
    """Return one whose first part is packed, and can't be unpacked."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        file.writestr("mimetype", OPEN)
    data = bytearray(made.getvalue())
    at = data.index(b"mimetype") + len("mimetype")
    data[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (PDF, "pdf"),
        (office("word/document.xml"), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
        (packed(mimetype=OPEN, **{"content.xml": "<x/>"}), "odt"),
    ],
)
def test_a_document_is_known_by_its_content(data: bytes, ending: str) -> None:
    assert documents.ENDINGS[documents.media_of(data)] == ending


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>1</script></html>",
        b"%PDF-1.7 cut off",
        PDF[5:],
        b"MZ\x90\x00",
        packed(anything="x"),
        packed(mimetype="text/html"),
        locked_up(),
        broken(),
        office("word/document.xml")[:-30],
        office("word/document.xml", word__vbaProject="x"),
        packed(mimetype=OPEN, Basic__script="x"),
        packed(**{f"part{n}": "" for n in range(documents.MOST_PARTS + 1)}),
        PDF + b" " * documents.LARGEST_FILE,
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        documents.media_of(data)
