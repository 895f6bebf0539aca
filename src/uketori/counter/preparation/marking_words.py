"""What is said of marks that were made, or are about to be, on the preparation list.  6(2)"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from uketori.counter.words import MARK_WORDS
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.visit import AheadMark

MOST_NAMED = 6
"""So many cases a message names; of more it says how many there are."""
Changed = Sequence[tuple[Reservation, Sequence[ReservedCase], bool]]
"""Each reservation with the cases that changed, and whether somebody gets a mail of it."""


def review_title(mark: AheadMark | None, count: int) -> str:
    """Say what the press of the button would do."""
    if mark is None:
        return _("{count}件の印を取り消します").format(count=count)
    told = _("{count}件に「{mark}」の印を付けます")
    return told.format(count=count, mark=MARK_WORDS[mark])


def unchanged(mark: AheadMark | None) -> str:
    """Say that there is nothing to do."""
    if mark is None:
        return _("選んだ案件に、印はありません。")
    return _("選んだ案件には、もう「{mark}」の印が付いています。").format(mark=MARK_WORDS[mark])


def said_of(changed: Changed, mark: AheadMark | None) -> str:
    """Say what was done to which cases, and of how many somebody gets a mail."""
    count = sum(len(cases) for _one, cases, _is_told in changed)
    untold = sum(len(cases) for _one, cases, is_told in changed if not is_told)
    if mark is None:
        done = _("{cases}の印を取り消しました。")
        told = _(
            "印のことをメールでお知らせしていた方には、取り消したことをメールでお知らせします。"
        )
    else:
        done = _("{cases}に印を付けました。")
        told = _("予約した方にメールでお知らせします。")
    if untold:
        told = _("予約の時間がはじまった{untold}件は、メールでお知らせしません。")
    return f"{done}{told}".format(cases=_named(changed, count), untold=untold)


def _named(changed: Changed, count: int) -> str:
    """Name the cases with their reservations: K7M4-2QXPの阪労一E00002・阪労一E00003（2件）."""
    left, parts = MOST_NAMED, []
    for one, cases, _is_told in changed:
        numbers = [case.number for case in cases[:left]]
        left -= len(numbers)
        if numbers:
            parts.append(
                _("{reference}の{numbers}").format(
                    reference=one.reference, numbers="・".join(numbers)
                )
            )
    more = _("など") if count > MOST_NAMED else ""
    return _("{parts}{more}（{count}件）").format(parts="、".join(parts), more=more, count=count)
