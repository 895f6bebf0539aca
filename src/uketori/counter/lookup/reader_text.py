"""What a reader typed, and which reference it had read: the search undoes what happened.  R-38.

A reader is a keyboard.  It may put a mark of the kind of code in front (``]Q3``), may read a code
twice, and with Japanese input on its keys become kana: ``AFFN-Q9A6`` turns into あっfんーq9あ6.
"""

import re
from collections import defaultdict
from functools import cache
from itertools import product

import jaconv

from uketori.reservations.references import ALPHABET, HALF
from uketori.rules.folding import Dashes, fold

SIGNS = 2 * HALF
MOST_WAYS = 100
"""か is CA or KA: of so many spellings of one text at most each is looked for."""
_MARK = re.compile(r"^[\[\]「」][A-Z][0-9](?=.)")
"""AIM's mark of the kind of code; ``]`` may stand elsewhere on a Japanese keyboard."""
_WHOLE = re.compile(f"[{ALPHABET}]{{{SIGNS}}}")
_KANA = re.compile("[ぁ-ゖ]")
_KEY = re.compile("[0-9A-Z]")
_KANJI = re.compile("[\u3400-\u9fff]")


def signs_of(typed: str) -> str:
    """Return the signs that were typed, without the mark before and the dashes between them."""
    plain = jaconv.kata2hira(fold(typed, dashes=Dashes.NONE)).upper()
    return _once(_MARK.sub("", "".join(plain.split())))


def references_meant(typed: str) -> list[str]:
    """Return the whole references that the keys may have been: one, or several for kana."""
    meant = {_once(keys) for keys in _keys_of(signs_of(typed))}
    return sorted(f"{one[:HALF]}-{one[HALF:]}" for one in meant if _WHOLE.fullmatch(one))


def is_kana_of_keys(typed: str) -> bool:
    """Tell whether Japanese input was on: kana among letters or digits, as no name is written."""
    signs = signs_of(typed)
    has_both = _KANA.search(signs) and _KEY.search(signs)
    return bool(has_both) and not _KANJI.search(signs)


def _once(signs: str) -> str:
    """Return one of two equal references that were read right after one another."""
    first, second = signs[:SIGNS], signs[SIGNS:]
    return first if first == second else signs


def _keys_of(signs: str) -> set[str]:
    """Return what keys may have been pressed for these signs, at most twice a reference of them."""
    ways: list[set[str]] = [{""}, *(set() for _ in signs)]
    for begin, before in enumerate(ways[:-1]):
        for length in (1, 2, 3):
            chunk = signs[begin : begin + length]
            if len(chunk) == length:
                longer = {way + keys for way in before for keys in _keys_of_chunk(chunk)}
                ways[begin + length] |= {way for way in longer if len(way) <= 2 * SIGNS}
        if len(ways[begin + 1]) > MOST_WAYS:
            return set()
    return ways[-1]


def _keys_of_chunk(chunk: str) -> set[str]:
    """Return the keys of one sign, of a kana of two, or of a doubled key: っf was FF."""
    if chunk[0] == "っ" and len(chunk) > 1:
        return {keys[0] + keys for keys in _keys_of_chunk(chunk[1:]) if keys[0] not in "AEUN"}
    if len(chunk) == 1 and _KEY.fullmatch(chunk):
        return {chunk}
    return _keys_of_kana().get(chunk, set())


@cache
def _keys_of_kana() -> dict[str, set[str]]:
    """Return the keys of each kana, of those that references are made of; the kana are jaconv's."""
    vowels = [one for one in ALPHABET if one in "AEU"]
    others = [one for one in ALPHABET if one.isalpha() and one not in vowels]
    begins = ["", *others, *(f"{one}{then}" for one, then in product(others, "HWY"))]
    spellings = ["N", "NN", "XTU", *(f"{one}{vowel}" for one, vowel in product(begins, vowels))]
    known = defaultdict(set)
    for keys in spellings:
        kana = jaconv.alphabet2kana(keys.lower())
        if kana == "っ" or "っ" not in kana:
            known[kana].add(keys)
    return dict(known)
