"""That a card is gone while its number is still booked, as the holder reads it.  D11, 6(2)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.reservations.cases.same_number import Twins, by_twin, issued_twins, open_twins
from uketori.reservations.models import ENDINGS, Reservation, ReservedCase
from uketori.reservations.visits.ahead_words import AheadWords
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import Outcome


def told_of_same_numbers(
    reservation: Reservation, cases: Sequence[ReservedCase], at: datetime
) -> list[AheadWords]:
    """Say on both of one's own reservations that a number was issued and is still booked."""
    bureau, person = reservation.bureau, reservation.intermediary_id
    if reservation.served_at is not None:
        issued = [case for case in cases if case.outcome == Outcome.ISSUED]
        still = open_twins(issued, bureau, person)
        return _told(
            issued,
            still,
            reservation.made_under,
            _("ほかの予約に残っている案件があります"),
            _left(),
        )
    if any(getattr(reservation, ending) for ending in ENDINGS):
        return []
    gone = issued_twins(cases, bureau, reservation.visit_day, person)
    return _told(
        cases, gone, reservation.made_under, _("交付済みの案件があります"), _gone(reservation, at)
    )


def _told(
    cases: Sequence[ReservedCase], twins: Twins, policy: BureauPolicy, title: str, sentence: str
) -> list[AheadWords]:
    return [
        AheadWords(
            title,
            sentence.format(
                numbers=numbers,
                hour=japanese.slot_words(twin.starts_at, policy.slot_minutes, policy.tz),
                reference=twin.reference,
            ),
        )
        for twin, numbers in by_twin(cases, twins)
    ]


def _left() -> str:
    return _(
        "「{numbers}」は交付しましたが、{hour}の予約（{reference}）にも入っています。"
        "その予約では受け取れないので、そちらを変更するか、取り消してください。"
    )


def _gone(reservation: Reservation, at: datetime) -> str:
    """Say that it cannot be fetched again; before the deadline the case can be taken out."""
    issued = _(
        "「{numbers}」は、{hour}の予約（{reference}）で交付しています。この予約では受け取れません。"
    )
    policy, closes_at = reservation.made_under, reservation.change_closes_at
    if at < closes_at and policy.allow_withdrawal:
        last = japanese.last_minute_words(closes_at, policy.tz)
        return issued + _("{last}までに、この案件を取り消してください。").format(last=last)
    return issued + _("ほかに受け取る案件がないときは、お越しになる前にお電話ください。")
