"""Catalogues: every plural form has its own, what is broken is named, what is complete compiles."""

from __future__ import annotations

import gettext
import io
import shutil
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from panel_app.core import catalogues
from panel_app.core.catalogues import PLURALS, extract, faults, is_desk, path

LANGUAGES = ["ar", "bn"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_tell_apart_what_cldr_does(language: str) -> None:
    number, expression = PLURALS[language]
    index = gettext.c2py(expression)  # type: ignore[attr-defined]
    rule = Locale(language).plural_form
    forms = {n: index(n) for n in range(1001)}
    assert set(forms.values()) == set(range(number))
    for form in range(number):
        assert len({rule(n) for n in forms if forms[n] == form}) == 1, f"form {form} says two"


@pytest.mark.parametrize("language", LANGUAGES)
def test_header_of_the_file_states_the_forms(language: str) -> None:
    number, expression = PLURALS[language]
    for domain in catalogues.DOMAINS:
        header = path(language, domain).read_text() if path(language, domain).exists() else ""
        if header:
            catalogue = read_po(io.BytesIO(header.encode()))
            assert catalogue.num_plurals == number
            assert catalogue.plural_expr.replace(" ", "") == expression.replace(" ", "")


@pytest.mark.parametrize(
    ("file", "desk"),
    [("staff/views.py", True), ("panels/desk/views.py", True), ("panels/desk/forms.py", True),
     ("panels/templates/panels/desk/show.html", True), ("panels/views.py", False),
     ("web/templates/web/base.html", False), ("core/money.py", False)],
)  # fmt: skip
def test_file_tells_whom_it_speaks_to(file: str, desk: bool) -> None:
    assert is_desk(file) is desk


def test_extraction_finds_python_templates_and_plurals() -> None:
    found = extract()
    assert "Help" in found["resident"]
    assert "Staff accounts" in found["desk"]
    shared = {m.id for m in found["desk"]} & {m.id for m in found["resident"]} - {""}
    assert not shared, "what residents see is not translated twice"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder of catalogues that has a place for Arabic."""
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    (tmp_path / "ar" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path


def written(domain: str, **messages: str) -> None:
    catalogue = Catalog(locale="ar", domain=domain, fuzzy=False)
    for source, string in messages.items():
        catalogue.add(source.replace("_", " "), string)
    catalogues._write("ar", domain, catalogue)


BROKEN = {
    "missing": ("", "not translated"),
    "placeholder": ("مرحبا %(nam)s", "placeholders differ"),
    "no placeholder": ("مرحبا", "placeholders differ"),
    "tag": ("<b>مرحبا %(name)s", "tags differ"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_message_is_named(folder: Path, what: str) -> None:
    string, fault = BROKEN[what]
    template = Catalog()
    template.add("Hello %(name)s")
    catalogue = Catalog(locale="ar", fuzzy=False)
    catalogue.add("Hello %(name)s", string)
    catalogues._write("ar", "resident", catalogue)
    assert [f.what for f in faults("ar", "resident", template)] == [fault]


def test_fuzzy_counts_as_missing_and_whole_as_right(folder: Path) -> None:
    template = Catalog()
    template.add("Hello")
    catalogue = Catalog(locale="ar", fuzzy=False)
    message = catalogue.add("Hello", "مرحبا")
    catalogues._write("ar", "resident", catalogue)
    assert not list(faults("ar", "resident", template))
    message.flags.add("fuzzy")
    catalogues._write("ar", "resident", catalogue)
    assert [f.what for f in faults("ar", "resident", template)] == ["not translated"]


def test_plural_may_leave_the_number_out_except_at_the_end(folder: Path) -> None:
    template = Catalog()
    template.add(("%(n)s vote", "%(n)s votes"))
    forms = ["لا أصوات", "صوت واحد", "صوتان", "%(n)s أصوات", "%(n)s صوتًا", "%(n)s صوت"]
    for last, wrong in (("%(n)s صوت", []), ("صوت", ["placeholders differ"])):
        catalogue = Catalog(locale="ar", fuzzy=False)
        catalogue.add(("%(n)s vote", "%(n)s votes"), [*forms[:-1], last])
        catalogues._write("ar", "resident", catalogue)
        assert [f.what for f in faults("ar", "resident", template)] == wrong


def test_desk_is_marked_only_when_it_is_complete(folder: Path) -> None:
    place = folder / "ar" / "LC_MESSAGES"
    written("resident", Help="مساعدة")
    written("desk", Staff_accounts="")
    catalogues.compile_all()
    with (place / "messages.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Help") == "مساعدة"
    assert not (place / "desk.mo").exists()
    written("desk", Staff_accounts="حسابات")
    (place / "messages.mo").unlink()
    catalogues.compile_all()
    assert (place / "desk.mo").exists()
    with (place / "messages.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Staff accounts") == "حسابات"


def test_nothing_but_finished_files_is_left(folder: Path) -> None:
    written("resident", Help="مساعدة")
    catalogues.compile_all()
    catalogues.compile_all()
    names = {f.name for f in (folder / "ar" / "LC_MESSAGES").iterdir()}
    assert names == {"resident.po", "messages.mo"}


def test_update_keeps_what_was_translated(folder: Path) -> None:
    written("resident", Help="مساعدة", Long_gone="قديم")
    catalogues.update()
    catalogue = catalogues.load("ar", "resident")
    help_message = catalogue.get("Help")
    assert help_message is not None
    assert help_message.string == "مساعدة"
    assert catalogue.get("Long gone") is None
    assert len(catalogue) > 50


def test_update_mixes_no_languages(folder: Path) -> None:
    (folder / "bn" / "LC_MESSAGES").mkdir(parents=True)
    written("desk", Help="مساعدة")
    catalogues.update()
    moved, other = (catalogues.load(code, "resident").get("Help") for code in ("ar", "bn"))
    assert moved is not None
    assert moved.string == "مساعدة"
    assert other is not None
    assert not other.string


def test_mo_writer_and_reader_agree_on_arabic_plurals(tmp_path: Path) -> None:
    catalogue = Catalog(locale="ar")
    vars(catalogue).update(zip(("_num_plurals", "_plural_expr"), PLURALS["ar"], strict=True))
    catalogue.add(("%(n)s vote", "%(n)s votes"), list("abcdef"))
    with (tmp_path / "x.mo").open("wb") as out:
        write_mo(out, catalogue)
    with (tmp_path / "x.mo").open("rb") as compiled:
        read = gettext.GNUTranslations(compiled)
    said = {n: read.ngettext("%(n)s vote", "%(n)s votes", n) for n in (0, 1, 2, 3, 11, 100)}
    assert "".join(said.values()) == "abcdef"


def test_real_sources_are_left_alone(folder: Path) -> None:
    shutil.rmtree(folder / "ar")
    catalogues.compile_all()
    assert catalogues.languages() == []
