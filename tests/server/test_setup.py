"""What ``setup`` makes is missed in one line, and made in the folder that was named."""

import subprocess
from pathlib import Path

import pytest

from tests.server.service import Service

MAKEFILE = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("command", "lacks"),
    [
        ("serve", "画面の部品（static）とデータベースの表がありません"),
        ("worker", "データベースの表がありません"),
    ],
)
def test_without_setup__one_line_says_what_is_missing(
    tmp_path: Path, command: str, lacks: str
) -> None:
    bare = Service(tmp_path, f"sqlite:///{tmp_path}/uketori.sqlite3", 9)

    done = bare.run(command)

    assert done.returncode == 2
    assert done.stderr == f"{lacks}。先に uketori setup（make setup）をどうぞ。\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "environment", "var"),
    [
        ([], {}, "var"),
        ([], {"UKETORI_VAR": "elsewhere"}, "elsewhere"),
        (["VAR=there"], {}, "there"),
        (["VAR=there"], {"UKETORI_VAR": "elsewhere"}, "there"),
        ([], {"VAR": "there", "UKETORI_VAR": "elsewhere"}, "there"),
    ],
)
def test_make__folder_named_either_way__the_same_for_all_commands(
    given: list[str], environment: dict[str, str], var: str
) -> None:
    """What is typed counts first; an exported UKETORI_VAR is never ignored."""
    ask = ["--eval", "told: ; @echo $(VAR) $$UKETORI_VAR", "told"]
    said = subprocess.run(  # noqa: S603 - make with our own words
        ["make", "-s", *given, *ask],  # noqa: S607 - whichever make there is
        cwd=MAKEFILE,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout == f"{var} {var}\n"
