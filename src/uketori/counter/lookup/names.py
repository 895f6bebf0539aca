"""Names as they are compared and ordered at the counter."""

from uketori.reservations.models import Reservation
from uketori.rules.folding import Dashes, fold

TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def name_order(reservation: Reservation) -> tuple[str, str]:
    """Order by the kana where there are any, else by the name.  Hiragana counts as katakana."""
    spoken = reservation.intermediary.name_kana or reservation.holder_name
    return name_key(spoken), reservation.reference


def name_key(name: str) -> str:
    """Return the form in which names are compared: width, case, blanks and kind of kana aside."""
    plain = fold(name, dashes=Dashes.AS_TYPED).translate(TO_KATAKANA).casefold()
    return "".join(sign for sign in plain if sign.isalnum() or sign == "ー")
