"""The page of the board: the hours on the left, what was opened or found on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from uketori import refusal_texts
from uketori.counter.board.hours import board_of
from uketori.counter.board.outcome_form import Typed
from uketori.counter.board.panel import Opened, opened
from uketori.counter.lookup.openings import record_opening
from uketori.counter.lookup.search import MOST
from uketori.counter.visit.state import OUTCOME_KEY, Seen, seen
from uketori.reservations.models import Reservation
from uketori.reservations.references import is_reference
from uketori.rules.refusals import Reason
from uketori.staff.access import Staff


@dataclass(frozen=True)
class Problem:
    """One reason as the error summary shows it."""

    text: str
    code: str
    anchor: str


@dataclass(frozen=True)
class Hit:
    """One of several reservations that were found."""

    reservation: Reservation
    seen: Seen
    is_of_today: bool


def page(
    request: HttpRequest,
    staff: Staff,
    *,
    one: Opened | None = None,
    hits: Sequence[Hit] | None = None,
    find: str = "",
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    """Render the board with what stands beside it; 422 where something was refused."""
    return render(
        request,
        "counter/board/page.html",
        {
            "board": board_of(staff.policy, staff.at),
            "one": one,
            "hits": hits,
            "most_hits": MOST,
            "find": find,
            "problems": problems,
            "problems_title": _("見つかりません") if hits is not None else _("記録していません"),
            "opened_reference": one.reservation.reference if one else "",
            "outcome_key": OUTCOME_KEY,
            "staff": staff,
            "nav_current": "counter:board",
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
    )


def open_page(
    request: HttpRequest,
    staff: Staff,
    reservation: Reservation,
    *,
    typed: Typed | None = None,
    reasons: Sequence[Reason] = (),
    find: str = "",
) -> HttpResponse:
    """Show everything of one reservation, and record that somebody looked at it."""
    record_opening(staff, reservation)
    one = opened(reservation, staff, typed=typed, problems=reasons)
    return page(request, staff, one=one, find=find, problems=_problems(reasons, one))


def refused_page(
    request: HttpRequest, staff: Staff, reservation: Reservation, reasons: Sequence[Reason]
) -> HttpResponse:
    """Show why an act of the list was refused, without opening anything."""
    policy = reservation.made_under
    told = [Problem(refusal_texts.refusal_text(one, policy), one.code, "") for one in reasons]
    return page(request, staff, problems=told)


def hit_of(reservation: Reservation, staff: Staff) -> Hit:
    """Return a found reservation in words."""
    today = staff.at.astimezone(staff.policy.tz).date()
    return Hit(reservation, seen(reservation, staff.at), reservation.visit_day == today)


def back_to(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Lead back to the board, and to what was opened beside it."""
    opened_reference = request.POST.get("opened", "")
    if is_reference(opened_reference):
        return redirect("counter:show", bureau=staff.policy.code, reference=opened_reference)
    return redirect("counter:board", bureau=staff.policy.code)


def _problems(reasons: Sequence[Reason], one: Opened) -> list[Problem]:
    by_order = {line.order: line.pk for line in one.cases}
    return [
        Problem(
            refusal_texts.refusal_text(reason, one.policy),
            reason.code,
            f"why-{by_order[reason.case]}" if reason.case in by_order else "",
        )
        for reason in reasons
    ]
