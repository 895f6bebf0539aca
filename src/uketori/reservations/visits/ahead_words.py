"""What a clerk saw ahead of the visit, as the person reads it on their own pages.  6(2), R-29."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from uketori import japanese, refusal_texts
from uketori.reservations.models import ENDINGS, Reservation, ReservedCase
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import AheadMark


@dataclass(frozen=True)
class AheadWords:
    """One kind of mark, with the numbers it is about and what to do."""

    title: str
    text: str


@dataclass(frozen=True)
class Marks:
    """What the marks of all the standing cases come to, for whoever would come."""

    has_any: bool
    none_ready: bool
    """Not one case can be issued yet: there is nothing to come for."""
    none_as_is: bool
    """Every case is marked, some only for their number: a call may still help."""


MARK_WORDS = {
    AheadMark.NOT_READY: _lazy(
        "※まだ交付できません。この案件のためには、お越しにならないでください。"
    ),
    AheadMark.WRONG_NUMBER: _lazy(
        "※この番号の申請が見つかりません。このままではお渡しできません。"
    ),
}
"""Beside the case, wherever a mail lists it."""


def mark_words(case: ReservedCase) -> str:
    """Return what to say beside the case; nothing for one that nothing is known of."""
    return str(MARK_WORDS[AheadMark(case.ahead_mark)]) if case.ahead_mark else ""


def marks_of(cases: Sequence[ReservedCase]) -> Marks:
    """Return what the marks of these cases, all that stand, come to."""
    marks = {case.ahead_mark for case in cases}
    none_ready = marks == {AheadMark.NOT_READY.value}
    return Marks(
        has_any=marks not in ({""}, set()),
        none_ready=none_ready,
        none_as_is="" not in marks and bool(marks) and not none_ready,
    )


def ahead_of(
    reservation: Reservation, cases: Sequence[ReservedCase], at: datetime
) -> list[AheadWords]:
    """Return what to say of the marked cases; nothing once the hour began or the visit is over."""
    if at >= reservation.starts_at or any(getattr(reservation, one) for one in ENDINGS):
        return []
    policy = reservation.made_under
    closes_at = reservation.change_closes_at
    deadline = japanese.last_minute_words(closes_at, policy.tz) if at < closes_at else ""
    found = []
    if numbers := _numbers(cases, AheadMark.NOT_READY):
        title = _("まだ交付できない案件があります")
        found.append(AheadWords(title, numbers + _not_ready(policy, deadline)))
    if numbers := _numbers(cases, AheadMark.WRONG_NUMBER):
        title = _("申請番号をお確かめください")
        found.append(AheadWords(title, numbers + _wrong_number(policy, deadline)))
    return found


def _numbers(cases: Sequence[ReservedCase], mark: AheadMark) -> str:
    numbers = "、".join(case.number for case in cases if case.ahead_mark == mark)
    return _("「{numbers}」").format(numbers=numbers) if numbers else ""


def _not_ready(policy: BureauPolicy, deadline: str) -> str:
    """Say not to come for these; after the deadline nothing is to be done."""
    if deadline and policy.allow_withdrawal:
        return _(
            "は、まだ交付できません。この案件のためには、お越しにならないでください。"
            "{deadline}までは、この案件を取り消せます。"
        ).format(deadline=deadline)
    return _(
        "は、まだ交付できません。この案件のためには、お越しにならないでください。"
        "この案件についての手続きはいりません。交付できるようになったら、新しく予約してください。"
    )


def _wrong_number(policy: BureauPolicy, deadline: str) -> str:
    """Ask to correct, or, after the deadline, to call before the hour."""
    if deadline and policy.allow_correction:
        return _(
            "の申請が見つかりません。{number_papers}で、番号をお確かめください。"
            "違うときは、{deadline}までになおしてください。正しいときは、お電話ください。"
        ).format(deadline=deadline, number_papers=refusal_texts.numbers_of(policy)["number_papers"])
    return _(
        "の申請が見つかりません。番号が違うときも、正しいときも、予約の時間の前までに、"
        "下の番号へお電話ください。"
    )
