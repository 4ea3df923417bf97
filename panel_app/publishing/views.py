"""Public pages and open data."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.grants.account import account_of
from panel_app.grants.queries import programme_called, programmes, round_figures
from panel_app.publishing import lists, queries, records
from panel_app.publishing.exports import datasets_of, evidence_of
from panel_app.publishing.minutes import minutes_of
from panel_app.recruitment import reserves
from panel_app.recruitment.exports import bundle_download, check_command
from panel_app.recruitment.invitations import exports as invitation_exports
from panel_app.recruitment.invitations import queries as invitations
from panel_app.recruitment.queries import (
    composition,
    draw_story,
    lottery_called,
    lottery_of,
    replacement_stories,
    reserve_stories,
    standing,
)
from panel_app.sessions import record
from panel_app.web import access, exports, i18n, listing

#: The rounds that the register's page tells of; its data has all.
NEWEST_ROUNDS = 10

bp = Blueprint("publishing", __name__)


@bp.get("/")
@access.needs("anyone")
def front() -> str | Response:
    """Offer the way in, and list the published panels."""
    return listing.page("publishing/front.html", lists.panels(), heading=_("Residents decide here"))


@bp.get("/p/<panel_slug>/")
@access.needs("anyone")
def panel() -> str:
    """Tell how a panel was chosen, what it decided and what it gave."""
    shown = queries.public_panel(queries.published_panel())
    return render_template(
        "publishing/panel.html",
        heading=i18n.said(shown.panel.name),
        public=shown,
        most=queries.NEWEST,
        coming=record.next_session(shown.panel) if shown.panel.is_open else None,
        datasets=datasets_of(shown.panel),
    )


@bp.get("/p/<panel_slug>/chosen")
@access.needs("anyone")
def how_chosen() -> str:
    """Tell how the people were chosen, figure by figure."""
    panel = queries.published_panel()
    return render_template(
        "publishing/chosen.html",
        heading=_("How these people were chosen"),
        panel=panel,
        story=found(draw_story(panel)),
        features=composition(panel),
        now=standing(panel),
        counts=queries.counts(panel),
        replaced=replacement_stories(panel),
        reserves=reserve_stories(panel),
        called=reserves.called(panel),
        sitting=queries.composition_now(panel),
        check_command=check_command,
        datasets=[exports.dataset(name) for name in ("draw", "composition", "people")],
    )


@bp.get("/p/<panel_slug>/invited")
@access.needs("anyone")
def how_invited() -> str:
    """Tell which homes were written to, round by round and area by area."""
    panel = queries.published_panel()
    return render_template(
        "publishing/invited.html",
        heading=_("Which homes were written to"),
        panel=panel,
        waves=found(invitations.public_waves(panel) or None),
        counts=queries.counts(panel),
        check_command=invitation_exports.check_command,
        datasets=[exports.dataset("invitations"), exports.dataset("people")],
    )


@bp.get("/p/<panel_slug>/letters/<wave_id>.zip")
@access.needs("anyone")
def bundle_of_letters(wave_id: str) -> Response:
    """Give the bundle of one round of letters."""
    wave = invitations.wave_called(queries.published_panel(), wave_id)
    return invitation_exports.wave_download(wave)


@bp.get("/p/<panel_slug>/draw.zip")
@access.needs("anyone")
def bundle() -> Response:
    """Give the lottery's public bundle with a check that runs on any computer with Python."""
    return bundle_download(lottery_of(queries.published_panel()))


@bp.get("/p/<panel_slug>/draw/<lottery_id>.zip")
@access.needs("anyone")
def bundle_of(lottery_id: str) -> Response:
    """Give the bundle of one lottery, such as one of replacements."""
    return bundle_download(lottery_called(queries.published_panel(), lottery_id))


@bp.get("/p/<panel_slug>/grants")
@access.needs("anyone")
def grants() -> str | Response:
    """Show the register of grants, decision by decision."""
    panel = queries.published_panel()
    return listing.page(
        "publishing/grants.html",
        lists.grants(panel),
        heading=_("Grants decided by residents"),
        panel=panel,
        programmes=programmes(panel),
        rounds=round_figures(panel, at_most=NEWEST_ROUNDS),
        datasets=[exports.dataset("grants"), exports.dataset("rounds")],
    )


@bp.get("/p/<panel_slug>/programmes/<programme_slug>")
@access.needs("anyone")
def programme(programme_slug: str) -> str | Response:
    """Tell what a programme gave: in a sentence, by mission, year, place and kind, one by one."""
    panel = queries.published_panel()
    shown = programme_called(programme_slug, panel)
    return listing.page(
        "publishing/programme.html",
        lists.past_grants(shown),
        heading=i18n.said(shown.name),
        panel=panel,
        programme=shown,
        given=account_of(shown),
    )


@bp.get("/p/<panel_slug>/ballots")
@access.needs("anyone")
def ballots() -> str | Response:
    """List every ballot on the panel's pots that was closed."""
    panel = queries.published_panel()
    return listing.page(
        "publishing/ballots.html",
        lists.ballots(panel),
        heading=_("What was decided"),
        panel=panel,
        datasets=[exports.dataset("decisions")],
    )


@bp.get("/p/<panel_slug>/minutes")
@access.needs("anyone")
def all_minutes() -> str | Response:
    """List the panel's sessions that are over."""
    panel = queries.published_panel()
    return listing.page(
        "publishing/all_minutes.html",
        lists.minutes(panel),
        heading=_("Minutes"),
        panel=panel,
        datasets=[exports.dataset("minutes")],
    )


@bp.get("/p/<panel_slug>/minutes/<public_id>")
@access.needs("anyone")
def minutes(public_id: str) -> str:
    """Tell what was on at one session, and what came of it."""
    panel = queries.published_panel()
    told = minutes_of(panel, public_id)
    return render_template(
        "publishing/minutes.html",
        layout="web/base.html",
        back=(url_for(".panel"), i18n.said(panel.name)),
        **records.shown(panel, told),
        datasets=[exports.dataset("minutes")],
    )


@bp.get("/p/<panel_slug>/data/<name>.json")
@access.needs("anyone")
def data_json(name: str) -> Response:
    """Give one set of open data as JSON."""
    panel = queries.published_panel()
    return exports.as_json(exports.dataset(name), panel, f"{panel.slug}-{name}")


@bp.get("/p/<panel_slug>/data/<name>.csv")
@access.needs("anyone")
def data_csv(name: str) -> Response:
    """Give one set of open data as CSV."""
    panel = queries.published_panel()
    return exports.as_csv(exports.dataset(name), panel, f"{panel.slug}-{name}")


@bp.get("/p/<panel_slug>/evidence.zip")
@access.needs("anyone")
def evidence() -> Response:
    """Give everything that is public of a panel, with the means to check it."""
    panel = queries.published_panel()
    archive = exports.packed(evidence_of(panel))
    return exports.attachment(f"{panel.slug}-evidence.zip", archive, "application/zip")
