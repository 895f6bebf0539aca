"""What a suspended person reads on top of every page that leads to a booking.  R-41, D24."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.certificate_texts import TO_BE_SEEN
from uketori.intermediaries.suspension.suspensions import suspended_among
from uketori.rules.refusals import Refusal


@dataclass(frozen=True)
class SuspendedWords:
    """That no booking is possible, until when, and what still is."""

    title: str
    text: str
    code: Refusal


def suspended_words(people: Iterable[int], today: date) -> dict[int, SuspendedWords]:
    """Return the words for each of these people who may not book today (one query)."""
    found = suspended_among(people, today)
    return {person: _words(last_day) for person, last_day in found.items()}


def suspended_words_of(person: int, today: date) -> SuspendedWords | None:
    """Return the same for one person."""
    return suspended_words([person], today).get(person)


def _words(last_day: date | None) -> SuspendedWords:
    if last_day is None:
        return _words_of_number()
    title = _("利用停止中です（{day}まで）").format(day=japanese.long_day_words(last_day))
    text = _(
        "この日まで、新しい予約はできません。いまある予約は、そのまま使えます。"
        "案件の変更とキャンセルも、それぞれの期限までできます。お問い合わせは、次の窓口へお電話ください。"
    )
    return SuspendedWords(title, text, Refusal.SUSPENDED)


def _words_of_number() -> SuspendedWords:
    """Say nothing of the other person: anybody can type a number.  ADR 0019."""
    text = _(
        "いまある予約は、そのまま使えます。番号が違っていたときは、「登録内容」のページの"
        "「更新した証明書を登録する」から、正しい番号を登録してください。"
        "番号が正しいときは、証明書をご用意のうえ、次の窓口へお電話ください。"
    )
    return SuspendedWords(str(TO_BE_SEEN), text, Refusal.CERTIFICATE_TO_BE_SEEN)
