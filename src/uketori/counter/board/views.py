"""The clerk's hour board, the search, and an opened reservation.  R-38, R-39, R-40."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from uketori.counter.board.hours import MOST_LISTED, board_of, lines_of, unresolved_before
from uketori.counter.board.outcome_form import Typed
from uketori.counter.board.page import Problem, hit_of, open_page, page
from uketori.counter.board.panel import live_cases, opened
from uketori.counter.lookup.openings import record_listing
from uketori.counter.lookup.reader_text import is_kana_of_keys
from uketori.counter.lookup.reservation import find_reservation
from uketori.counter.lookup.search import Found, find
from uketori.counter.visit.check_in import check_in
from uketori.counter.visit.state import seen
from uketori.reservations.models import Reservation
from uketori.reservations.references import is_reference
from uketori.rules.permissions import Act
from uketori.rules.refusals import Refused
from uketori.rules.visit import VisitState, is_too_early
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.idle_lock import BACKGROUND
from uketori.staff.kept_posts import handed_back, kept_post, searched
from uketori.web.paging import page_of


@staff_only(Act.SEE_BOARD)
@require_safe
def board(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the day, with nothing opened."""
    return page(request, staff, find=searched(request))


@staff_only(Act.SEE_BOARD)
@require_safe
def people(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Give the hours alone, for the page that keeps itself up to date."""
    reference = request.GET.get("opened", "")
    return render(
        request,
        "counter/board/people.html",
        {
            "board": board_of(staff.policy, staff.at),
            "opened_reference": reference if is_reference(reference) else "",
        },
    )


setattr(people, BACKGROUND, True)


@staff_only(Act.SEE_BOARD)
@require_safe
def unresolved(request: HttpRequest, staff: Staff) -> HttpResponse:
    """List who of past days still has no result, the oldest first: more than the board can hold."""
    leaf = page_of(unresolved_before(staff.policy, staff.at), MOST_LISTED, request)
    lines = lines_of(list(leaf), staff.policy, staff.at)
    context = {
        "lines": lines,
        "leaf": leaf,
        "find": searched(request),
        "nav_current": "counter:board",
    }
    return render(request, "counter/board/unresolved.html", context)


@staff_only(Act.OPEN_RESERVATION)
@require_GET
def show(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Open one reservation beside the board; leaves one event that says who looked."""
    reservation = find_reservation(staff, reference)
    typed = _typed_before_the_lock(request, staff, reservation)
    return open_page(request, staff, reservation, typed=typed, find=searched(request))


@staff_only(Act.FIND_RESERVATION)
@sent_from("counter:board")
def search(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Find by anything; a reference that is expected is checked in and opened at once.

    What was typed may be a name or a number, so it is sent in the body and stands in no address.
    """
    typed = request.POST.get("find", "")
    found = find(typed, staff.policy, staff.at)
    chosen = _the_one(found, staff)
    if chosen is None:
        record_listing(staff, found.reservations)
        hits = [hit_of(one, staff) for one in found.reservations]
        problems = [] if hits else [_not_found(typed)]
        return page(request, staff, hits=hits, find=typed, problems=problems)
    if found.by_reference and staff.may(Act.CHECK_IN) and _check_in_expected(chosen, staff):
        messages.success(request, _came(chosen))
    return redirect("counter:show", bureau=staff.policy.code, reference=chosen.reference)


def _typed_before_the_lock(
    request: HttpRequest, staff: Staff, reservation: Reservation
) -> Typed | None:
    """Return what was typed into the opened visit, if there still is a field to show it in."""
    if handed_back(request) is None or not opened(reservation, staff).takes_clock:
        return None
    kept = kept_post(request, "seen")
    return Typed.from_post(kept, live_cases(reservation)) if kept else None


def _the_one(found: Found, staff: Staff) -> Reservation | None:
    """Return the reservation that is meant without doubt: a whole reference, or today's only."""
    today = found.today(staff.at.astimezone(staff.policy.tz).date())
    live = [one for one in today if one.cancelled_at is None]
    sure = found.reservations if found.by_reference else live or today
    return sure[0] if len(sure) == 1 else None


def _came(reservation: Reservation) -> str:
    """Say that somebody was checked in: a reference that a caller reads out looks like a code."""
    told = _(
        "{name} 様の来庁を記録しました。お越しになっていないとき（電話など）は、"
        "「来庁の記録を取り消す」を押してください。"
    )
    return told.format(name=reservation.holder_name)


def _check_in_expected(reservation: Reservation, staff: Staff) -> bool:
    """Check in who comes in time; whatever stands against it is told on the opened page.  6(3)"""
    one = seen(reservation, staff.at)
    if one.state is not VisitState.EXPECTED or is_too_early(staff.at, one.visit):
        return False
    try:
        check_in(
            reservation=reservation,
            policy=reservation.made_under,
            actor=staff.actor,
            at=staff.at,
        )
    except Refused:
        return False
    return True


def _not_found(typed: str) -> Problem:
    if not typed.strip():
        return Problem(
            _("予約番号、お名前、証明書の番号、申請番号のどれかを入れてください。"), "", "find"
        )
    told = _(
        "「{typed}」の予約は見つかりません。何も記録していません。もう一度お確かめください。"
        "予約番号に、0・O・1・I・L・5・S・Zは使われていません。"
    )
    if is_kana_of_keys(typed):
        told = _(
            "「{typed}」の予約は見つかりません。日本語入力がオンになっています。"
            "「半角/全角」キーでオフにして、もう一度読み取ってください。何も記録していません。"
        )
    return Problem(told.format(typed=typed[:60]), "", "find")
