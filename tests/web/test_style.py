"""The style sheets and templates keep their own rules."""

import re
from pathlib import Path

import pytest

import uketori

SOURCE = Path(uketori.__file__).parent
CSS = SOURCE / "web/static/web/css"
TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))
FREE_OF_TAGS = sorted({*CSS.glob("components/*.css"), CSS / "utilities.css"})
BARE_TAG_OR_ID = re.compile(r"(?:^|[\s>+~,(])(?:[a-z][a-z0-9]*(?![\w-]*\()|#[\w-]+)")


def selectors(css: str) -> list[str]:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    heads = re.findall(r"([^{};]+)\{", css)
    return [head.strip() for head in heads if not head.strip().startswith("@")]


@pytest.mark.parametrize("sheet", FREE_OF_TAGS, ids=lambda sheet: sheet.name)
def test_component_sheet__selects_classes_only(sheet: Path) -> None:
    found = [one for one in selectors(sheet.read_text()) if BARE_TAG_OR_ID.search(one)]

    assert found == []


@pytest.mark.parametrize("wrong", ["p", ".a p", ".a > h2", "#id", ".a:is(h2, h3)", ".a #id"])
def test_the_check_itself__finds_tags_and_ids(wrong: str) -> None:
    assert BARE_TAG_OR_ID.search(wrong)


@pytest.mark.parametrize("sheet", FREE_OF_TAGS, ids=lambda sheet: sheet.name)
def test_component_sheet__takes_colours_from_the_tokens(sheet: Path) -> None:
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl", sheet.read_text())


def imported(sheet: str) -> list[str]:
    return re.findall(r'@import url\("([^"]+)"\) layer\(\w+\);', (CSS / sheet).read_text())


def test_whole_sheets__import_every_part_once() -> None:
    parts = {str(sheet.relative_to(CSS)) for sheet in CSS.rglob("*.css")}

    assert sorted(imported("staff.css")) == sorted(parts - {"main.css", "staff.css"})
    of_the_public = {*imported("main.css")}
    assert imported("main.css") == [one for one in imported("staff.css") if one in of_the_public]


def classes(sheets: list[str]) -> set[str]:
    heads = [head for sheet in sheets for head in selectors((CSS / sheet).read_text())]
    return {name for head in heads for name in re.findall(r"\.([a-z][\w-]*)", head)}


OF_THE_STAFF = classes(imported("staff.css")) - classes(imported("main.css"))
"""Classes without a rule in the public's sheet."""
FOR_THE_PUBLIC = [one for one in TEMPLATES if not {"staff", "counter"} & {*one.parts}]


@pytest.mark.parametrize("template", FOR_THE_PUBLIC, ids=lambda path: str(path.relative_to(SOURCE)))
def test_page_of_the_public__wears_nothing_of_the_staff(template: Path) -> None:
    assert "board" in OF_THE_STAFF
    worn = re.findall(r'class="([^"]*)"', template.read_text())

    assert not OF_THE_STAFF & {name for names in worn for name in re.split(r"[^\w-]+", names)}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template__no_style_and_no_script_inside(template: Path) -> None:
    html = template.read_text()

    assert not re.search(r"\sstyle\s*=", html)
    assert "<style" not in html
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
