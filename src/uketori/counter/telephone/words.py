"""What the clerk sees of a reservation that somebody calls about, and reads aloud.  4(2), R-30."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.counter.models import Call, CallKind
from uketori.counter.visit.facts import visit_of
from uketori.counter.words import KIND_WORDS
from uketori.refusal_facts import ENDING_WORDS
from uketori.reservations.models import Reservation
from uketori.rules.change import may_change
from uketori.rules.policy import BureauPolicy, Document
from uketori.staff.names import names_of

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Deadline:
    """Whether the caller is in time at this moment, and what that means."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class CallLine:
    """One call as the log tells it."""

    reservation: Reservation
    moment: str
    about: str
    deadline: str
    visit: str
    caller: str
    note: str
    is_late_entry: bool
    is_only_noted: bool
    """Asked for, and not done with the call."""
    struck: str
    """When and by whom it was found to be noted by mistake; empty for what stands."""
    pk: int
    may_strike: bool


def deadline_of(reservation: Reservation, at: datetime) -> Deadline:
    """Say the state of the deadline; the hour and the end come first where they matter."""
    policy = reservation.made_under
    last = japanese.last_minute_words(reservation.change_closes_at, policy.tz)
    visit = visit_of(reservation, policy)
    if visit.ending is not None:
        ended = _("この予約は終わっています：{ending}").format(ending=ENDING_WORDS[visit.ending])
        return Deadline("info", ended, _("電話があったことは、下で記録できます。"))
    if visit.arrived_at is not None:
        return Deadline("info", _("来庁の記録があります"), _("取消し・変更はできません。"))
    if may_change(at=at, closes_at=reservation.change_closes_at):
        return Deadline(
            "good",
            _("期限内です（{last}まで）").format(last=last),
            _("ご本人も、メールのリンクから取消し・変更ができます。回数には数えません。"),
        )
    if at < visit.ends_at:
        return Deadline(
            "caution",
            _("期限を過ぎています（{last}まででした）").format(last=last),
            _("いまの電話は、期限のあとの取消し・変更として受け、そのように記録します。"),
        )
    return Deadline(
        "wrong",
        _("予約の時間が終わりました（{ends}まででした）").format(ends=_ends(reservation, policy)),
        _("いまの電話では、取消し・変更はできません。来庁の結果は、本日の窓口で決めます。"),
    )


def call_lines(
    calls: Sequence[Call], policy: BureauPolicy, strikable: Collection[int] = ()
) -> list[CallLine]:
    """Put calls into words, in their order; ``strikable`` are the ids of those to offer that of."""
    names = names_of({call.struck_by for call in calls})
    return [_line(call, policy, names, may_strike=call.pk in strikable) for call in calls]


def _line(
    call: Call, policy: BureauPolicy, names: Mapping[str, str], *, may_strike: bool
) -> CallLine:
    tells_deadline = call.kind in {CallKind.CANCEL, CallKind.CHANGE}
    deadline = _("期限のあと") if call.is_after_deadline else _("期限内")
    return CallLine(
        reservation=call.reservation,
        moment=japanese.moment_words(call.called_at, policy.tz),
        about=str(KIND_WORDS[CallKind(call.kind)]),
        deadline=deadline if tells_deadline else "",
        visit=_("予約の時間の前") if call.is_before_visit else _("予約の時間になってから"),
        caller=call.caller,
        note=call.note,
        is_only_noted=tells_deadline and not call.is_done,
        is_late_entry=call.recorded_at - call.called_at >= A_MINUTE,
        struck=_struck(call, policy, names),
        pk=call.pk,
        may_strike=may_strike,
    )


def _struck(call: Call, policy: BureauPolicy, names: Mapping[str, str]) -> str:
    if call.struck_at is None:
        return ""
    moment = japanese.moment_words(call.struck_at, policy.tz)
    return _("まちがいの記録（{moment}　{name}）").format(
        moment=moment, name=names.get(call.struck_by, "")
    )


