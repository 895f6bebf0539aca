"""Static files as they are collected: whole sheets, compressed, named after their contents."""

import gzip
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.collected import collected_static_files
from tests.web.test_style import imported
from uketori.web.static_files import joined

SHEET = """/* why */
@layer first, second;
@import url("a.css") layer(first);

@import url("b.css") layer(second);
"""


@pytest.mark.parametrize("name", ["main", "staff"])
def test_collected_sheet__is_whole_and_compressed(tmp_path: Path, name: str) -> None:
    for _twice in range(2):
        with collected_static_files(tmp_path):
            pass

    [sheet] = tmp_path.glob(f"web/css/{name}.*.css")
    css = sheet.read_text()
    assert "@import" not in css
    assert css.count("@layer components {") == len(
        [part for part in imported(f"{name}.css") if part.startswith("components/")]
    )
    assert gzip.decompress(sheet.with_name(f"{sheet.name}.gz").read_bytes()).decode() == css
    assert not [*tmp_path.glob("web/css/components/*.????????????.css")], "parts of the whole"


def test_joined__each_part_in_its_place_and_layer() -> None:
    assert joined("main.css", SHEET, {"a.css": ".a {}\n", "b.css": "/* x */\n.b {}\n"}) == (
        "@layer first, second;\n@layer first {\n.a {}\n}\n\n@layer second {\n.b {}\n}\n"
    )


@pytest.mark.parametrize(
    ("sheet", "part"),
    [
        (SHEET, ".a { background: url(a.png) }"),
        (SHEET, '@import "c.css";'),
        ('@import url("a.css") layer(first) print;', ""),
        ('@import "a.css";', ""),
    ],
)
def test_joined__what_would_mean_something_else__is_refused(sheet: str, part: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"\.css"):
        joined("main.css", sheet, {"a.css": part, "b.css": ""})
