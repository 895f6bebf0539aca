"""The first notice of a bureau: read as editors save it, or refused at the start, by its line."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from uketori.bureaus.data_files import text_of
from uketori.bureaus.notice_file import read_notice
from uketori.bureaus.policies import policies_of
from uketori.cli import main

HEAD = '+++\nnumber = 1\neffective_from = 2026-01-01\nchanges = ""\n+++\n'
BODY = "## １ はじめに\n\n本文です。\n"


@pytest.mark.parametrize(
    "raw",
    [
        (HEAD + BODY).encode(),
        (HEAD + BODY).encode("utf-8-sig"),
        (HEAD + BODY).replace("\n", "\r\n").encode("utf-8-sig"),
        ("\n" + HEAD.replace("+++\n", "+++ \n") + BODY).encode(),
        (HEAD + BODY).removesuffix("\n").encode(),
    ],
)
def test_notice_file__as_editors_save_it__read(folder: Path, raw: bytes) -> None:
    (folder / "notice.ja.md").write_bytes(raw)

    notice = read_notice(folder)

    assert (notice.number, notice.effective_from) == (1, date(2026, 1, 1))
    assert notice.body == BODY.strip()


def test_notice_file__with_the_fence_in_its_text__keeps_it(folder: Path) -> None:
    (folder / "notice.ja.md").write_text(HEAD + "前\n\n+++\n\n後", encoding="utf-8")

    assert read_notice(folder).body == "前\n\n+++\n\n後"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (BODY.encode(), "line 1: must begin"),
        (b"", "line 1: must begin"),
        ((HEAD.removesuffix("+++\n") + BODY).encode(), "line 1: must begin"),
        (("はじめ\n" + HEAD + BODY).encode(), "line 1: must begin"),
        (HEAD.encode(), "line 6: no text"),
        ((HEAD.replace("number = 1", "number = ") + BODY).encode(), "at line 2"),
        ((HEAD.replace("number = 1", 'number = "1"') + BODY).encode(), "line 2: number must be"),
        ((HEAD.replace("number = 1", "number = 0") + BODY).encode(), "line 2: number must be"),
        ((HEAD.replace("number = 1", "number = true") + BODY).encode(), "line 2: number must be"),
        ((HEAD.replace("2026-01-01", "2026-02-30") + BODY).encode(), "at line 3"),
        (
            (HEAD.replace("2026-01-01", "2026-01-01T00:00:00") + BODY).encode(),
            "line 3: effective_from must be",
        ),
        ((HEAD.replace('changes = ""\n', "") + BODY).encode(), "line 4: changes is missing"),
        (
            (HEAD.replace('""', f'"{"改" * 401}"') + BODY).encode(),
            "line 4: changes must be at most",
        ),
        (HEAD.encode() + BODY.encode("cp932"), "line 6: is not UTF-8"),
        ((HEAD + BODY).encode("utf-16"), "line 1: is not UTF-8"),
        ((HEAD + BODY + "終\x00わり").encode(), "line 9: holds a NUL"),
    ],
)
def test_notice_file__cannot_be_read__refused_at_the_start_by_name_and_line(
    folder: Path, raw: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notice.ja.md").write_bytes(raw)

    with pytest.raises(ImproperlyConfigured, match=said):
        read_notice(folder)
    assert main(["calendar", "osaka"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("利用案内のファイルを読み取れません：osaka/notice.ja.md: ")
    assert told.count("\n") == 1


def test_notice_file__missing__refused_at_the_start(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notice.ja.md").unlink()

    assert main(["calendar", "osaka"]) == 2
    assert "osaka/notice.ja.md: cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_policy_file__with_a_mark_before_it__says_the_same(folder: Path, mark: bytes) -> None:
    file = folder / "policy.2026-01-01.toml"
    file.write_bytes(mark + file.read_bytes().replace(b"\n", b"\r\n"))

    (policy,) = policies_of("osaka")

    assert policy.max_cases_per_slot == 15


def test_policy_file__in_another_encoding__refused_by_its_line(folder: Path) -> None:
    file = folder / "policy.2026-01-01.toml"
    file.write_bytes(b"# 1\n# 2\n" + "# 三".encode("cp932") + file.read_bytes())

    with pytest.raises(ImproperlyConfigured, match=r"policy.2026-01-01.toml: line 3: is not UTF-8"):
        policies_of("osaka")


def test_text__with_a_mark_within__keeps_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a\ufeffb", encoding="utf-8-sig")

    assert text_of(tmp_path / "a") == "a\ufeffb"


@pytest.mark.parametrize("key", ["mail_from", "mail_reply_to"])
def test_policy_file__sender_that_is_no_address__refused(folder: Path, key: str) -> None:
    file = folder / "policy.2026-01-01.toml"
    text = file.read_text(encoding="utf-8")
    wrong = re.sub(rf'^{key} = ".*?"', f'{key} = "a b@immi-cardyoyaku.moj.go.jp"', text, flags=re.M)
    assert wrong != text
    file.write_text(wrong, encoding="utf-8")

    with pytest.raises(ImproperlyConfigured, match=f"{key}: .* is no mail address"):
        policies_of("osaka")
