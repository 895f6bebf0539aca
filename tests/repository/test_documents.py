"""Documents that tell of the code are what the code says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
VARIABLE = re.compile(r"UKETORI_[A-Z_]+[A-Z]")
STATUS = re.compile(
    r"\n\nDate: 20\d\d-\d\d-\d\d · Status: (accepted|superseded by \[\d{4}\]\(.+\.md\))\n\n"
)


def test_settings__every_variable_of_the_code__is_in_the_table_and_no_other() -> None:
    modules = [*(ROOT / "src").rglob("*.py"), *(ROOT / "scripts").glob("*.py")]
    read = {name for path in modules for name in VARIABLE.findall(path.read_text("utf-8"))}
    rows = [line for line in (DOCS / "settings.md").read_text("utf-8").splitlines() if "|" in line]
    told = [name for row in rows for name in VARIABLE.findall(row.split("|")[1])]

    assert sorted(told) == sorted(read)


def test_tables__page__is_what_the_models_say() -> None:
    made = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(ROOT / "scripts" / "diagrams.py")],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    assert (DOCS / "data-model.md").read_text("utf-8") == made.stdout, "make diagrams"


@pytest.mark.parametrize("path", sorted((DOCS / "adr").glob("*.md")), ids=lambda path: path.stem)
def test_adr__date_and_status(path: Path) -> None:
    assert STATUS.search(path.read_text("utf-8"))
