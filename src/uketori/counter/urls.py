"""Addresses of the counter's pages, below ``/staff/<bureau>/``: one line a page."""

from datetime import date

from django.urls import path, register_converter

from uketori.counter.address import views as address_views
from uketori.counter.board import act_views
from uketori.counter.board import views as board_views
from uketori.counter.mail import views as mail_views
from uketori.counter.preparation import marking_views
from uketori.counter.preparation import views as preparation_views
from uketori.counter.taking_out import views as taking_out_views
from uketori.counter.telephone import urls as telephone
from uketori.reservations import urls as _urls  # noqa: F401 - brings the converter of references

app_name = "counter"


class DayConverter:
    """A day as 2026-06-11; what is no day is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the day; ``ValueError`` means that the address does not exist."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as it stands in the address."""
        return value.isoformat()


register_converter(DayConverter, "day")
MAILS = "counter/mails/<reference:reference>"
PREPARATION = "counter/preparation/<day:day>"

urlpatterns = [
    path("counter/", board_views.board, name="board"),
    path("counter/list", board_views.people, name="people"),
    path("counter/unresolved", board_views.unresolved, name="unresolved"),
    path("counter/search", board_views.search, name="search"),
    path("counter/<reference:reference>", board_views.show, name="show"),
    path("counter/<reference:reference>/arrival", act_views.arrival, name="arrival"),
    path(
        "counter/<reference:reference>/arrival/removal",
        act_views.arrival_removal,
        name="arrival_removal",
    ),
    path("counter/<reference:reference>/calling-up", act_views.calling_up, name="calling_up"),
    path("counter/<reference:reference>/outcome", act_views.outcome, name="outcome"),
    path("counter/<reference:reference>/ending", act_views.ending, name="ending"),
    path(
        "counter/<reference:reference>/ending/removal",
        act_views.ending_removal,
        name="ending_removal",
    ),
    path("counter/<reference:reference>/certificate", act_views.certificate, name="certificate"),
    path(
        "counter/<reference:reference>/certificate/removal",
        act_views.certificate_removal,
        name="certificate_removal",
    ),
    path(
        "counter/<reference:reference>/rivals/<int:claim_id>/settlement",
        act_views.settlement,
        name="settlement",
    ),
    path("counter/preparation", preparation_views.coming, name="preparation"),
    path(PREPARATION, preparation_views.show, name="preparation-day"),
    path(f"{PREPARATION}/printings", preparation_views.printings, name="printings"),
    path(f"{PREPARATION}/differences", preparation_views.differences, name="differences"),
    path(f"{PREPARATION}/list.csv", preparation_views.export, name="preparation-export"),
    path(f"{PREPARATION}/marks", marking_views.marks, name="ahead-marks"),
    path(f"{PREPARATION}/taking-out", taking_out_views.chosen, name="taking_out_chosen"),
    path(
        "counter/<reference:reference>/taking-out", taking_out_views.taking_out, name="taking_out"
    ),
    *telephone.urlpatterns,
    path("counter/claims/<int:claim_id>/address", address_views.address, name="address_for"),
    path(
        "counter/claims/<int:claim_id>/address/withdrawal",
        address_views.withdrawal,
        name="address_withdrawal",
    ),
    path("counter/mails/", mail_views.mails, name="mails"),
    path(MAILS, mail_views.about, name="mails_about"),
    path(f"{MAILS}/<int:mail_id>/resending", mail_views.resending, name="resending"),
]
