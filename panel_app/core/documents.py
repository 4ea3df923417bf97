"""Documents that people send: known by their content, and handed on as they came."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from panel_app.core.errors import Refused
from panel_app.core.text import _

#: In bytes.
LARGEST_FILE = 8 * 1024 * 1024
#: A file of parts says so many at the most; the parts themselves are not unpacked.
MOST_PARTS = 2_000
#: What is taken, with how a file of it is called.
ENDINGS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_PDF, _WORD, _EXCEL, *_OPEN = ENDINGS
_NONE = _(
    "This is no document that can be taken here. Send a PDF, Word, Excel or OpenDocument file."
)


def media_of(data: bytes) -> str:
    """Return which kind of document this is.

    Its name and claimed type don't count. Raises Refused for anything else, for one of too many
    bytes, and for one with a program in it.
    """
    if len(data) > LARGEST_FILE:
        raise Refused(_("This document is too large: send one of at most 8 MB."))
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2_048:]:
        return _PDF
    try:
        with ZipFile(BytesIO(data)) as parts:
            return _of_parts(parts)
    except (BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as fault:
        raise Refused(_NONE) from fault


def _of_parts(parts: ZipFile) -> str:
    names = set(parts.namelist())
    if len(names) > MOST_PARTS:
        raise Refused(_NONE)
    if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
        raise Refused(_("This document has a program in it. Save it without macros, or as PDF."))
    if "[Content_Types].xml" in names:
        found = {"word/document.xml": _WORD, "xl/workbook.xml": _EXCEL}
        media = next((media for part, media in found.items() if part in names), None)
    else:
        media = _said_to_be(parts) if "mimetype" in names else None
    if media is None:
        raise Refused(_NONE)
    return media


def _said_to_be(parts: ZipFile) -> str | None:
    """Return what an OpenDocument file says that it is, in a part that is stored as it is."""
    whole = parts.getinfo("mimetype")
    if whole.compress_type != ZIP_STORED or whole.flag_bits & 1:
        return None
    with parts.open("mimetype") as part:
        said = part.read(100).decode("ascii", "replace")
    return said if said in _OPEN else None
