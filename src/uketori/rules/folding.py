"""How typed text is read: what is invisible, decomposed, a radical or a dash.  D10.

One function for every field of the site; each says what becomes of its dashes and whether the width
of its signs is a matter of writing.  What belongs to which class is told by Unicode's own data.
"""

import unicodedata
from collections.abc import Callable
from enum import Enum
from functools import cache
from importlib.resources import files

import regex

DASH = r"[[\p{Dash}--[〜〰⁓゠]]ーｰ─━˗⁃]"
"""One dash, as part of a pattern for ``regex``: Unicode's, without the waves (E01201〜05 is no
number), and what a Japanese keyboard offers that looks like one and is none to Unicode.  Never the
kanji 一."""

_INVISIBLE = regex.compile(r"\p{Default_Ignorable_Code_Point}", regex.VERSION1)
_INVISIBLE_IN_NAMES = regex.compile(
    r"(?<!\p{Ideographic})\p{Variation_Selector}"
    r"|[\p{Default_Ignorable_Code_Point}--\p{Variation_Selector}]",
    regex.VERSION1,
)
"""A variation selector behind a kanji chooses its shape: in a name it is part of the spelling."""
_COMBINED = regex.compile(
    r"[^\p{M}][\p{M}--\p{Variation_Selector}]+|\p{InHangul_Jamo}+", regex.VERSION1
)
_BETWEEN_LATIN = regex.compile(
    rf"(?<=[A-Za-z0-9])(?!-+[A-Za-z0-9]){DASH}+(?=[A-Za-z0-9])", regex.VERSION1
)
"""Hyphens that were typed stay as many as they are: ``xn--…`` begins a domain in ASCII."""
_AFTER_KANA = regex.compile(rf"(?<=[\p{{Hiragana}}\p{{Katakana}}ー])(?!ー){DASH}", regex.VERSION1)
_ANY = regex.compile(DASH, regex.VERSION1)


class Dashes(Enum):
    """What becomes of the dashes in a field."""

    AS_TYPED = "as typed"
    """Names and free text: 「ー」 is a vowel there, and a hyphen joins two names."""
    BETWEEN_LATIN = "hyphens between Latin letters or digits"
    """Mail addresses: a Japanese domain keeps its 「ー」."""
    HYPHENS = "hyphens"
    """Telephone numbers, references."""
    VOWELS = "「ー」 after kana"
    """フリガナ."""
    NONE = "left out"
    """Codes, times of day, parts of a date."""


_FOLDED_DASHES: dict[Dashes, Callable[[str], str]] = {
    Dashes.AS_TYPED: lambda text: text,
    Dashes.BETWEEN_LATIN: lambda text: _BETWEEN_LATIN.sub("-", text),
    Dashes.HYPHENS: lambda text: _ANY.sub("-", text),
    Dashes.VOWELS: lambda text: _AFTER_KANA.sub("ー", text),
    Dashes.NONE: lambda text: _ANY.sub("", text),
}


def fold(typed: str, *, dashes: Dashes, keeps_width: bool = False) -> str:
    """Return what was meant, whatever it was copied from; folding it again changes nothing.

    ``keeps_width`` is for what is shown as it was typed, names above all: there NFKC would write
    other kanji, and a kanji keeps the shape that was chosen for it.
    """
    step = _seen if keeps_width else _meant
    while (after := _FOLDED_DASHES[dashes](step(typed))) != typed:
        typed = after
    return typed


def _meant(text: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_ideographs()))


def _seen(text: str) -> str:
    text = _INVISIBLE_IN_NAMES.sub("", text).translate(_ideographs())
    return _COMBINED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


@cache
def _ideographs() -> dict[int, int]:
    """Return the kanji that each radical or stroke looks like; PDFs are full of radicals."""
    found = {}
    table = files("uketori") / "data" / "unicode" / "EquivalentUnifiedIdeograph.txt"
    for line in table.read_text(encoding="utf-8").splitlines():
        if signs := line.partition("#")[0].strip():
            span, kanji = signs.split(";")
            first, _dots, last = span.strip().partition("..")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                found[code] = int(kanji, 16)
    return found
