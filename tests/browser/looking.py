"""What is true of every page: it is dressed, axe finds nothing, it fits a narrow screen."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "(options) => axe.run(document, options).then((found) => found.violations)"
RULES = """() => {
  const count = (rules) => [...rules].reduce(
    (sum, rule) => sum + (rule instanceof CSSLayerBlockRule ? count(rule.cssRules) : 1), 0);
  return [...document.styleSheets].reduce((sum, sheet) => sum + count(sheet.cssRules), 0);
}"""
WIDER_THAN_THE_SCREEN = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > width + 0.5)
    .filter((one) => !one.closest(".visually-hidden"))
    .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`)
    .slice(0, 5);
}"""
STICKS_OUT = """() => {
  const HIDDEN = ".visually-hidden, .visually-hidden *";
  const wordsOf = (part) => [...part.childNodes].filter((one) => one.nodeType === 3)
    .flatMap((text) => {
      const words = document.createRange();
      words.selectNodeContents(text);
      return [...words.getClientRects()];
    });
  return [...document.querySelectorAll("th, td")]
  .filter((one) => one.checkVisibility() && !one.matches(HIDDEN))
  .filter((one) => {
    const shown = [...one.querySelectorAll("*")].filter((part) => !part.matches(HIDDEN));
    const right = Math.max(0, ...[one, ...shown].flatMap(wordsOf).map((box) => box.right));
    return right > one.getBoundingClientRect().right + 0.5;
  })
  .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`)
  .slice(0, 5);
}"""
POINTS_NOWHERE = """() => {
  const NAMES = ["aria-activedescendant", "aria-controls", "aria-describedby", "aria-details",
    "aria-errormessage", "aria-flowto", "aria-labelledby", "aria-owns",
    "for", "form", "headers", "list"];
  const named = NAMES.flatMap((name) => [...document.querySelectorAll(`[${name}]`)]
    .flatMap((one) => one.getAttribute(name).split(/\\s+/).map((id) => [one, name, id])));
  const linked = [...document.querySelectorAll("a[href^='#']")]
    .map((one) => [one, "href", decodeURIComponent(one.hash.slice(1))]);
  return [...named, ...linked]
    .filter(([, , id]) => !document.getElementById(id))
    .map(([one, name, id]) => `${one.tagName} #${one.id} ${name}: there is no #${id}`);
}"""
FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"
PICTURES = os.environ.get("UKETORI_PICTURES", "")
"""A folder for full-page pictures of every state, for eyes to look at."""


def look_at(page: Page, name: str) -> None:
    """Check one state at 1280 px with axe, and that nothing is cut at 360 and 320 px."""
    take_picture(page, f"{name}-1280")
    assert_is_dressed(page)
    assert violations(page) == []
    height = page.viewport_size["height"] if page.viewport_size else 900
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": height})
        if width == 360:
            take_picture(page, f"{name}-360")
        assert_fits(page)


def assert_is_dressed(page: Page) -> None:
    """Fail on a page whose style sheets did not come: axe would praise it."""
    assert page.evaluate(RULES) > 50
    key = "getComputedStyle(document.documentElement).getPropertyValue('--key').trim()"
    assert page.evaluate(key) == "#00428c"
    assert "Noto Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")


def assert_fits(page: Page) -> None:
    """Fail when the page scrolls sideways or words leave their cell, naming what sticks out."""
    assert page.evaluate(FITS), page.evaluate(WIDER_THAN_THE_SCREEN)
    assert not (words := page.evaluate(STICKS_OUT)), words


def violations(page: Page) -> list[str]:
    """Return what axe finds, and what points at nothing, one line for each node."""
    nowhere: list[str] = page.evaluate(POINTS_NOWHERE)
    page.evaluate(axe_core())
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    found: list[dict[str, Any]] = page.evaluate(RUN, options)
    return nowhere + [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@cache
def axe_core() -> str:
    """Return axe-core itself, from the one file of the package that is used."""
    (source,) = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
    return source.read_text(encoding="utf-8")


def take_picture(page: Page, name: str) -> None:
    """Keep a full-page picture, if anybody wants pictures."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
