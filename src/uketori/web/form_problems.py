"""What is wrong with a form, as lines that link to their fields."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField
from django.forms.utils import ErrorList

from uketori.rules.refusals import Refusal


@dataclass(frozen=True)
class Problem:
    """One line of an error summary."""

    anchor: str
    """The id of the control; empty if the form as a whole is meant."""
    text: str
    code: str = ""
    """The stable code if a rule refused, shown in ``data-refusal``."""


def of_form(form: BaseForm) -> list[Problem]:
    """Return every problem: first of the form as a whole and of what nobody sees, then in order."""
    found = _each("", form.non_field_errors())
    for field in form.hidden_fields():
        found += _each("", field.errors)
    for field in form.visible_fields():
        found += of_field(field)
    return found


def of_field(field: BoundField) -> list[Problem]:
    """Return the problems of one field."""
    return _each(anchor_of(field), field.errors)


def anchor_of(field: BoundField) -> str:
    """Return the id of the field's control, or of its first one where there are several."""
    return field.id_for_label or f"{field.auto_id}_0"


def _each(anchor: str, errors: ErrorList) -> list[Problem]:
    return [
        Problem(anchor, text, _refusal_code(error))
        for error in errors.as_data()
        for text in error.messages
    ]


def _refusal_code(error: ValidationError) -> str:
    return str(error.code) if error.code in Refusal.__members__ else ""
