"""What every page that a walk sees must hold, beyond what axe can find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: The narrowest screen that a page must fit without scrolling sideways (WCAG 1.4.10).
NARROW = 320
#: The smallest height of what a thumb must hit, in CSS pixels.
TOUCH = 44
FEET = ["/help", "/information", "/accessibility"]
#: More presses of the Tab key than any page has places to stop at.
STOPS = 150

_SMALL = """touch => [...document.querySelectorAll('main .btn, main button, main select, .top a')]
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width > 1 && box.height > 1 && box.height < touch - .5)
  .map(([e, box]) => `${e.textContent.trim()} is ${box.height} px high`)"""
_FIRST = """() => [...document.querySelectorAll('main .btn:not(.second, .stop)')]
  .filter(e => e.checkVisibility() && !e.closest('.trio')).map(e => e.textContent.trim())"""
_NAMELESS = """() => [...document.querySelectorAll('table')]
  .filter(t => !t.caption && !t.closest('[aria-label], [aria-labelledby]'))
  .map(t => `nothing says what this table holds: ${t.textContent.trim().slice(0, 60)}`)"""
_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
#: Letters twice as large, and the spacing of WCAG 1.4.12. The policy allows a script's own sheet.
_LARGE = """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(
  `html { font-size: 225% } * { line-height: 1.5 !important; letter-spacing: .12em !important;
   word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet]; }"""
_PLAIN = "() => { document.adoptedStyleSheets = []; }"
#: What sticks to the screen, with the part of its height that it takes.
_STUCK = """() => [...document.querySelectorAll('body *')]
  .filter(e => ['sticky', 'fixed'].includes(getComputedStyle(e).position) && e.checkVisibility())
  .map(e => [e, e.getBoundingClientRect()])
  .map(([e, box]) => [e.className, Math.min(box.bottom, innerHeight) - Math.max(box.top, 0)])
  .map(([name, height]) => [name, height / innerHeight])"""
_LETTERS = """percent => { const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: ${percent * 1.125}% !important }`);
  document.adoptedStyleSheets = [sheet]; }"""
_FOCUS = """() => {
  const e = document.activeElement, shown = e.closest('label') || e;
  if (e === document.body) return null;
  const places = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
  const at = [...shown.getClientRects()].flatMap(box => places.map(([x, y]) =>
    document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)));
  const what = `${e.tagName} ${e.textContent.trim() || e.name}`;
  return { what, seen: at.some(p => shown.contains(p)) };
}"""


def faults(page: Page) -> list[str]:
    """Return what is wrong with how the page looks and where things are."""
    found = [*page.evaluate(_SMALL, TOUCH), *page.evaluate(_NAMELESS), *_sideways(page)]
    found += _in_the_way(page)
    first: list[str] = page.evaluate(_FIRST)
    if len(first) > 1:
        found.append(f"two first choices: {first}")
    if page.locator("footer").count():
        feet = [a.get_attribute("href") for a in page.locator("footer a").all()]
        if feet != FEET:
            found.append(f"help is not where it always is: {feet}")
    return found


def _sideways(page: Page) -> list[str]:
    """Say where a small screen or large letters would need scrolling sideways."""
    if page.locator(".wall").count():
        return []
    found = []
    size: Any = page.viewport_size
    for name, width, letters in (
        ("narrow", NARROW, _PLAIN),
        ("large letters", size["width"], _LARGE),
    ):
        page.set_viewport_size({"width": width, "height": size["height"]})
        page.evaluate(letters)
        wide: int = page.evaluate(_WIDE)
        if wide > 0:
            found.append(f"{name}: {wide} px wider than the screen")
        page.evaluate(_PLAIN)
    page.set_viewport_size(size)
    return found


def _in_the_way(page: Page) -> list[str]:
    """Say what sticks and takes more than a third of the screen, at letters up to twice as large.

    Nor may it cover what has the focus, wherever the Tab key goes.
    """
    found = []
    for percent in (100, 150, 200):
        page.evaluate(_LETTERS, percent)
        stuck = page.evaluate(_STUCK)
        found += [f"{name} takes {part:.0%} at {percent} %" for name, part in stuck if part > 1 / 3]
        if stuck:
            found += [f"{what} is hidden at {percent} %" for what in obscured(page)]
            page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    page.evaluate(_PLAIN)
    return found


def obscured(page: Page) -> list[str]:
    """Go through the page with the Tab key; return what has the focus and can't be seen."""
    hidden, seen = [], 0
    page.locator("body").press("Tab")
    for _ in range(STOPS):
        focused: dict[str, Any] | None = page.evaluate(_FOCUS)
        if focused is None:
            break
        seen += 1
        if not focused["seen"]:
            hidden.append(focused["what"])
        page.keyboard.press("Tab")
    assert seen > 2, "the keyboard reaches hardly anything"
    return hidden
