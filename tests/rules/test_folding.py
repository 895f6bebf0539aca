"""What is invisible, decomposed, a radical or a dash, in every kind of field."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uketori.rules.folding import Dashes, fold

MARKS = ["\u200c", "\u200d", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), "\u2060"]
UNSEEN = [*MARKS, "\u00ad", "\u061c", "\u180e", "\u3164", "\ufeff", "\U000e0001"]


@pytest.mark.parametrize("keeps_width", [False, True])
@pytest.mark.parametrize("sign", UNSEEN)
def test_fold__what_is_invisible__goes(sign: str, *, keeps_width: bool) -> None:
    typed = f"{sign}見本{sign}花子{sign}"
    assert fold(typed, dashes=Dashes.AS_TYPED, keeps_width=keeps_width) == "見本花子"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("か\u3099くし\u3099ろう", "がくじろう"),
        ("カ\u3099クシ\u3099ロウ", "ガクジロウ"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("\u2ed1\u2f95川", "長谷川"),
        ("\u2ea0", "民"),
        ("\u31d0", "一"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_fold__decomposed_or_a_radical__is_the_sign_that_was_meant(typed: str, meant: str) -> None:
    assert fold(typed, dashes=Dashes.AS_TYPED) == meant
    assert fold(typed, dashes=Dashes.AS_TYPED, keeps_width=True) == meant


@pytest.mark.parametrize("name", ["\ufa10本", "\ufa11", "葛\U000e0100城", "ＡＯＫＩ", "髙", "ｱｵｷ"])
def test_fold__a_name__keeps_its_kanji_their_shapes_and_its_width(name: str) -> None:
    assert fold(name, dashes=Dashes.AS_TYPED, keeps_width=True) == name


@pytest.mark.parametrize(
    ("dashes", "meant"),
    [
        (Dashes.AS_TYPED, "サンー−ロー1−2‐b〜3"),
        (Dashes.BETWEEN_LATIN, "サンー−ロー1-2-b〜3"),
        (Dashes.HYPHENS, "サン--ロ-1-2-b〜3"),
        (Dashes.VOWELS, "サンーーロー1−2‐b〜3"),
        (Dashes.NONE, "サンロ12b〜3"),
    ],
)
def test_fold__dashes__as_the_field_says_and_a_wave_is_none(dashes: Dashes, meant: str) -> None:
    assert fold("サンー−ロｰ１−2‐ｂ〜3", dashes=dashes) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@xn--fa-hia.example", "a@xn--fa-hia.example"),
        ("a--b", "a--b"),
        ("aーーb", "a-b"),
        ("a-ーb", "a-b"),
    ],
)
def test_fold__hyphens_that_were_typed__stay_as_many(typed: str, meant: str) -> None:
    assert fold(typed, dashes=Dashes.BETWEEN_LATIN) == meant


@given(
    text=st.text() | st.text(alphabet="か\u3099ﾞﾊ-ー‐−1aｂ\u00ad\u200f\u2ea0\ufa10\U000e0100"),
    dashes=st.sampled_from(Dashes),
    width=st.booleans(),
)
def test_fold__twice__changes_nothing_more(text: str, *, dashes: Dashes, width: bool) -> None:
    once = fold(text, dashes=dashes, keeps_width=width)
    assert fold(once, dashes=dashes, keeps_width=width) == once


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x3000)))
def test_fold__without_anything_to_fold__is_nfkc(text: str) -> None:
    assert unicodedata.normalize("NFKC", fold(text, dashes=Dashes.AS_TYPED)) == fold(
        text, dashes=Dashes.AS_TYPED
    )
