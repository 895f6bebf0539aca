"""The forms of the telephone desk: they make what a clerk noted well-formed, no more.  R-30."""

import re
from datetime import datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from uketori import refusal_texts
from uketori.counter.models import CallKind
from uketori.counter.telephone.calls import Noted
from uketori.intermediaries.holders.fields import PlainField, fold
from uketori.reservations.mails.telling import BureauReason
from uketori.rules.folding import Dashes
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason
from uketori.web.fields import DayField, OneOf

CLOCK = re.compile(r"([0-9]{1,2})(?:[:時]([0-9]{1,2})分?|時|([0-9]{2}))")
FARTHEST = timedelta(days=400)
"""A call further away than this is a slip of the pen, whatever the reservation."""


class ClockField(PlainField):
    """A time of day as people write it on paper: 9:05, 0905, 9時5分."""

    default_error_messages = {
        "clock": _("時刻は、10:28のように、時と分を入力してください。"),
    }

    def clean(self, value: object) -> time | None:  # type: ignore[override]  # a time, not its text
        """Return the time of day, None for nothing."""
        typed = fold(super().clean(value), Dashes.NONE).replace(" ", "")
        if not typed:
            return None
        found = CLOCK.fullmatch(typed)
        try:
            return time(int(found[1]), int(found[2] or found[3] or 0)) if found else self._wrong()
        except ValueError:
            return self._wrong()

    def _wrong(self) -> time:
        raise ValidationError(self.error_messages["clock"], code="clock")


class KeyField(forms.Field):
    """The key of a form; what is none is a form of its own, and nothing is refused for it."""

    widget = forms.HiddenInput

    def clean(self, value: object) -> UUID:
        """Return the key that was sent, or a fresh one."""
        try:
            return UUID(str(value))
        except ValueError:
            return uuid4()


class CallForm(forms.Form):
    """Who called and when; blank means now."""

    caller = PlainField(
        limit=100,
        required=False,
        label=_("電話の方のお名前"),
        help_text=_("予約の方と同じときも、聞いたとおりに。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = PlainField(
        limit=500,
        required=False,
        label=_("メモ"),
        help_text=_("申請人のお名前や在留カードの番号は、書かないでください。"),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    called_clock = ClockField(
        limit=20,
        required=False,
        label=_("電話を受けた時刻"),
        help_text=_("空欄は、いまです。例：10:28"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    called_on = DayField(
        required=False, label=_("電話を受けた日"), help_text=_("空欄は、きょうです。")
    )
    key = KeyField(required=False)

    def __init__(self, data: QueryDict | None = None, *, at: datetime, tz: tzinfo) -> None:
        super().__init__(data, initial={"key": uuid4()})
        self.at, self.tz = at, tz

    @property
    def is_from_paper(self) -> bool:
        """Whether another moment than now was typed, rightly or not."""
        names = ("called_clock", "called_on_year", "called_on_month", "called_on_day")
        return any(self.data.get(name, "") for name in names)

    def clean(self) -> dict[str, Any]:
        """Ask for the time where only a day was typed, and refuse days that cannot be meant."""
        cleaned = super().clean() or self.cleaned_data
        day, clock = cleaned.get("called_on"), cleaned.get("called_clock")
        if day is None or self.errors:
            return cleaned
        if clock is None:
            self.add_error("called_clock", _("電話を受けた時刻も入力してください。例：10:28"))
        if abs(day - self.at.astimezone(self.tz).date()) > FARTHEST:
            self.add_error("called_on", _("電話を受けた日を確かめてください。"))
        return cleaned

    def noted(self) -> Noted:
        """Return what was noted; the form is valid."""
        cleaned = self.cleaned_data
        day = cleaned["called_on"] or self.at.astimezone(self.tz).date()
        clock = cleaned["called_clock"]
        return Noted(
            called_at=datetime.combine(day, clock, tzinfo=self.tz) if clock else self.at,
            caller=cleaned["caller"],
            note=cleaned["note"],
            key=cleaned["key"],
        )

    def add_refusals(self, reasons: list[Reason], policy: BureauPolicy) -> None:
        """Let what the rules refuse stand at the time of the call."""
        for reason in reasons:
            text = refusal_texts.refusal_text(reason, policy)
            self.add_error("called_clock", ValidationError(text, code=reason.code))


class RecordForm(CallForm):
    """A call that by itself changes nothing."""

    kind = OneOf(
        label=_("ご用件"),
        choices=[
            (CallKind.WILL_BE_LATE, _("予約の時間に遅れる")),
            (CallKind.CANCEL, _("取消しの連絡（記録だけ。予約はそのまま）")),
            (CallKind.CHANGE, _("変更の連絡（記録だけ。予約はそのまま）")),
            (CallKind.OTHER, _("そのほか")),
        ],
        ask=_("ご用件を選んでください。"),
        ask_again=_("ご用件を、もう一度選んでください。"),
    )
    field_order = ("kind", "caller", "note", "called_clock", "called_on", "key")


class BureauReasonForm(forms.Form):
    """Why the bureau itself cancels: a closed list.  R-42"""

    reason = OneOf(
        label=_("取り消す理由"),
        choices=[
            (BureauReason.CLOSURE.value, _("臨時の閉庁")),
            (BureauReason.FAULT.value, _("システムの障害")),
            (BureauReason.OTHER.value, _("そのほか、当局の都合")),
        ],
        ask=_("取り消す理由を選んでください。"),
        ask_again=_("取り消す理由を、もう一度選んでください。"),
    )
