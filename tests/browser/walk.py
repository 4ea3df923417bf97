"""Walking through the product as people do, and holding every page that is seen to the rules."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from tests.browser import harness, rules

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

#: Where pictures of the pages go, when somebody wants to look at them.
PICTURES = os.environ.get("TEST_PICTURES", "")


@dataclass
class Walk:
    """One walk: a server, a browser, a language."""

    server: harness.Running
    chromium: Browser
    language: str
    #: What the content policy refused on any page so far.
    refused: list[str] = field(default_factory=list)

    @property
    def app(self) -> Flask:
        """An application on the server's database, made once."""
        if not hasattr(self, "_app"):
            self._app = self.server.app()
        return self._app

    def laptop(self) -> Page:
        """Return a laptop's page in the walk's language."""
        return self._page(harness.laptop(self.chromium, self.server.address))

    def phone(self, *, chosen: bool = True, **options: Any) -> Page:
        """Return a phone's page; `chosen` is whether its language was chosen before."""
        context = harness.phone(self.chromium, self.server.address, **options)
        return self._page(context, chosen=chosen)

    def _page(self, context: Any, *, chosen: bool = True) -> Page:
        if chosen:
            cookie = {"name": "language", "value": self.language, "url": self.server.address}
            context.add_cookies([cookie])
        page: Page = context.new_page()
        page.on("console", self._listen)
        return page

    def _listen(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)

    def sign_in(self, page: Page, email: str, password: str) -> None:
        """Sign a member of staff in."""
        page.goto("/staff/login")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.click("main form button")
        page.wait_for_url("**/desk/**")

    def look(self, page: Page, name: str) -> None:
        """Hold the page to the rules: axe finds nothing, nothing is too wide, small or lost."""
        where = f"{name} ({self.language})"
        assert harness.accessibility_faults(page) == [], where
        assert harness.overflow(page) <= 0, f"{where} is wider than the screen"
        found = rules.faults(page)
        assert not found, f"{where}: {found}"
        assert self.refused == [], f"{where}: the browser refused something that we sent it"
        assert page.locator("h1").count() == 1, name
        shown = page.locator("html").get_attribute("lang")
        assert shown in {self.language, "en"}, name
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            place = Path(PICTURES) / f"{self.language}-{name}.png"
            page.screenshot(path=str(place), full_page=True)

    def send(self, page: Page, to: str = "", **fields: str) -> None:
        """Fill in the page's form (the one that goes `to`) and send it."""
        form = self.form(page, to)
        for name, value in fields.items():
            self.fill(form.locator(f"[name='{name.replace('__', '-')}']"), value)
        with page.expect_navigation():
            form.locator("button").last.click()

    def fill(self, field: Locator, value: str) -> None:
        """Fill in a field; one that is folded away is unfolded first."""
        if not field.is_visible():
            field.locator("xpath=ancestor::details/summary").click()
        field.fill(value)

    def form(self, page: Page, to: str = "") -> Any:
        """Return the page's form whose action ends with `to`."""
        chosen = f"main form[action$='{to}']" if to else "main form[method=post]"
        return page.locator(chosen).last

    def follow(self, page: Page, pattern: str) -> None:
        """Click the first link whose address matches, and wait for its page."""
        page.wait_for_load_state()
        links = [link.get_attribute("href") or "" for link in page.locator("main a[href]").all()]
        wanted = [href for href in links if re.search(pattern, href)]
        assert wanted, f"no link to {pattern} on {page.url}"
        page.locator(f"main a[href='{wanted[0]}']").first.click()
        page.wait_for_url(re.compile(pattern))
