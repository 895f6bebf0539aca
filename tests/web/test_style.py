"""The style sheets and templates keep their own rules."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

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


def test_main_sheet__imports_every_sheet_once() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\) layer\(\w+\);', (CSS / "main.css").read_text())
    there = {str(sheet.relative_to(CSS)) for sheet in CSS.rglob("*.css")} - {"main.css"}

    assert sorted(imported) == sorted(there)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template__no_style_and_no_script_inside(template: Path) -> None:
    html = template.read_text()

    assert not re.search(r"\sstyle\s*=", html)
    assert "<style" not in html
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


def test_manifest_storage__rewrites_the_imports(settings: settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    (main,) = tmp_path.glob("web/css/main.*.css")
    imported = re.findall(r'@import url\("([^"]+)"\)', main.read_text())

    assert imported
    assert all((main.parent / name).is_file() for name in imported)
    assert all(re.search(r"\.[0-9a-f]{12}\.css$", name) for name in imported)
