"""Language catalogues: extracting, updating, checking and compiling them.

Two files a language: `resident.po` must be complete; `desk.po` (staff pages) is offered when
it is complete. Both compile into one `messages.mo`.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).resolve().parents[1]
FOLDER = SOURCES / "translations"
READERS = {"resident": "residents", "desk": "staff"}
DOMAINS = tuple(READERS)
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_noop": (1, 2),
    "lazy_ngettext": (1, 2),
}
#: What lies in a folder of these names is read by staff only.
STAFF_FOLDERS = {"desk", "staff", "security", "polis"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
#: Header lines that would change with every update, or say nothing.
_IDLE_HEADERS = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
_TAG = re.compile(r"</?\w+")

#: Every plural form that CLDR tells apart has a form of its own here.
PLURALS = {
    "ar": (
        6,
        "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    ),
    "bn": (2, "(n > 1)"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one message of a catalogue."""

    language: str
    domain: str
    message: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}/{self.domain}.po: {self.what}: {self.message!r}"


def is_desk(file: str) -> bool:
    """Whether a source file speaks to staff only: the folder that it lies in says so."""
    return bool(STAFF_FOLDERS & set(Path(file).parts))


def extract() -> dict[str, Catalog]:
    """Return the messages in the sources, by domain."""
    found = {domain: Catalog(charset="utf-8") for domain in DOMAINS}
    options = {"**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
    extracted = extract_from_dir(SOURCES, METHODS, options, KEYWORDS, ("Translators:",))
    for file, _line, message, comments, context in sorted(extracted, key=lambda e: (e[0], e[1])):
        domain = "desk" if is_desk(file) else "resident"
        found[domain].add(
            message,
            locations=[(f"panel_app/{file}", 0)],
            auto_comments=comments,
            context=context,
        )
    for shared in [m for m in found["desk"] if m.id and m.id in found["resident"]]:
        found["desk"].delete(shared.id)
    return found


def languages() -> list[str]:
    """Return the languages that have a folder here."""
    return sorted(p.parent.name for p in FOLDER.glob("*/LC_MESSAGES"))


def path(language: str, domain: str) -> Path:
    """Return where a catalogue lies."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def load(language: str, domain: str) -> Catalog:
    """Read a catalogue; an absent one is empty."""
    file = path(language, domain)
    if not file.exists():
        return Catalog(locale=language, domain=domain)
    with file.open("rb") as source:
        return read_po(source, locale=language, domain=domain)


def update() -> None:
    """Bring every catalogue up to the sources; what is new stays empty until translated."""
    for domain, template in extract().items():
        for language in languages():
            catalogue = load(language, domain)
            known = {m.id: m for other in DOMAINS for m in load(language, other) if m.id}
            # A copy: an absent message is taken over as it is, and gets its words below.
            catalogue.update(deepcopy(template), no_fuzzy_matching=True)
            for message in catalogue:
                if message.id in known and not _done(message):
                    message.string = known[message.id].string
            catalogue.obsolete.clear()
            _write(language, domain, catalogue)


def faults(language: str, domain: str, template: Catalog) -> Iterator[Fault]:
    """Find what is missing, fuzzy or broken in a catalogue."""
    catalogue = load(language, domain)
    for wanted in template:
        if not wanted.id:
            continue
        message = catalogue.get(wanted.id)
        name = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
        if message is None or not _done(message):
            yield Fault(language, domain, name, "not translated")
        else:
            yield from (Fault(language, domain, name, what) for what in _broken(message))


def compile_all() -> None:
    """Write `messages.mo` (and `desk.mo` where complete) for every language that changed."""
    for language in languages():
        sources = [path(language, domain) for domain in DOMAINS if path(language, domain).exists()]
        target = path(language, "messages").with_suffix(".mo")
        newest = max((s.stat().st_mtime for s in sources), default=0)
        if not target.exists() or target.stat().st_mtime < newest:
            _compile(language, target)


def _compile(language: str, target: Path) -> None:
    merged = load(language, "resident")
    desk = load(language, "desk")
    complete = len(desk) > 0 and all(_done(m) for m in desk if m.id)
    desk_mark = target.with_name("desk.mo")
    desk_mark.unlink(missing_ok=True)
    if complete:
        for message in desk:
            if message.id and message.id not in merged:
                merged[message.id] = message
        desk_mark.touch()
    # Renamed into place: another process may be compiling, or reading, the same file.
    with NamedTemporaryFile(dir=target.parent, delete=False) as out:
        write_mo(out, merged)
    Path(out.name).replace(target)


def _write(language: str, domain: str, catalogue: Catalog) -> None:
    if language in PLURALS:
        vars(catalogue).update(
            zip(("_num_plurals", "_plural_expr"), PLURALS[language], strict=True)
        )
    catalogue.fuzzy = False
    catalogue.header_comment = f"# Panel App in {language}: what {READERS[domain]} read."
    written = io.BytesIO()
    write_po(written, catalogue, width=100, sort_output=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(_IDLE_HEADERS)]
    path(language, domain).write_text("".join(kept), encoding="utf-8")


def _done(message: Message) -> bool:
    strings = _forms(message.string)
    return not message.fuzzy and bool(strings) and all(strings)


def _broken(message: Message) -> Iterator[str]:
    source, strings = _forms(message.id)[-1], _forms(message.string)
    for pattern, what in ((_PLACEHOLDER, "placeholders differ"), (_TAG, "tags differ")):
        wanted = set(pattern.findall(source))
        found = [set(pattern.findall(string)) for string in strings]
        # A form for exactly none, one or two may leave the number out; the last may not.
        if found[-1] != wanted or any(each - wanted for each in found):
            yield what


def _forms(texts: str | Sequence[str] | None) -> list[str]:
    """Return every plural form of a message; one where it has no plural."""
    return [texts or ""] if texts is None or isinstance(texts, str) else list(texts)


def main(arguments: list[str]) -> int:
    """Run `extract`, `check` or (by default) compile; return the exit code."""
    if arguments == ["extract"]:
        update()
    elif arguments == ["check"]:
        template = extract()
        found = [f for lang in languages() for f in faults(lang, "resident", template["resident"])]
        print(*found, sep="\n", file=sys.stderr)  # noqa: T201
        return 1 if found else 0
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
