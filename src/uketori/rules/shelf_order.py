"""The order in which the cards of applications stand on the shelf: by prefix, then by number."""

import re

_DIGITS = re.compile("([0-9]+)")
_KANJI_DIGITS = str.maketrans("一二三四五六七八九十", "123456789:")
"""As their values: 阪労二 stands between 阪労一 and 阪労三, which code points would not do."""

ShelfKey = tuple[tuple[str | int, ...], str]


def shelf_key(number_key: str) -> ShelfKey:
    """Return what to sort compare keys by: words as words, digits as numbers.

    Numbers that differ in leading zeros only keep an order of their own.
    """
    parts = _DIGITS.split(number_key)
    natural = tuple(
        int(part) if index % 2 else part.translate(_KANJI_DIGITS)
        for index, part in enumerate(parts)
    )
    return natural, number_key


def prefix_of(number_key: str) -> str:
    """Return what stands before the last digits: one stretch of the shelf."""
    parts = _DIGITS.split(number_key)
    return "".join(parts[:-2]) if len(parts) > 1 else number_key
