"""Forms with which an hour is booked, changed and given back."""

from collections.abc import Callable
from uuid import UUID

from tests import factories
from tests.hostile.form import Form, Typed, below
from tests.hostile.world import World
from uketori.bureaus.models import Slot
from uketori.intermediaries.models import Limit
from uketori.outbox.models import OutgoingMail
from uketori.reservations.hour_models import HourChange
from uketori.reservations.models import CaseChange, Draft, Reservation, ReservedCase

BOOKED = (Reservation, ReservedCase, OutgoingMail, Slot)


NUMBERS = ("number-1", "number-2")
KEPT = {
    "keep": NUMBERS,
    "proceed": NUMBERS,
    "add-row": NUMBERS,
    "drop-1": ("number-2",),
    "add-paste": NUMBERS,
}
"""What was pasted becomes rows."""
CASE = ("number", "type", "category", "reentry")
BOOKING = ("holder", "slot", "paste", "category-all", "type-all", "number-1", "type-1")
BOOKING = (*BOOKING, "category-1", "do")


def _drafts(here: World, key: UUID | None = None, then: str = "") -> str:
    return here.path(f"reservations/drafts/{key or here.draft.key}{then}")


def _reserved(here: World, then: str = "") -> str:
    return here.path(f"reservations/{here.reservation.reference}{then}")


def _booking(button: str) -> Callable[[World], Typed]:
    return lambda here: {
        "holder": [str(here.claim.pk)],
        "slot": [here.cell(8)],
        "paste": [f"{here.number(7777)}\t更新\tア"],
        "category-all": ["own"],
        "type-all": ["extension"],
        "number-1": [here.number(5001)],
        "type-1": [""],
        "category-1": [""],
        "had-1": ["1"],
        "number-2": [here.number(5002)],
        "type-2": ["change"],
        "category-2": ["own"],
        "do": [button],
    }


def _confirming(here: World) -> Typed:
    return {
        "revision": [str(here.draft.revision)],
        "declared": list(factories.DECLARED),
        "notice": ["1"],
        "slot": [here.cell(9)],
    }


def _draft_form(button: str, *attacked: str) -> Form:
    return Form(
        f"draft {button}",
        "reservations:draft",
        _drafts,
        _drafts,
        _booking(button),
        people_type=KEPT[button],
        writes=(Draft,),
        multipart=True,
        attacked=attacked,
    )


FORMS = [
    _draft_form("keep", *BOOKING),
    # what stands in the place of the button is the same, whichever button it was
    _draft_form("proceed", *(one for one in BOOKING if one != "do")),
    _draft_form("add-row", "number-1"),
    _draft_form("drop-1", "number-2"),
    _draft_form("add-paste", "number-1", "paste", "holder"),
    Form(
        "confirm",
        "reservations:confirm",
        lambda here: _drafts(here, then="/confirmation"),
        lambda here: _drafts(here, then="/confirmation"),
        _confirming,
        attacked=("revision", "declared", "notice", "slot"),
        writes=BOOKED,
    ),
    Form(
        "delete draft",
        "reservations:delete_draft",
        lambda here: _drafts(here, then="/deletion"),
        below("reservations/"),
        writes=(Draft,),
    ),
    Form(
        "copy",
        "reservations:copy",
        lambda here: _reserved(here, "/copy"),
        _reserved,
        writes=(Draft,),
    ),
    Form(
        "mail again",
        "reservations:mails",
        lambda here: _reserved(here, "/mails"),
        _reserved,
        writes=(OutgoingMail, Limit),
    ),
    Form(
        "cancellation",
        "reservations:cancellation",
        lambda here: _reserved(here, "/cancellation"),
        lambda here: _reserved(here, "/cancellation"),
        writes=(Reservation, OutgoingMail, Slot),
    ),
    Form(
        "change",
        "reservations:changes",
        lambda here: _reserved(here, "/changes"),
        lambda here: _reserved(here, "/changes"),
        lambda here: {
            "revision": [str(here.reservation.revision)],
            "withdraw": [],
            f"new-number-{here.case.pk}": [here.number(999)],
            f"new-type-{here.case.pk}": ["extension"],
            f"new-category-{here.case.pk}": ["own"],
            f"new-reentry-{here.case.pk}": ["on"],
            "do": ["change"],
        },
        attacked=("revision", "withdraw", *(f"new-{one}-{{case}}" for one in CASE), "do"),
        lasts=True,
        writes=(Reservation, ReservedCase, CaseChange, OutgoingMail, Slot),
    ),
    Form(
        "hour",
        "reservations:hour",
        lambda here: _reserved(here, "/hour"),
        lambda here: _reserved(here, "/hour"),
        lambda here: {
            "revision": [str(here.reservation.revision)],
            "slot": [here.cell(8)],
            "do": ["move"],
        },
        attacked=("revision", "slot", "do"),
        lasts=True,
        writes=(Reservation, HourChange, OutgoingMail, Slot),
    ),
]
