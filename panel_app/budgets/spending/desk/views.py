"""Contracts and their shares on the desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from panel_app.budgets.spending import files, queries, services, wording
from panel_app.budgets.spending.desk import forms
from panel_app.budgets.spending.models import Contract
from panel_app.core.text import _
from panel_app.recruitment.desk.forms import UploadForm
from panel_app.staff.identity import actor
from panel_app.web import access, exports, i18n, listing
from panel_app.web.forms import Form, Page, page, saved
from panel_app.web.listing import Column, Listing, contains

bp = Blueprint("spending_desk", __name__)

CONTRACTS: Listing[Contract] = Listing(
    name="contracts",
    label=_("Contracts"),
    query=select(Contract),
    order=[Contract.reference],
    search=contains(Contract.reference),
    columns=[
        Column(key="reference", label=_("Reference"), plain=lambda one: one.reference),
        Column(key="service", label=_("Service"), plain=lambda one: str(one.service)),
        Column(
            key="yearly",
            label=_("Cost in a year"),
            plain=lambda one: one.yearly,
            order=Contract.yearly,
            figure=True,
        ),
    ],
    empty=_("No contract is listed yet."),
)


@bp.get("/desk/contracts")
@access.needs("organise")
def index() -> str | Response:
    """List the contracts."""
    return listing.page(
        "spending/desk/index.html", CONTRACTS, heading=_("Where the money goes now")
    )


@bp.route("/desk/contracts/new", methods=["GET", "POST"])
@access.needs("organise")
def new() -> Page:
    """Write a contract down."""
    form = forms.contract_form()
    return saved(
        form, lambda: services.add_contract(terms=form.terms(), actor=actor()), lambda c: _to(c)[0]
    ) or page("staff/form.html", form, heading=_("Add a contract"), back=_all())


@bp.get("/desk/contracts/<public_id>")
@access.needs("organise")
def show(public_id: str) -> str:
    """Show a contract with its shares."""
    contract = queries.contract_called(public_id)
    return render_template(
        "spending/desk/contract.html",
        heading=i18n.said(contract.service),
        contract=contract,
        shares=[(s, wording.told(s), wording.pence_of(s)) for s in contract.shares],
        suppliers=wording.SUPPLIERS,
    )


@bp.route("/desk/contracts/<public_id>/change", methods=["GET", "POST"])
@access.needs("organise")
def change(public_id: str) -> Page:
    """Change a contract."""
    contract = queries.contract_called(public_id)
    form, to = forms.contract_form(contract), _to(contract)

    def act() -> None:
        services.change_contract(contract=contract, terms=form.terms(), actor=actor())

    also = url_for(".remove", public_id=public_id), _("Remove")
    return saved(form, act, to[0]) or page(
        "staff/form.html", form, heading=_("Change the contract"), back=to, also=also
    )


@bp.route("/desk/contracts/<public_id>/remove", methods=["GET", "POST"])
@access.needs("organise")
def remove(public_id: str) -> Page:
    """Ask once more, then take a contract out with its shares."""
    contract, form = queries.contract_called(public_id), Form()
    return saved(
        form,
        lambda: services.remove_contract(contract=contract, actor=actor()),
        url_for(".index"),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Remove this contract?"),
        words=[i18n.said(contract.service), _("Its shares go with it.")],
        button=_("Remove"),
        kind="stop",
        keep=_("Keep it"),
        back=_to(contract),
    )


@bp.route("/desk/contracts/<public_id>/shares/new", methods=["GET", "POST"])
@access.needs("organise")
def new_share(public_id: str) -> Page:
    """Say which share of a contract falls to a place."""
    contract, form = queries.contract_called(public_id), forms.share_form()
    to = _to(contract)
    return saved(
        form,
        lambda: services.set_share(contract=contract, share=form.share(), actor=actor()),
        to[0],
    ) or page("staff/form.html", form, heading=_("Add a place’s share"), back=to)


@bp.route("/desk/contracts/<public_id>/shares/<share_id>/remove", methods=["GET", "POST"])
@access.needs("organise")
def remove_share(public_id: str, share_id: str) -> Page:
    """Ask once more, then take a share back."""
    contract, form = queries.contract_called(public_id), Form()
    share = queries.share_of(contract, share_id)
    to = _to(contract)
    return saved(form, lambda: services.remove_share(share=share, actor=actor()), to[0]) or page(
        "staff/form.html",
        form,
        heading=_("Remove this share?"),
        words=[i18n.said(share.place.name), wording.told(share)],
        button=_("Remove"),
        kind="stop",
        keep=_("Keep it"),
        back=to,
    )


@bp.get("/desk/contracts/list.csv")
@access.needs("organise")
def contracts_csv() -> Response:
    """Hand out the contracts as a list, to correct in a spreadsheet."""
    return exports.csv_response("contracts", files.contract_rows(), files.CONTRACT_COLUMNS)


@bp.get("/desk/contracts/shares.csv")
@access.needs("organise")
def shares_csv() -> Response:
    """Hand out the shares as a list, to correct in a spreadsheet."""
    return exports.csv_response("shares", files.share_rows(), files.SHARE_COLUMNS)


@bp.route("/desk/contracts/file", methods=["GET", "POST"])
@access.needs("organise")
def read_contracts() -> Page:
    """Take a register of contracts."""
    form = forms.RegisterForm()

    def act() -> files.Done:
        return files.read_contracts(source=form.source, columns=form.columns(), actor=actor())

    return saved(form, act, _told) or _upload(form, _("Contracts from a list"), "contracts")


@bp.route("/desk/contracts/shares/file", methods=["GET", "POST"])
@access.needs("organise")
def read_shares() -> Page:
    """Take a list of shares."""
    form = UploadForm()
    return saved(
        form, lambda: files.read_shares(source=form.source, actor=actor()), _told
    ) or _upload(form, _("Shares from a list"), "shares")


def _upload(form: UploadForm, heading: Any, what: str) -> Page:
    contracts = what == "contracts"
    return page(
        "spending/desk/file.html",
        form,
        heading=heading,
        back=_all(),
        download=url_for(f".{what}_csv"),
        columns=files.CONTRACT_COLUMNS if contracts else files.SHARE_COLUMNS,
        needed=files.NEEDED if contracts else files.SHARE_NEEDED,
        called=sorted(files.CALLED) if contracts else [],
        kept=form.keep_text() if form.is_submitted() else True,
    )


def _told(done: files.Done) -> str:
    flash(_("%(added)s added, %(changed)s changed.", added=done.added, changed=done.changed))
    return url_for(".index")


def _all() -> tuple[str, Any]:
    return url_for(".index"), _("Where the money goes now")


def _to(contract: Contract) -> tuple[str, Any]:
    return url_for(".show", public_id=contract.public_id), i18n.said(contract.service)
