"""A name is found by its other forms: variants of kanji, accents, width, kind of kana."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from uketori.counter.lookup.name_forms import folded_name, name_pattern, stored_forms

TYPED = [
    ("髙橋", "高橋"),
    ("高𣘺", "髙橋"),
    ("﨑山", "崎山"),
    ("渡邉", "渡辺"),
    ("渡邊", "渡辺"),
    ("渡邊", "渡邉"),
    ("渡邉\U000e0101", "渡邉"),
    ("𠮷田", "吉田"),
    ("斎藤", "齋藤"),
    ("斉藤", "齊藤"),
    ("斉藤", "斎藤"),
    ("澤田", "沢田"),
    ("濵田", "浜田"),
    ("濱田", "浜田"),
    ("廣田", "広田"),
    ("德永", "徳永"),
    ("中嶋", "中島"),
    ("冨田", "富田"),
    ("桒原", "桑原"),
    ("栁田", "柳田"),
    ("眞鍋", "真鍋"),
    ("龍崎", "竜崎"),
    ("福冨", "福富"),
    ("Nguyễn Văn An", "Nguyen Van An"),
    ("Đặng Thị Hoa", "dang thi hoa"),
    ("MÜLLER", "Muller"),
    ("Łukasz", "lukasz"),
    ("José", "JOSÉ"),
    ("が行", "ガ行"),
]


@pytest.mark.parametrize(("one", "other"), TYPED)
def test_name_pattern__each_by_the_other(one: str, other: str) -> None:
    for stored, typed in ((one, other), (other, one)):
        wanted = name_pattern(typed)
        assert wanted is not None
        assert wanted.search(folded_name(stored))


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("高橋", "橋高"),
        ("青木", "青本"),
        ("広田", "岸田"),
        ("崎山", "山崎"),
        ("カタ", "ガタ"),
        ("ハハ", "パパ"),
        ("Nguyen", "Nguyet"),
        ("土田", "士田"),
        ("千葉", "干葉"),
    ],
)
def test_name_pattern__another_name__not_found(stored: str, typed: str) -> None:
    wanted = name_pattern(typed)
    assert wanted is not None
    assert wanted.search(folded_name(stored)) is None


@given(some.text(max_size=12))
def test_name_pattern__whatever_is_typed__finds_itself_literally(typed: str) -> None:
    wanted = name_pattern(typed)
    assert wanted is None or wanted.fullmatch(folded_name(typed))


@pytest.mark.parametrize("typed", ["", "　", "^]", "[", "\\", "-", ".*"])
def test_name_pattern__no_letter_in_it__nothing_to_look_for(typed: str) -> None:
    assert name_pattern(typed) is None


@pytest.mark.parametrize(
    ("sign", "form"),
    [
        ("e", "ễ"),
        ("e", "Ễ"),
        ("d", "Đ"),
        ("辺", "邉"),
        ("ア", "あ"),
        ("ア", "ｱ"),
        ("a", "Ａ"),
        ("福", "\ufa1b"),
    ],
)
def test_stored_forms__what_a_database_is_asked_for(sign: str, form: str) -> None:
    assert form in stored_forms(sign)
    assert re.fullmatch(name_pattern(sign) or "", folded_name(form))