def left_after_striking(call: Call) -> str:
    """Say what was done with the call and stays done; nothing where it was only noted.  R-32"""
    if not call.is_done:
        return ""
    if call.kind == CallKind.CANCEL:
        return _(
            "この電話で行った予約の取消しは、元に戻りません。予約の方に電話で伝え、必要なときは、"
            "同じ案件で予約を取ってください。"
        )
    return _(
        "この電話で行った案件の変更は、元に戻りません。予約の方に電話で伝え、あらためて変更してください。"
    )


def said(call: Call, at: datetime) -> list[str]:
    """Return what to read aloud to the caller after the call was recorded, sentence by sentence."""
    reservation = call.reservation
    policy = reservation.made_under
    hour = japanese.slot_words(reservation.starts_at, policy.slot_minutes, policy.tz)
    if call.kind == CallKind.CANCEL and reservation.cancelled_at is not None:
        return [_("{hour}の予約を取り消しました。").format(hour=hour), *_counted(call, policy)]
    if call.kind == CallKind.CHANGE and call.is_done:
        count = reservation.live_case_count
        changed = _("{hour}の予約を変更しました。いまは{count}件です。")
        return [changed.format(hour=hour, count=count), *_counted(call, policy)]
    if call.kind == CallKind.WILL_BE_LATE:
        return _late(reservation, hour, at)
    return [
        _("ご連絡を記録しました。"),
        _("{hour}の予約は、そのままです。").format(hour=hour),
    ]


def asked_before_cancelling(reservation: Reservation) -> list[str]:
    """Return what to read aloud before cancelling; the reference is spelled below it."""
    policy = reservation.made_under
    whose = _("{name} 様の、{hour}、{count}件の予約を、すべて取り消します。")
    return [
        whose.format(
            name=reservation.holder_name,
            hour=japanese.slot_words(reservation.starts_at, policy.slot_minutes, policy.tz),
            count=reservation.live_case_count,
        ),
        _("予約番号は、次のとおりです。"),
    ]


def said_of_booking(reservation: Reservation) -> list[str]:
    """Return what to read aloud after booking for the caller; the reference is spelled beside."""
    policy = reservation.made_under
    hour = japanese.slot_words(reservation.starts_at, policy.slot_minutes, policy.tz)
    last = japanese.last_minute_words(reservation.change_closes_at, policy.tz)
    return [
        _("{hour}に、{count}件の予約をお取りしました。").format(
            hour=hour, count=reservation.first_case_count
        ),
        _("変更・取消しは、{last}までです。そのあとは、お電話ください。").format(last=last),
        _("証明書と、{postcard}にある書類をお持ちください。確認のメールをお送りします。").format(
            postcard=policy.documents[Document.POSTCARD]
        ),
        _("予約番号は、次のとおりです。"),
    ]


def _ends(reservation: Reservation, policy: BureauPolicy) -> str:
    """Say the end of the hour as it is read aloud: 11時."""
    return japanese.hour_words(reservation.starts_at, policy.slot_minutes, policy.tz).split("～")[1]


def _counted(call: Call, policy: BureauPolicy) -> list[str]:
    mailed = _("登録のメールアドレスへ、お知らせをお送りします。")
    if not call.is_after_deadline:
        return [mailed]
    late = _(
        "期限のあとのご連絡として記録しました。回数が多いときは、次からの予約をお断りすることがあります。"
    )
    return [late, mailed]


def _late(reservation: Reservation, hour: str, at: datetime) -> list[str]:
    policy = reservation.made_under
    visit = visit_of(reservation, policy)
    ends = _ends(reservation, policy)
    noted = _("{hour}の予約に遅れるとのご連絡を、記録しました。").format(hour=hour)
    otherwise = _("それより遅いときは、予約は使えません。{counter}で手続してください。").format(
        counter=policy.ordinary_counter
    )
    if at >= visit.ends_at:
        over = _("予約の時間は、{ends}で終わりました。予約は使えません。").format(ends=ends)
        return [
            noted,
            over,
            _("{counter}で手続してください。").format(counter=policy.ordinary_counter),
        ]
    return [noted, _("{ends}より前にお越しになれば、予約を使えます。").format(ends=ends), otherwise]
