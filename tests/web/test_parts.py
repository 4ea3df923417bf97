"""QR codes, bars, exports, forms, and limits on tries."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from panel_app.core.errors import FaultyFile, Refused, TooManyTries
from panel_app.web import charts, exports, limits, qr
from panel_app.web.forms import Form, MoneyField, at_most, page, refusals, required
from sortition.csv_cells import plain_text

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '"=1', ' "=1', "  =1",
            "|cmd", "%0A", "＝1", "'=1"]  # fmt: skip


def drawn(svg: str) -> list[list[bool]]:
    """Read the modules back from the picture's path."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    grid = [[False] * side for _ in range(side)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        for column in range(int(x), int(x) + int(length)):
            grid[int(y)][column] = True
    return grid


@pytest.mark.parametrize(
    "content", ["HTTPS://EXAMPLE.ORG", "https://panel.example.org/j/" + "x" * 43, "বাংলা"]
)
def test_picture_is_the_code_with_its_quiet_zone(content: str) -> None:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=qr.QUIET)
    code.add_data(content)
    assert drawn(qr.svg(content, "Join")) == code.get_matrix()
    quick = QRCode(error_correction=ERROR_CORRECT_M, border=qr.QUIET, mask_pattern=qr.QUICK)
    quick.add_data(content)
    quick.make()
    assert drawn(qr.svg(content, "Join", mask=qr.QUICK)) == quick.get_matrix()


def test_label_of_a_code_is_escaped() -> None:
    assert 'aria-label="&lt;b&gt;&#34;"' in qr.svg("x", '<b>"')


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_bar_stays_inside_its_track(part: float, whole: float, low: float, more: float) -> None:
    bar = charts.bar(part, whole, low, low + more)
    assert 0 <= bar.share <= 100
    assert bar.low is not None
    assert 0 <= bar.low <= 100
    assert bar.breadth is not None
    assert bar.breadth >= 1


@pytest.mark.parametrize("hostile", FORMULAS)
def test_spreadsheet_finds_no_formula(app: Flask, hostile: str) -> None:
    with app.test_request_context():
        response = exports.csv_response("x", [{hostile: hostile, "n": -5}], [hostile, "n"])
    assert response.get_data().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True)[1:], newline="")))
    [[heading, _], [cell, number]] = rows
    assert heading == cell
    assert cell.startswith("'")
    assert plain_text(cell) == hostile
    assert number == "-5"


def test_csv_keeps_every_other_text() -> None:
    texts = ['say "yes"', "a,b", "line\r\nbreak", "বাংলা", "", "a=b", "5-4"]
    written = exports.csv_text([{"t": t} for t in texts], ["t"])
    assert [row[0] if row else "" for row in csv.reader(io.StringIO(written, newline=""))] == [
        "t", *texts,
    ]  # fmt: skip


def test_json_is_a_download_with_its_letters(app: Flask) -> None:
    told = {"name": "বাংলা"}
    grants = exports.Dataset(
        name="grants", title="Grants", fields=(), rows=lambda _: [], whole=lambda _: told
    )
    with app.test_request_context():
        response = exports.as_json(grants, None, "grants")
    assert json.loads(response.get_data()) == {"name": "বাংলা"}
    assert "বাংলা".encode() in response.get_data()
    assert response.headers["Content-Disposition"] == 'attachment; filename="grants.json"'


class Example(Form):
    """A form for the tests."""

    name = StringField("Name", validators=[required(), at_most(10)])
    amount = MoneyField("Amount")


def filled(**fields: str) -> Example:
    return Example(MultiDict(fields), meta={"csrf": False})


def test_form_reads_money_and_keeps_what_was_typed(app: Flask) -> None:
    with app.test_request_context():
        right, wrong, empty = (filled(name="x", amount=a) for a in ("£1,250", "lots", ""))
        assert right.validate()
        assert right.amount.pence == 125_000
        assert not wrong.validate()
        assert (wrong.amount.pence, wrong.amount.data) == (None, "lots")
        assert empty.validate()
        assert empty.amount.pence is None


def test_too_long_and_empty_are_refused(app: Flask) -> None:
    with app.test_request_context():
        for name in ("", "   ", "x" * 11):
            form = filled(name=name)
            assert not form.validate()
            assert form.name.errors


def test_refusal_stands_beside_its_field_or_above_the_form(app: Flask) -> None:
    with app.test_request_context():
        form = filled(name="x")
        with refusals(form):
            raise Refused("Taken already.", field="name")
        with refusals(form):
            raise FaultyFile("Two faults.", ["row 2", "row 3"])
        assert list(form.name.errors) == ["Taken already."]
        assert form.form_errors == ["Two faults."]
        assert form.faults == ["row 2", "row 3"]
        back = ("/", "Go to the start")
        assert page("web/error.html", form, heading="x", message="y", back=back)[1] == 422
        assert (
            page("web/error.html", filled(name="x"), heading="x", message="y", back=back)[1] == 200
        )


def test_tries_are_counted_by_code_and_forgotten_when_right(app: Flask) -> None:
    with app.test_request_context():
        for _ in range(10):
            limits.check_tries("test", "one")
            limits.count_wrong_try("test", "one")
        with pytest.raises(TooManyTries):
            limits.check_tries("test", "one")
        limits.check_tries("test", "another")
        limits.forget_tries("test", "one")
        limits.check_tries("test", "one")


def test_tries_are_counted_while_redis_is_silent() -> None:
    alone = Flask("alone")
    limits.init_app(alone, redis_url="redis://127.0.0.1:1/0", deployment="x")
    with alone.app_context():
        limits.forget_tries("silent")
        for _ in range(10):
            limits.check_tries("silent")
            limits.count_wrong_try("silent")
        with pytest.raises(TooManyTries):
            limits.check_tries("silent")
