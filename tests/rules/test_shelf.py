"""The order of the shelf."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uketori.rules.number_key import compare_key
from uketori.rules.shelf_order import prefix_of, shelf_key

NUMBERS = st.text(alphabet="阪労永一二三ECP0123456789", min_size=1, max_size=12).map(compare_key)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("阪労一E01234", "阪労一E01235"),
        ("阪労一E999", "阪労一E1000"),
        ("阪労一C99999", "阪労一E00001"),
        ("阪労一E99999", "阪労二C00001"),
        ("阪労二E99999", "阪労三C00001"),
        ("阪労三E99999", "阪労四C00001"),
        ("阪労九E1", "阪労十E1"),
        ("阪労四E00001", "阪永P00001"),
    ],
)
def test_shelf__first_stands_before_second(first: str, second: str) -> None:
    assert sorted([second, first], key=shelf_key) == [first, second]


def test_shelf__leading_zeros_only__an_order_all_the_same() -> None:
    assert shelf_key("阪労一E01234") != shelf_key("阪労一E1234")


@given(st.lists(NUMBERS, max_size=20))
def test_shelf__any_numbers__can_be_sorted_and_none_is_lost(keys: list[str]) -> None:
    ordered = sorted(keys, key=shelf_key)

    assert sorted(ordered) == sorted(keys)
    assert sorted(ordered, key=shelf_key) == ordered


@pytest.mark.parametrize(
    ("key", "prefix"),
    [("阪労一E01234", "阪労一E"), ("12345", ""), ("阪労一E", "阪労一E"), ("A12B345", "A12B")],
)
def test_prefix__what_stands_before_the_last_digits(key: str, prefix: str) -> None:
    assert prefix_of(key) == prefix


@given(st.lists(NUMBERS, max_size=20))
def test_shelf__sorted__each_usual_prefix_is_one_stretch(keys: list[str]) -> None:
    usual = [f"{key.rstrip('0123456789')}1" for key in keys]
    prefixes = [prefix_of(key) for key in sorted(usual, key=shelf_key)]

    stretches = [
        one for index, one in enumerate(prefixes) if index == 0 or one != prefixes[index - 1]
    ]
    assert len(stretches) == len(set(stretches))
