"""What the values of a policy file must be, each by itself and together.

Whatever is wrong is said with its key: a number of the notice is never guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from email_validator import EmailNotValidError, validate_email

from uketori.rules.policy import BureauPolicy, Document

Values = dict[str, Any]

PLAIN: Mapping[object, str] = {int: "a whole number", str: "a text", bool: "true or false"}
MAY_BE_ZERO = {
    *("few_left", "change_open_days_before", "session_warning_minutes"),
    *("first_reminder_open_days_before", "second_reminder_open_days_before"),
}
MOST = 100_000
"""No number of a policy is above: minutes, days and counts that could not be reckoned with."""
A_DAY_IN_MINUTES = 24 * 60
NAMES = (
    *("application_types", "certificate_kinds", "intermediary_kinds", "categories"),
    *("category_questions", "documents", "document_notes", "guide_clauses"),
)
"""Tables of texts."""
NAMED_IN = (
    ("number_letters", "application_types"),
    ("certificate_of", "certificate_kinds"),
    ("documents_of_category", "documents"),
    ("documents_of_type", "documents"),
    ("categories_of", "categories"),
)
"""Where one table speaks of what another names."""
LESS_THAN = (
    ("number_min_length", "number_max_length"),
    ("session_warning_minutes", "session_idle_minutes"),
    ("max_wrong_codes", "max_wrong_codes_per_address_a_day"),
    ("max_certificates_per_address", "max_certificate_numbers_per_address_a_day"),
)


def check(values: Values) -> None:
    """Check the values of one file.  Raises ``ValueError``, naming the key."""
    _check_plain(values)
    _check_names(values)
    _check_hours(values)
    if Document.POSTCARD not in values["documents"]:  # every bureau sends one, under its own name
        message = "documents: postcard is missing"
        raise ValueError(message)
    for key, known in NAMED_IN:
        if unknown := set(_spoken_of(values[key])) - set(values[known]):
            message = f"{key}: {sorted(map(str, unknown))} not in {known}"
            raise ValueError(message)
    if not values["mail_from"].endswith(values["mail_domain"]):  # people allow the domain, 2(3)
        message = f"mail_from: is not of {values['mail_domain']}"
        raise ValueError(message)
    for key in ("mail_from", "mail_reply_to"):
        _check_address(key, values[key])
    for less, more in LESS_THAN:
        if values[less] > values[more]:
            message = f"{less}: must not be above {more}"
            raise ValueError(message)


def check_followed(earlier: BureauPolicy, later: BureauPolicy) -> None:
    """Check that a later file still has words for everybody who registered under an earlier one.

    A certificate kind or position that is no longer offered stays, with no category.  Raises
    ``ValueError``, naming the key.
    """
    for key in ("certificate_kinds", "intermediary_kinds"):
        if lost := set(getattr(earlier, key)) - set(getattr(later, key)):
            message = (
                f"{key}: {sorted(map(str, lost))} is missing; people registered with it."
                " Leave it, and give its positions no category"
            )
            raise ValueError(message)


def _check_plain(values: Values) -> None:
    """Check what needs no shaping: whole numbers, texts, yes or no."""
    for field in fields(BureauPolicy):
        value = values[field.name]
        if field.type in PLAIN and type(value) is not field.type:
            message = f"{field.name} must be {PLAIN[field.type]}, not {value!r}"
            raise ValueError(message)
        least = 0 if field.name in MAY_BE_ZERO else 1
        if field.type is int and value < least:
            message = f"{field.name} must be at least {least}, not {value}"
            raise ValueError(message)
        if field.type is int and value > MOST:
            message = f"{field.name} must be at most {MOST}, not {value}"
            raise ValueError(message)


def _check_names(values: Values) -> None:
    """Check what is shown as a name: a number there would be no error, and no word."""
    named = {f"{key}.{name}": one for key in NAMES for name, one in values[key].items()}
    for number, one in enumerate(values["declarations"], start=1):
        named |= {f"declarations.{number}.code": one.code, f"declarations.{number}.text": one.text}
    if wrong := [name for name, value in named.items() if not isinstance(value, str)]:
        message = f"{wrong[0]} must be a text, not {named[wrong[0]]!r}"
        raise ValueError(message)


def _check_address(key: str, address: str) -> None:
    """Check that mail can be sent from there, and answered; an empty text means no answers."""
    try:
        if address or key == "mail_from":
            validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        message = f"{key}: {address!r} is no mail address"
        raise ValueError(message) from error


def _check_hours(values: Values) -> None:
    """Check that no slot runs into another, and that there is one at all."""
    length = values["slot_minutes"]
    if not any(values["hours"]):
        message = "hours: no slot would ever start"
        raise ValueError(message)
    for day in values["hours"]:
        ends = [60 * hour + length for hour in day]
        begins = [60 * hour for hour in day[1:]] + [A_DAY_IN_MINUTES] * bool(day)
        if any(end > begin for end, begin in zip(ends, begins, strict=True)):
            message = f"hours: slots of {length} minutes overlap, or run into the next day"
            raise ValueError(message)


def _spoken_of(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands in a table, one by one or in tuples."""
    for value in table.values():
        yield from [value] if isinstance(value, str) else value
