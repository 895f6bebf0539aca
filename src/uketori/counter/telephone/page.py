"""What the pages about one call share."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from uketori.counter.models import Call
from uketori.counter.telephone.forms import CallForm
from uketori.counter.telephone.words import deadline_of
from uketori.counter.visit.state import seen
from uketori.reservations.models import Reservation
from uketori.staff.access import Staff


def to_call(noted: Call) -> HttpResponse:
    """Lead to the reservation, where the answer to the caller stands."""
    kwargs = {"bureau": noted.reservation.bureau, "reference": noted.reservation.reference}
    return redirect(f"{reverse('counter:call', kwargs=kwargs)}?{NOTED}={noted.pk}")


def status_of(request: HttpRequest, form: CallForm) -> int:
    """Say 422 where what was sent is to be mended."""
    return 422 if request.method == "POST" and form.errors else 200


def head_of(
    reservation: Reservation, staff: Staff, called_at: datetime | None = None
) -> dict[str, Any]:
    """Return what stands at the head of every page about one reservation.

    The deadline is told as of the call: now, unless paper says another moment.
    """
    return {
        "reservation": reservation,
        "made_under": reservation.made_under,
        "seen": seen(reservation, staff.at),
        "nav_current": "counter:calls",
        "deadline": deadline_of(reservation, called_at or staff.at),
    }


NOTED = "noted"
"""The part of the address that names the call to read the answer of."""
