"""The availability in words, for the top page and for the choice of a slot.  R-26."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from uketori import japanese
from uketori.bureaus.availability import Availability, FreeHour
from uketori.rules.capacity import SlotState
from uketori.rules.policy import BureauPolicy

SHAPES = {
    SlotState.FREE: "free",
    SlotState.FEW_CASES_LEFT: "few",
    SlotState.FULL: "full",
    SlotState.PAST_CLOSING: "over",
    SlotState.CLOSED: "closed",
    SlotState.YOURS: "done",
    SlotState.YOUR_LIMIT: "full",
}


@dataclass(frozen=True)
class DayHead:
    """The head of one column."""

    month: str
    date: str
    weekday: str
    gap: bool
    """Whether closed days lie between it and the column before."""


@dataclass(frozen=True)
class Cell:
    """One hour of one day, in words."""

    value: str
    """``2026-06-11T10:00``, what the form sends."""
    spoken: str
    """Day and hours in full, for screen readers."""
    shape: str
    word: str
    left: str
    choosable: bool
    gap: bool

    @property
    def is_few(self) -> bool:
        """Whether the sign of few places is shown beside the choice."""
        return self.shape == SHAPES[SlotState.FEW_CASES_LEFT]


@dataclass(frozen=True)
class HourRow:
    """One line of the table."""

    begins: str
    until: str
    cells: list[Cell]


@dataclass(frozen=True)
class HoursTable:
    """Displayed days × hours in words; the same facts as ``Availability``, ready for a template."""

    now: str
    heads: list[DayHead]
    rows: list[HourRow]
    notes: list[str]
    closing: str
    release: str


def hours_table(free: Availability, own: dict[str, SlotState] | None = None) -> HoursTable:
    """Put the availability into words.

    ``own`` maps values of cells to the states that only this person sees (YOURS, YOUR_LIMIT).
    """
    tz = free.facts.policy.tz
    return HoursTable(
        now=japanese.moment_words(free.at, tz),
        heads=_heads(free),
        rows=[_row(free, hour, own or {}) for hour in free.hours],
        notes=_notes(free),
        closing=_closing(free),
        release=_release(free),
    )


def value_of(hour: FreeHour) -> str:
    """Return what the form sends for this hour."""
    return f"{hour.starts_at:%Y-%m-%dT%H:%M}"


def _gaps(free: Availability) -> list[bool]:
    days = [shown.day for shown in free.window.days]
    if not days:
        return []
    return [False, *(later - earlier > timedelta(days=1) for earlier, later in pairwise(days))]


def _heads(free: Availability) -> list[DayHead]:
    return [
        DayHead(
            month=_("{month}月").format(month=shown.day.month),
            date=_("{day}日").format(day=shown.day.day),
            weekday=f"（{japanese.WEEKDAYS[shown.day.weekday()]}）",
            gap=gap,
        )
        for shown, gap in zip(free.window.days, _gaps(free), strict=True)
    ]


def _row(free: Availability, hour: int, own: dict[str, SlotState]) -> HourRow:
    hours = free.row(hour)
    words = japanese.hour_words(
        hours[0].starts_at, free.facts.policy.slot_minutes, free.facts.policy.tz
    )
    begins, until = words.split("～")
    return HourRow(
        begins=begins,
        until=f"～{until}",
        cells=[
            _cell(free, one, own.get(value_of(one)), gap=gap)
            for one, gap in zip(hours, _gaps(free), strict=True)
        ],
    )


def _cell(free: Availability, hour: FreeHour, own: SlotState | None, *, gap: bool) -> Cell:
    policy = free.facts.policy
    state = own or hour.state
    return Cell(
        value=value_of(hour),
        spoken=japanese.slot_words(hour.starts_at, policy.slot_minutes, policy.tz),
        shape=SHAPES[state],
        word=_word(state),
        left=_left(hour) if state in {SlotState.FREE, SlotState.FEW_CASES_LEFT} else "",
        choosable=state in {SlotState.FREE, SlotState.FEW_CASES_LEFT},
        gap=gap,
    )


def _word(state: SlotState) -> str:
    return {
        SlotState.FREE: pgettext("slot", "空きあり"),
        SlotState.FEW_CASES_LEFT: pgettext("slot", "残りわずか"),
        SlotState.FULL: pgettext("slot", "満席"),
        SlotState.PAST_CLOSING: pgettext("slot", "受付終了"),
        SlotState.CLOSED: pgettext("slot", "閉庁"),
        SlotState.YOURS: pgettext("slot", "予約済み"),
        SlotState.YOUR_LIMIT: pgettext("slot", "上限"),
    }[state]


def _left(hour: FreeHour) -> str:
    if hour.counts_cases:
        return _("残り{cases}件").format(cases=hour.left)
    return _("残り{left}").format(left=hour.left)


def _notes(free: Availability) -> list[str]:
    """Say why days between the displayed ones are left out, and why hours are fewer."""
    policy = free.facts.policy
    closed = [skipped for skipped in free.window.skipped if not free.facts.is_open_day(skipped.day)]
    notes = [
        _("{day}は閉庁日です（{reason}）。").format(
            day=japanese.day_words(skipped.day), reason=skipped.reason
        )
        for skipped in closed
        if skipped.day.weekday() not in policy.closed_weekdays
    ]
    weekend = [
        japanese.day_words(skipped.day)
        for skipped in closed
        if skipped.day.weekday() in policy.closed_weekdays
    ]
    if weekend:
        notes.insert(0, _("{days}は閉庁日です。").format(days="・".join(weekend)))
    return notes + [
        _hours_note(shown.day, free) for shown in free.window.days if _altered(shown.day, free)
    ]


def _altered(day: date, free: Availability) -> bool:
    return day in free.facts.hours_on


def _hours_note(day: date, free: Availability) -> str:
    return _("{day}は、受け取れる時間がふだんと違います（{reason}）。").format(
        day=japanese.day_words(day), reason=free.facts.extra_open[day]
    )


def _closing(free: Availability) -> str:
    """Say until when the first displayed day can be booked."""
    if not free.window.days:
        return ""
    first = free.window.days[0]
    tz = free.facts.policy.tz
    moment = japanese.last_minute_words(first.closes_at, tz)
    if _is_today(first.closes_at, free):
        moment = _("きょうの{clock}").format(clock=moment.split("）", 1)[1])
    return _("{day}の予約は、{moment}まで受け付けます。").format(
        day=japanese.day_words(first.day), moment=moment
    )


def _is_today(moment: datetime, free: Availability) -> bool:
    tz = free.facts.policy.tz
    return moment.astimezone(tz).date() == free.at.astimezone(tz).date()


def _release(free: Availability) -> str:
    """Say when the next day appears, naming the day of release unless it is today."""
    release = free.release
    if release is None:
        return ""
    tz = free.facts.policy.tz
    day = japanese.day_words(release.day)
    moment = japanese.moment_words(release.at, tz)
    if _is_today(release.at, free):
        moment = moment.split("）", 1)[1]
    return _("{day}の受付は{moment}にはじまります。").format(day=day, moment=moment)


def change_rule(policy: BureauPolicy) -> str:
    """Say until when changes are accepted, as a rule.  利用案内 4(1)."""
    last = policy.change_last_minute
    clock = _("{hour}時{minute}分").format(hour=last.hour, minute=last.minute)
    if policy.change_open_days_before == 1:
        return _("予約日の前の開庁日の{clock}まで").format(clock=clock)
    return _("予約日の{days}開庁日前の{clock}まで").format(
        days=policy.change_open_days_before, clock=clock
    )


def slot_length(policy: BureauPolicy) -> str:
    """Say how long a slot is.  利用案内 3(2)."""
    hours, minutes = divmod(policy.slot_minutes, 60)
    if minutes:
        return _("{minutes}分").format(minutes=policy.slot_minutes)
    return _("{hours}時間").format(hours=hours)
