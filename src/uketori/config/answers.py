"""``uketori calendar`` and ``uketori deadline``: which days can be booked, and until when.

Import it after Django's set-up.  Nothing is written.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from uketori import japanese
from uketori.bureaus.calendar import calendar_facts
from uketori.bureaus.policies import UnknownBureau, bureau_codes, policy_at
from uketori.config.arguments import CannotRun, parse_day
from uketori.rules.calendar import CalendarFacts, DisplayWindow, display_window
from uketori.rules.change import change_closes_at, trace_deadline
from uketori.rules.policy import BureauPolicy


def calendar_lines(bureau: str, moments: list[datetime], *, as_json: bool) -> Iterator[str]:
    """Yield the displayed days of each moment, one JSON object a line or in sentences."""
    for moment in moments:
        at = moment.astimezone(policy_of(bureau, moment.date()).tz)
        facts = facts_around(bureau, at.date())
        window = display_window(at, facts)
        if as_json:
            yield _json(_window_facts(at, window, facts))
        else:
            yield from _window_sentences(at, window, facts)


def deadline_lines(bureau: str, words: list[str], *, as_json: bool) -> Iterator[str]:
    """Yield the deadline of each visit day; in the end raise ``CannotRun`` for those closed."""
    closed = []
    for day in [parse_day(word) for word in words]:
        facts = facts_around(bureau, day)
        if reason := facts.why_closed(day):
            closed.append(f"{japanese.long_day_words(day)}は閉庁日（{reason}）で、予約できません。")
            continue
        closes_at = change_closes_at(visit_day=day, facts=facts)
        trace = trace_deadline(day, facts)
        if as_json:
            answer = {
                "visit_day": day.isoformat(),
                "closes_at": _iso(closes_at, facts),
                "trace": list(trace),
            }
            yield _json(answer)
        else:
            yield from trace
    if closed:
        raise CannotRun("\n".join(closed))


def policy_of(bureau: str, day: date) -> BureauPolicy:
    """Return the policy of the day, or say which bureaus there are.  Raises ``CannotRun``."""
    try:
        return policy_at(bureau, day)
    except UnknownBureau:
        known = "、".join(bureau_codes())
        message = f"「{bureau}」という官署はありません。あるのは、{known}です。"
        raise CannotRun(message) from None


def facts_around(bureau: str, day: date) -> CalendarFacts:
    """Return what is known of the days around the day.  Raises ``CannotRun``."""
    policy_of(bureau, day)
    try:
        return calendar_facts(bureau, day)
    except OverflowError:
        message = f"日付「{day.isoformat()}」は遠すぎて、開庁日を数えられません。"
        raise CannotRun(message) from None


def _window_facts(at: datetime, window: DisplayWindow, facts: CalendarFacts) -> dict[str, object]:
    return {
        "at": at.isoformat(),
        "days": [
            {"date": one.day.isoformat(), "closes_at": _iso(one.closes_at, facts)}
            for one in window.days
        ],
        "skipped": [{"date": one.day.isoformat(), "reason": one.reason} for one in window.skipped],
    }


def _window_sentences(at: datetime, window: DisplayWindow, facts: CalendarFacts) -> Iterator[str]:
    tz = facts.policy.tz
    yield f"{japanese.moment_words(at, tz, year=True)}に予約できる日："
    for one in window.days:
        until = japanese.last_minute_words(one.closes_at, tz)
        yield f"  {japanese.day_words(one.day)}　{until}まで"
    for skipped in window.skipped:
        yield f"  {japanese.day_words(skipped.day)}は予約できません（{skipped.reason}）。"


def _iso(moment: datetime, facts: CalendarFacts) -> str:
    return moment.astimezone(facts.policy.tz).isoformat()


def _json(answer: Mapping[str, object]) -> str:
    return json.dumps(answer, ensure_ascii=False)
