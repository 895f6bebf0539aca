"""Fields of every form: a day in three small fields, and one of a few answers."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 4


class DayWidget(forms.MultiWidget):
    """Three text fields named ``…_year``, ``…_month`` and ``…_day``."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        numeric = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {part: forms.TextInput(numeric) for part in ("year", "month", "day")}, attrs
        )

    def decompress(self, value: date | None) -> list[int | None]:
        """Return what stands in the three fields for a day."""
        return [value.year, value.month, value.day] if value else [None, None, None]


class DayField(forms.Field):
    """A day of the calendar; digits may be full-width."""

    widget = DayWidget
    default_error_messages = {
        "invalid": _("日付は、年・月・日を数字で入力してください。例：2027年3月31日"),
        "incomplete": _("日付は、年・月・日のすべてを入力してください。"),
        "no_such_day": _("{year}年{month}月{day}日という日はありません。"),
    }

    def to_python(self, value: list[str | None] | date | None) -> date | None:
        """Return the day, nothing if all three are blank."""
        if value is None or isinstance(value, date):
            return value
        typed = [unicodedata.normalize("NFKC", part or "").strip() for part in value]
        if not any(typed):
            return None
        if not all(typed):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        if not all(part.isdecimal() and len(part) <= LONGEST for part in typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self._day(*(int(part) for part in typed))

    def _day(self, year: int, month: int, day: int) -> date:
        try:
            return date(year, month, day)
        except (ValueError, OverflowError) as error:
            message = self.error_messages["no_such_day"].format(year=year, month=month, day=day)
            raise ValidationError(message, code="no_such_day") from error

    def has_changed(self, initial: date | None, data: list[str | None] | None) -> bool:
        """Return whether another day was typed than the first."""
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class OneOf(forms.ChoiceField):
    """One of a few answers to be pressed, with the sentence that asks for it."""

    widget = forms.RadioSelect

    def __init__(
        self,
        *,
        ask: object,
        ask_again: object,
        **kwargs: Any,  # noqa: ANN401 - Django's own
    ) -> None:
        sentences: dict[str, Any] = {"required": ask, "invalid_choice": ask_again}
        super().__init__(error_messages=sentences, **kwargs)
