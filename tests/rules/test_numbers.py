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

DASHES = "‐‑‒–—―−－ー-ｰ─━⁃˗﹣⸺"
UNSEEN = [
    "\u00ad",
    "\u200b",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2060",
    "\u2066",
    "\ufe0f",
    "\U000e0100",
]
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
        ("見本一\u00adE01312", "見本一E01312"),
        ("見本一\u2011E01349", "見本一E01349"),
        ("見本一-E01349", "見本一E01349"),
        ("見本一 － Ｅ01349", "見本一E01349"),
        ("見本\u2011E01349", "見本一E01349"),
        ("阪\u2ea0\u2f00E04002", "阪民一E04002"),
        ("\u200f見本一E01201\u202c", "見本一E01201"),
        ("見本一E01238\u2060", "見本一E01238"),
        ("か\u3099く\u3099E01201", "がぐE01201"),
        ("", ""),
    ],
)
def test_key__of_what_people_type(typed: str, key: str) -> None:
    assert compare_key(typed) == key


@pytest.mark.parametrize("dash", DASHES)
def test_key__every_dash__dropped_between_letters_and_read_as_one_after_kanji(dash: str) -> None:
    assert compare_key(f"阪労一E{dash}012{dash}34") == "阪労一E01234"
    assert compare_key(f"阪労{dash}E01234") == "阪労一E01234"


@pytest.mark.parametrize("dash", DASHES)
def test_key__a_dash_behind_kanji_one__is_no_second_one(dash: str) -> None:
    assert compare_key(f"見本一{dash}E01349") == "見本一E01349"
    assert judged(f"見本一{dash}E01349") == []


@given(
    number=st.from_regex("[阪労民一]{1,5}[A-Z]{1,2}[0-9]{4,6}", fullmatch=True),
    unseen=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(UNSEEN)), max_size=5),
    dashes=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(DASHES)), max_size=3),
)
def test_key__whatever_is_unseen_or_a_dash_put_in__is_the_same_number(
    number: str, unseen: list[tuple[int, str]], dashes: list[tuple[int, str]]
) -> None:
    """Dashes may stand between letters and digits, and behind the kanji 一."""
    begin = len(number) - len(number.lstrip("阪労民一"))
    first = begin if number[begin - 1] == "一" else begin + 1
    written = number
    for place, dash in dashes:
        at = first + place % (len(number) - first)
        written = f"{written[:at]}{dash}{written[at:]}"
    for place, sign in unseen:
        at = place % (len(written) + 1)
        written = f"{written[:at]}{sign}{written[at:]}"
    assert compare_key(written) == number


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
        ("\ue000", "U+E000"),
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
