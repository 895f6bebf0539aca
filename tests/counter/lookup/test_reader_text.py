"""What readers really send is undone, or said: a mark, a code read twice, keys that became kana."""

import jaconv
import pytest
from hypothesis import given
from hypothesis import strategies as some

from uketori.counter.lookup.reader_text import is_kana_of_keys, references_meant
from uketori.reservations.references import ALPHABET, new_reference

REFERENCES = some.builds(new_reference)


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("AFFN-Q9A6", "AFFN-Q9A6"),
        ("affnq9a6", "AFFN-Q9A6"),
        ("]Q3AFFN-Q9A6", "AFFN-Q9A6"),
        ("[q3AFFN-Q9A6", "AFFN-Q9A6"),
        ("]d2affn-q9a6", "AFFN-Q9A6"),
        ("AFFN-Q9A6AFFN-Q9A6", "AFFN-Q9A6"),
        ("]Q3AFFN-Q9A6AFFN-Q9A6", "AFFN-Q9A6"),
        ("AFFN-Q9A6 AFFN-Q9A6", "AFFN-Q9A6"),
        ("あっfんーq9あ6", "AFFN-Q9A6"),
        ("アッFンーQ9ア6", "AFFN-Q9A6"),
        ("あっｆんｰｑ９あ６", "AFFN-Q9A6"),
        ("」Q3あっfんーq9あ6", "AFFN-Q9A6"),
        ("あっfんーq9あ6あっfんーq9あ6", "AFFN-Q9A6"),
        ("あｒｃ７ｑｙ３３", "ARC7-QY33"),
        ("きゃK7ーにゃ", "KYAK-7NYA"),
        ("AFFN-Q9A6K7M4-2QXP", None),
        ("Z1234567", None),
        ("OO987", None),
        ("]Q3", None),
        ("", None),
    ],
)
def test_references_meant__whatever_happened_on_the_way(typed: str, reference: str | None) -> None:
    assert references_meant(typed) == ([reference] if reference else [])


def test_references_meant__several_keys_make_one_kana__each_of_them() -> None:
    assert references_meant("かM4ー2QXP") == ["CAM4-2QXP", "KAM4-2QXP"]


@given(REFERENCES)
def test_references_meant__through_the_kana_of_an_input_method__among_few(reference: str) -> None:
    """As jaconv makes kana; it doubles a pending consonant that an input method leaves a letter."""
    kana = jaconv.alphabet2kana(reference.lower().replace("-", "ー"))
    assert "っ" in kana or reference in references_meant(kana)


@pytest.mark.parametrize("typed", ["か" * 200, "く" * 200, "ん" * 200, "A" * 200, "っ" * 200])
def test_references_meant__long_and_ambiguous__none(typed: str) -> None:
    assert references_meant(typed) == []


@pytest.mark.parametrize(
    ("typed", "is_kana"),
    [
        ("あっfんーq9あ6", True),
        ("し1234567", True),
        ("青木 はなこ", False),
        ("アオキ", False),
        ("ジョン", False),
        ("NGUYEN", False),
        ("阪労一E01234", False),
        ("さくら第1号", False),
        ("Z1234567", False),
    ],
)
def test_kana_of_keys__kana_among_letters_or_digits(typed: str, *, is_kana: bool) -> None:
    assert is_kana_of_keys(typed) == is_kana


def test_alphabet__no_key_of_the_kana_is_missing() -> None:
    """Every letter of a reference before each vowel comes back."""
    for letter in filter(str.isalpha, ALPHABET):
        for vowel in "AEU":
            kana = jaconv.alphabet2kana(f"{letter}{vowel}".lower())
            if "っ" not in kana:
                assert f"{letter}{vowel}22-2222" in references_meant(f"{kana}222222")
