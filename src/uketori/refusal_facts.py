"""The facts of a refusal in words: days, hours, moments, endings.

``texts`` fills its sentences with them.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori import japanese
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import Ending


def _slot(starts_at: datetime, policy: BureauPolicy) -> str:
    return japanese.slot_words(starts_at, policy.slot_minutes, policy.tz)


def _slots(held: list[datetime], policy: BureauPolicy) -> str:
    return "、".join(_slot(starts_at, policy) for starts_at in held)


def _last_minute(closes_at: datetime, policy: BureauPolicy) -> str:
    return japanese.last_minute_words(closes_at, policy.tz)


def _day(day: date, _policy: BureauPolicy) -> str:
    return japanese.day_words(day)


def _long_day(day: date, _policy: BureauPolicy) -> str:
    return japanese.long_day_words(day)


def _clock(moment: datetime, policy: BureauPolicy) -> str:
    return japanese.clock_words(moment, policy.tz)


def _moment(moment: datetime, policy: BureauPolicy) -> str:
    return japanese.moment_words(moment, policy.tz)


def _ending(ending: Ending, _policy: BureauPolicy) -> str:
    return str(ENDING_WORDS[ending])


ENDING_WORDS: Mapping[Ending, Promise] = {
    Ending.SERVED: _("完了"),
    Ending.LATE: _("遅刻"),
    Ending.ABSENT: _("呼出し時に不在"),
    Ending.NO_SHOW: _("不来庁"),
    Ending.CANCELLED: _("取消し"),
}
"""How a visit ended, as staff say it."""

IN_WORDS: Mapping[str, Callable[[Any, BureauPolicy], str]] = {
    "starts_at": _slot,
    "held": _slots,
    "closed_at": _last_minute,
    "visit_day": _day,
    "expires_on": _long_day,
    "last_day": _long_day,
    "again_at": _moment,
    "ends_at": _clock,
    "arrived_at": _clock,
    "recorded_at": _clock,
    "ending": _ending,
}
"""The name of a fact and how it is said; every other fact is a word or a number already."""
