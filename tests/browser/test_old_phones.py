"""Phones that lack this or that: an answer goes in all the same, by the script or without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.browser.queue_box import SITE, Box

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.browser

#: What queue.js calls, newest first; each phone below lacks one of them.
CALLED = (
    "Element.prototype.closest",
    "Array.prototype.find",
    "Array.from",
    "Object.assign",
    "window.XMLHttpRequest",
    "window.localStorage",
    "window.DOMParser",
    "HTMLElement.prototype.dataset",
)
#: What phones of 2018 lack of today's browsers.
TODAY = (
    "SubmitEvent.prototype.submitter window.fetch window.AbortSignal window.AbortController"
    " window.URLSearchParams window.structuredClone crypto.randomUUID Crypto.prototype.randomUUID"
    " String.prototype.replaceAll String.prototype.padStart Element.prototype.replaceChildren"
    " Element.prototype.append Element.prototype.toggleAttribute NodeList.prototype.forEach"
    " Promise.allSettled Array.prototype.at Array.prototype.flat Object.entries Object.values"
    " Object.fromEntries window.Intl window.globalThis window.queueMicrotask"
    " Response.prototype.redirected HTMLFormElement.prototype.requestSubmit"
).split()
REMOVE = """paths => paths.forEach(path => {
  const parts = path.split("."), name = parts.pop();
  const owner = parts.reduce((at, part) => at && (part === "window" ? window : at[part]), window);
  if (!owner) return;
  delete owner[name];
  if (name in owner) try { owner[name] = undefined; } catch (error) { /* it stays */ }
})"""


@pytest.fixture
def box(app: Flask) -> Box:
    return Box(app)


@pytest.fixture
def context(chromium: Browser, box: Box) -> Iterator[BrowserContext]:
    made = chromium.new_context(service_workers="block")
    made.set_default_timeout(5_000)
    made.route("**/*", box.answer)
    yield made
    made.close()


def answer_and_vote(context: BrowserContext, box: Box) -> None:
    """Press an answer and cast a vote; both must be in the box."""
    page = context.new_page()
    page.goto(SITE)
    with page.expect_response("**/answer/one"):
        page.locator("#one button", has_text="b").click()
    # In a tab of its own: the first one may be on its way back, where the browser sent the form.
    page = context.new_page()
    page.goto(f"{SITE}/?vote=x")
    page.locator("#vote button").click()
    page.wait_for_url("**/receipt")
    assert {question: choice for question, (_, choice) in box.stored.items()} == {
        "one": "b",
        "vote": "x",
    }


@pytest.mark.parametrize("lacking", CALLED)
def test_phone_without_one_function_still_answers(
    context: BrowserContext, box: Box, lacking: str
) -> None:
    context.add_init_script(f"({REMOVE})([{lacking!r}])")
    answer_and_vote(context, box)


def test_phone_of_2018_queues_like_any_other(context: BrowserContext, box: Box) -> None:
    context.add_init_script(f"({REMOVE})({TODAY!r})")
    answer_and_vote(context, box)
    assert box.queued == 2


def test_phone_whose_script_never_came_still_answers(context: BrowserContext, box: Box) -> None:
    context.route("**/static/*", lambda route: route.abort())
    answer_and_vote(context, box)
    assert box.queued == 0
