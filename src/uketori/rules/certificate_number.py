"""The number of a certificate, by which one person is told from another.  D03."""

import unicodedata

import regex

from uketori.rules.folding import DASH
from uketori.rules.number_key import settled

_LEFT_OUT = regex.compile(f"[{DASH}第号號]", regex.VERSION1)


def certificate_key(typed: str) -> str:
    """Return the form in which certificate numbers are compared.

    Brackets, dashes, blanks, 第 and 号 do not count: 「(福)行01−第47号」 is 「福行01-47」.
    """
    return settled(typed, lambda text: _without_brackets(_LEFT_OUT.sub("", text)))


def _without_brackets(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) not in {"Ps", "Pe"})
