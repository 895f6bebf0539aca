"""D03, D10: numbers of applications and certificates, and their compare keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import osaka
from uketori.rules.application_number import (
    compare_key,
    judge_number,
    repeated_numbers,
    suggested_type,
)
from uketori.rules.certificate_number import certificate_key
from uketori.rules.refusals import Reason, Refusal, Warned

DASHES = "‐‑‒–—―−－ー-ｰ"
P = osaka()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("阪労一E01234", "阪労一E01234"),
        ("阪労一Ｅ０１２３４", "阪労一E01234"),
        ("阪労一e01234", "阪労一E01234"),
        (" 阪 労 一　E 01234\t", "阪労一E01234"),
        ("\ufeff阪労一\u200bE01234", "阪労一E01234"),
        ("阪労一E-01234", "阪労一E01234"),
        ("阪労一E‐01‑234", "阪労一E01234"),
        ("阪労ーE01234", "阪労一E01234"),
        ("阪労1-E01234", "阪労一E01234"),
        ("阪労１Ｅ01234", "阪労一E01234"),
        ("阪労――E01234", "阪労一E01234"),
        ("⼀E01234", "一E01234"),
        ("阪一労二E01234", "阪一労二E01234"),
        ("一二三", "一二三"),
        ("阪-01234", "阪-01234"),
        ("E01234-", "E01234-"),
        ("コード01234", "コード01234"),
        ("", ""),
    ],
)
def test_key__of_what_people_type(typed: str, key: str) -> None:
    assert compare_key(typed) == key


@pytest.mark.parametrize("dash", DASHES)
def test_key__every_dash__dropped_between_letters_and_read_as_one_after_kanji(dash: str) -> None:
    assert compare_key(f"阪労一E{dash}012{dash}34") == "阪労一E01234"
    assert compare_key(f"阪労{dash}E01234") == "阪労一E01234"


@given(st.text())
def test_key__is_its_own_key(typed: str) -> None:
    assert compare_key(compare_key(typed)) == compare_key(typed)


@given(st.text(alphabet="阪労一E1ａ -ーｰ―　が゛ﾞ¨\u0307\u0301i"))
def test_key__of_tricky_signs__is_its_own_key(typed: str) -> None:
    assert compare_key(compare_key(typed)) == compare_key(typed)
    assert certificate_key(certificate_key(typed)) == certificate_key(typed)


@given(st.text(alphabet="阪労一二三", min_size=1))
def test_key__kanji_one__is_never_touched(kanji: str) -> None:
    assert compare_key(f"{kanji}E01234") == f"{kanji}E01234"


def judged(typed: str) -> list[str]:
    return [str(reason.code) for reason in judge_number(typed, P, case=1)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("阪労一E01234", []),
        ("阪労ーE01234", ["NUMBER_MAYBE_KANJI_ONE"]),
        ("阪労1E01234", ["NUMBER_MAYBE_KANJI_ONE"]),
        ("阪労一E123", ["NUMBER_UNUSUAL_FORM"]),
        ("123", ["NUMBER_UNUSUAL_FORM"]),
        ("12", ["NUMBER_TOO_SHORT"]),
        ("1 - 2", ["NUMBER_TOO_SHORT"]),
        ("1" * 30, ["NUMBER_UNUSUAL_FORM"]),
        ("1" * 31, ["NUMBER_TOO_LONG"]),
        ("", ["NUMBER_MISSING"]),
        ("　 ", ["NUMBER_MISSING"]),
        ("=" + "1" * 30, ["NUMBER_TOO_LONG", "NUMBER_FORBIDDEN_CHARACTERS"]),
    ],
)
def test_number__judged(typed: str, expected: list[str]) -> None:
    assert judged(typed) == expected


@pytest.mark.parametrize(
    ("sign", "shown"),
    [
        ("=", "「=」"),
        ("＝", "「=」"),
        ("+", "「+」"),
        ("@", "「@」"),
        ("<", "「<」"),
        ("😀", "「😀」"),
        ("\u202e", "U+202E"),
        ("\0", "U+0000"),
        ("\x1f", "U+001F"),
        ("Я", "「Я」"),
        ("{", "「{」"),
    ],
)
def test_number__forbidden_sign__is_named_readably(sign: str, shown: str) -> None:
    (reason,) = judge_number(f"{sign}阪労一E01234", P, case=4)
    assert reason == Reason(Refusal.NUMBER_FORBIDDEN_CHARACTERS, 4, {"character": shown})


def test_number__dash_at_the_start__forbidden() -> None:
    assert judged("-1234") == ["NUMBER_FORBIDDEN_CHARACTERS"]


@given(st.text())
def test_number__whatever_is_typed__is_judged(typed: str) -> None:
    reasons = judge_number(typed, P, case=None)
    kinds = {isinstance(reason.code, Warned) for reason in reasons}
    assert len(kinds) <= 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("阪労一E01234", "extension"),
        ("阪労一ｃ-01234", "change"),
        ("P01234", "permanent"),
        ("阪労一X01234", None),
        ("阪労一EX01234", None),
        ("01234", None),
    ],
)
def test_type__suggested_by_the_letter_before_the_digits(typed: str, expected: str | None) -> None:
    assert suggested_type(typed, P) == expected


def test_repeated__each_later_row_names_the_first() -> None:
    assert repeated_numbers(["A", "B", "", "A", "", "A", "B"]) == [
        Reason(Refusal.NUMBER_REPEATED, 4, {"first": 1}),
        Reason(Refusal.NUMBER_REPEATED, 6, {"first": 1}),
        Reason(Refusal.NUMBER_REPEATED, 7, {"first": 2}),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "(福)行01−第47号",
        "（福）行０１－第４７号",
        "福行01-47",
        "【福】行01ー47",
        "〔福〕 行 01—第 47 号",
        "「福」行01−４７号",
    ],
)
def test_certificate__the_same_number_however_it_is_written(typed: str) -> None:
    assert certificate_key(typed) == "福行0147"


def test_certificate__kanji_one_is_kept_and_case_folded() -> None:
    assert certificate_key("一a-1") == "一A1"
