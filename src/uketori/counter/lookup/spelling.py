"""A reference read aloud: sign by sign, so that no sign is taken for another."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

READINGS = {
    "2": _("数字の に"),
    "3": _("数字の さん"),
    "4": _("数字の よん"),
    "6": _("数字の ろく"),
    "7": _("数字の なな"),
    "8": _("数字の はち"),
    "9": _("数字の きゅう"),
    "A": _("エー"),
    "B": _("ビー"),
    "C": _("シー"),
    "D": _("ディー、ドイツの D"),
    "E": _("イー"),
    "F": _("エフ"),
    "G": _("ジー、ゴルフの G"),
    "H": _("エイチ"),
    "J": _("ジェイ"),
    "K": _("ケー"),
    "M": _("エム、メキシコの M"),
    "N": _("エヌ、ナポリの N"),
    "P": _("ピー、パリの P"),
    "Q": _("英字の キュー"),
    "R": _("アール"),
    "T": _("ティー、トウキョウの T"),
    "U": _("ユー"),
    "V": _("ブイ"),
    "W": _("ダブリュー"),
    "X": _("エックス"),
    "Y": _("ワイ"),
}
"""For every sign of a reference: those that sound alike are told apart by a place, or by kind."""


@dataclass(frozen=True)
class Sign:
    """One sign and how it is said."""

    sign: str
    reading: str


def spelled(reference: str) -> list[Sign]:
    """Return the signs of the reference with their readings; the dash is a pause."""
    return [Sign(sign, str(READINGS[sign])) for sign in reference if sign in READINGS]
