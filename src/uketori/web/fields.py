"""Fields of every form: a day in three small fields, and one of a few answers."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from uketori.rules.folding import Dashes, fold

BEFORE_REIWA = 2018
_YEAR = re.compile("(?P<common>[12][0-9]{3})年?|(?:令和|R[.]?)(?P<reiwa>[1-9][0-9]?|元)年?", re.I)
_MONTH_OR_DAY = re.compile("[0-9]{1,2}[月日]?")
_WHOLE = re.compile("((?:R[.])?[^-/.]*[0-9元])[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.I)
"""A day copied into the field of its year: 令和9年3月31日, 2027-03-31, R9.3.31."""


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
    """A day of the calendar; the year in four digits, or in 令和 where that is said."""

    widget = DayWidget
    default_error_messages = {
        "invalid": _("日付は、年・月・日を数字で入力してください。例：2027年3月31日"),
        "incomplete": _("日付は、年・月・日のすべてを入力してください。"),
        "year": _(
            "年は、西暦の4けたで入力してください。例：2027　"
            "和暦のときは、令和を付けてください。例：令和9"
        ),
        "no_such_day": _("{year}年{month}月{day}日という日はありません。"),
    }

    def to_python(self, value: list[str | None] | date | None) -> date | None:
        """Return the day, nothing if all three are blank."""
        if value is None or isinstance(value, date):
            return value
        typed = _parts(value)
        if not any(typed):
            return None
        if not all(typed):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        if not all(_MONTH_OR_DAY.fullmatch(part) for part in typed[1:]):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        month, day = (int(part.rstrip("月日")) for part in typed[1:])
        return self._day(self._year(typed[0]), month, day)

    def _year(self, typed: str) -> int:
        found = _YEAR.fullmatch(typed)
        if found is None:
            raise ValidationError(self.error_messages["year"], code="year")
        if common := found["common"]:
            return int(common)
        return BEFORE_REIWA + (1 if found["reiwa"] == "元" else int(found["reiwa"]))

    def _day(self, year: int, month: int, day: int) -> date:
        try:
            return date(year, month, day)
        except ValueError as error:
            message = self.error_messages["no_such_day"].format(year=year, month=month, day=day)
            raise ValidationError(message, code="no_such_day") from error

    def has_changed(self, initial: date | None, data: list[str | None] | None) -> bool:
        """Return whether another day was typed than the first."""
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


def _parts(value: list[str | None]) -> list[str]:
    """Return year, month and day without blanks; one that was copied whole is taken apart."""
    typed = [re.sub(r"\s", "", fold(part or "", dashes=Dashes.HYPHENS)) for part in value]
    whole = _WHOLE.fullmatch(typed[0])
    return list(whole.groups()) if whole and not any(typed[1:]) else typed


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
