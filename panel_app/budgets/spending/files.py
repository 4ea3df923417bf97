"""Contracts and their shares as lists: a council's open register, and a spreadsheet of shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from panel_app.budgets.spending import queries, services
from panel_app.budgets.spending.desk import forms
from panel_app.budgets.spending.models import Contract
from panel_app.budgets.spending.services import Share, Terms
from panel_app.core import money
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.places import queries as places
from panel_app.recruitment import list_files
from panel_app.web.forms import Form
from sortition.folding import fold

#: What is needed of a contract, beside its cost in a year, or its whole sum with its dates.
NEEDED = ("reference", "service_en")
CONTRACT_COLUMNS = (
    *("reference", "service_en", "service_bn", "service_ar", "supplier", "yearly", "area"),
    *("total", "start", "end"),
)
SHARE_NEEDED = ("contract", "place", "year", "basis", "part", "whole", "confidence", "source")
SHARE_COLUMNS = (*SHARE_NEEDED, "counted_en", "counted_bn", "counted_ar")
#: What registers call our columns (Local Government Transparency Code 2015, section 2.1, and the
#: contract registers that councils publish under it), as headings are compared.
CALLED = {
    **dict.fromkeys(
        (
            "reference number",
            "contract reference",
            "contract ref",
            "contract id",
            "contract number",
        ),
        "reference",
    ),
    **dict.fromkeys(
        (
            "title of agreement",
            "contract title",
            "title",
            "description of goods/services",
            "service",
        ),
        "service_en",
    ),
    **dict.fromkeys(
        ("annual value", "estimated annual value", "annual contract value", "yearly cost"),
        "yearly",
    ),
    **dict.fromkeys(
        ("contract value", "total contract value", "total value", "sum to be paid"), "total"
    ),
    **dict.fromkeys(("start date", "contract start date"), "start"),
    **dict.fromkeys(("end date", "contract end date"), "end"),
    **dict.fromkeys(("supplier type", "sme/vcse", "sme or vcse", "supplier kind"), "supplier"),
}
#: What registers call kinds of suppliers; the keys of `SUPPLIERS` are known as they are.
_SUPPLIERS = {
    **dict.fromkeys(("sme", "small or medium enterprise", "small business"), "small"),
    **dict.fromkeys(
        ("vcse", "voluntary", "community", "third sector", "not for profit"), "charity"
    ),
    **dict.fromkeys(("in house", "in-house", "council"), "own"),
    **dict.fromkeys(("public body", "nhs", "government"), "public"),
    **dict.fromkeys(("large", "large company", "private", "limited company"), "company"),
    **dict.fromkeys(("", "not known", "n/a", "no", "none"), "unknown"),
}
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
#: Days of a year on the average, in quarters.
_QUARTERS = 1461


@dataclass(slots=True)
class Done:
    """What reading a list changed."""

    added: int = 0
    changed: int = 0


def contract_rows() -> list[dict[str, str]]:
    """Return a row a contract, as a person would type it."""
    return [
        {
            "reference": one.reference,
            **{f"service_{code}": text for code, text in one.service.texts().items()},
            "supplier": one.supplier,
            "yearly": money.typed(one.yearly),
            "area": str(one.area.name) if one.area else "",
        }
        for one in queries.contracts()
    ]


def share_rows() -> list[dict[str, str]]:
    """Return a row a share, as a person would type it."""
    return [
        {
            "contract": contract.reference,
            "place": str(share.place.name),
            **{name: str(getattr(share, name)) for name in SHARE_NEEDED[2:]},
            **(
                {f"counted_{code}": text for code, text in share.counted.texts().items()}
                if share.counted
                else {}
            ),
        }
        for contract in queries.contracts()
        for share in contract.shares
    ]


def read_contracts(
    *, source: bytes | str, columns: Mapping[str, str] | None = None, actor: str
) -> Done:
    """Add the contracts of a list, and change those whose reference is known; none is taken out.

    `columns` says what the list calls a column of ours. Raises FaultyFile with every fault.
    """
    typed = {fold(name): ours for ours, name in (columns or {}).items()}
    known = {one.reference: one for one in queries.contracts()}
    rows = list_files.rows_of(source, NEEDED, {**CALLED, **typed})
    read, seen, done = list[Terms](), set[str](), Done()
    place = _Places()
    list_files.each(rows, lambda row: read.append(_terms(row, known, seen, place)))
    numbered = zip((number for number, _row in rows), read, strict=True)
    list_files.each(numbered, lambda terms: _keep(terms, known, done, actor))
    return done


def read_shares(*, source: bytes | str, actor: str) -> Done:
    """Set the shares of a list. Raises FaultyFile with every fault; then none is set."""
    rows = list_files.rows_of(
        source, SHARE_NEEDED, {"reference": "contract", "counted": "counted_en"}
    )
    place, read, done = _Places(), list[tuple[Contract, Share]](), Done()
    list_files.each(rows, lambda row: read.append((_contract(row["contract"]), _share(row, place))))
    numbered = zip((number for number, _row in rows), read, strict=True)

    def act(each: tuple[Contract, Share]) -> None:
        services.set_share(contract=each[0], share=each[1], actor=actor)
        done.added += 1

    list_files.each(numbered, act)
    return done


def _keep(terms: Terms, known: dict[str, Contract], done: Done, actor: str) -> None:
    contract = known.get(terms.reference)
    if contract is None:
        services.add_contract(terms=terms, actor=actor)
        done.added += 1
    elif any(getattr(contract, name) != getattr(terms, name) for name in terms.__slots__):
        services.change_contract(contract=contract, terms=terms, actor=actor)
        done.changed += 1


def _terms(
    row: dict[str, str], known: dict[str, Contract], seen: set[str], place: _Places
) -> Terms:
    """Return what a row says of a contract. Raises Refused with all that is wrong with it."""
    reference = row["reference"]
    if reference and reference in seen:
        raise Refused(_("This contract stands in the list more than once."))
    seen.add(reference)
    cells, worked_out = dict(row), False
    if not cells.get("yearly") and cells.get("total"):
        cells["yearly"], worked_out = _yearly(cells), True
    kind = fold(cells.get("supplier", ""))
    cells["supplier"] = _SUPPLIERS.get(kind, kind)
    if "area" in cells:
        cells["area"] = place.called(cells["area"]) if cells["area"] else ""
    form = forms.contract_form(known.get(reference), MultiDict(cells))
    _hold(form)
    return form.terms(worked_out=worked_out)


def _yearly(cells: dict[str, str]) -> str:
    """Work a yearly cost out from the whole sum and the dates; a shorter one than a year is it."""
    if not cells.get("start") or not cells.get("end"):
        raise Refused(_("Without a cost in a year it needs the whole sum, its start and its end."))
    days = (_day(cells["end"]) - _day(cells["start"])).days + 1
    if days < 1:
        raise Refused(_("It ends before it starts."))
    total = money.pence(cells["total"])
    yearly = Fraction(total) * _QUARTERS / (4 * days)
    return money.typed(min(total, int(yearly + Fraction(1, 2))))


def _day(text: str) -> date:
    for shape in _DATES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise Refused(_("“%(text)s” is no date, such as 31/03/2027.", text=text))


def _share(row: dict[str, str], place: _Places) -> Share:
    cells = {**row, "basis": fold(row["basis"]), "confidence": fold(row["confidence"])}
    cells["place"] = place.called(row["place"]) if row["place"] else ""
    form = forms.share_form(None, MultiDict(cells))
    _hold(form)
    return form.share()


def _contract(reference: str) -> Contract:
    found = db.session.scalar(select(Contract).where(Contract.reference == reference))
    if found is None:
        raise Refused(_("There is no contract “%(reference)s”.", reference=reference))
    return found


class _Places:
    """The places by name, in any language, and by identifier."""

    def __init__(self) -> None:
        self.known: dict[str, set[str]] = {}
        for branch in places.tree():
            one = branch.place
            for name in (one.public_id, *map(fold, one.name.texts().values())):
                self.known.setdefault(name, set()).add(one.public_id)

    def called(self, name: str) -> str:
        """Return the identifier of the place of a name. Raises Refused for none, and several."""
        found = self.known.get(name) or self.known.get(fold(name)) or set()
        if not found:
            raise Refused(_("There is no place “%(name)s”.", name=name))
        if len(found) > 1:
            raise Refused(
                _("Several places are called “%(name)s”: write its identifier.", name=name)
            )
        return next(iter(found))


def _hold(form: Form) -> None:
    """Raise Refused with each fault of a row after its column."""
    if not form.validate():
        told = (f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items())
        raise Refused("; ".join(told))
