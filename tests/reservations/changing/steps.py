"""The form of the change page: opened, typed into, sent."""

from typing import Any

from django.test import Client

from tests.changes import cases_of
from tests.journeys.reading import Form, Page
from tests.policies import at
from uketori.reservations.models import Reservation

THURSDAY_TEN = at("2026-06-11 10:00")
Sent = dict[str, Any]


def path(reservation: Reservation, page: str = "changes") -> str:
    return f"/osaka/reservations/{reservation.reference}/{page}"


def open_page(visitor: Client, reservation: Reservation) -> Page:
    return Page(visitor.get(path(reservation)).content.decode())


def change_form(page: Page) -> Form:
    return page.form_with("revision")


def sent(form: Form, do: str = "", **changes: Any) -> Sent:
    """What the browser sends of this form, with some fields typed anew."""
    data: Sent = {}
    for name, value in form.pairs:
        data.setdefault(name, []).append(value)
    data.update(changes)
    return {**data, "do": do} if do else data


def posts(visitor: Client, reservation: Reservation, data: Sent) -> tuple[int, Page]:
    response = visitor.post(path(reservation), data)
    return response.status_code, Page(response.content.decode())


def words_of(page: Page) -> str:
    """The text with one blank wherever there are several, of whatever width."""
    return " ".join(page.text.split())


def names(reservation: Reservation, field: str = "number") -> list[str]:
    """The names of a field of each case, in order."""
    return [f"new-{field}-{case.pk}" for case in cases_of(reservation)]


def wish(visitor: Client, reservation: Reservation, do: str, **changes: Any) -> Sent:
    """The form as it is shown now, with changes."""
    return sent(change_form(open_page(visitor, reservation)), do, **changes)
