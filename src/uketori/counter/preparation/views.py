"""The pages of the preparation list: to look at, to print, to write out, what moved since."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from uketori.counter.models import Printing, Sheet
from uketori.counter.preparation.day import (
    Day,
    day_to_prepare,
    open_day_after,
    open_day_before,
    read_day,
)
from uketori.counter.preparation.desk_sheet import boxes
from uketori.counter.preparation.difference_words import differences_of, printing_words, sheet_words
from uketori.counter.preparation.differences import moved_since
from uketori.counter.preparation.printings import (
    last_told,
    printings_of,
    record_opening,
    record_printing,
)
from uketori.counter.preparation.spreadsheet import rows_of
from uketori.counter.preparation.words import gone_of, hours_of, papers_legend, shelf_of
from uketori.rules.calendar import NoOpenDay
from uketori.rules.permissions import Act
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.kept_posts import kept_post, searched
from uketori.web.spreadsheet import table_file

FARTHEST = timedelta(days=366)
"""Days beyond are no address."""
PRINTS_WITHIN = timedelta(minutes=1)
"""So long after a printing was recorded the page prints by itself, not when it is reopened."""
MARKED_ON = {Sheet.HOURS, Sheet.NUMBERS}
"""Lists on which cases are chosen to be marked."""
LISTS = {Sheet.HOURS, Sheet.NUMBERS, Sheet.DESK}
TEMPLATES = {sheet: f"counter/preparation/{sheet}.html" for sheet in LISTS}


@staff_only(Act.SEE_PREPARATION)
@require_safe
def coming(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """Lead to the list that is needed now: today's, or the next once it is final."""
    day = day_to_prepare(staff.policy.code, staff.at)
    return redirect("counter:preparation-day", bureau=staff.policy.code, day=day)


@staff_only(Act.SEE_PREPARATION)
@require_safe
def show(request: HttpRequest, staff: Staff, day: date) -> HttpResponse:
    """The list of a day: by hour, by number, or for the desk."""
    sheet = _sheet(request.GET.get("view", ""))
    read = _read(staff, day)
    record_opening(bureau=staff.policy.code, day=day, sheet=sheet, actor=staff.actor, at=staff.at)
    hours = hours_of(read)
    return render(
        request,
        TEMPLATES[sheet],
        {
            **_frame(staff, read),
            "sheet": sheet.value,
            "find": searched(request),
            "hours": hours,
            "stretches": shelf_of(hours),
            "boxes": boxes(),
            "ticked": _ticked(request) if sheet in MARKED_ON else frozenset(),
            "prints_now": _prints_now(request, staff, day),
            "may_mark": staff.may(Act.MARK_AHEAD),
            "may_take_out": staff.may(Act.TAKE_OUT),
            "may_export": staff.may(Act.EXPORT_PREPARATION),
        },
    )


@staff_only(Act.SEE_PREPARATION)
@sent_from("counter:preparation-day", "day")
def printings(request: HttpRequest, staff: Staff, day: date) -> HttpResponse:
    """Record a printing, and lead to the sheet that prints itself."""
    wanted = request.POST.get("view", "")
    is_difference = wanted == Sheet.DIFFERENCES
    since = _printing(staff, day, request.POST.get("since", "")) if is_difference else None
    sheet = Sheet.DIFFERENCES if since else _sheet(wanted)
    _read(staff, day)
    made = record_printing(
        bureau=staff.policy.code, day=day, sheet=sheet, actor=staff.actor, at=staff.at, since=since
    )
    kwargs = {"bureau": staff.policy.code, "day": day}
    if since:
        way = f"{reverse('counter:differences', kwargs=kwargs)}?since={since.pk}"
    else:
        way = f"{reverse('counter:preparation-day', kwargs=kwargs)}?view={sheet}"
    return redirect(f"{way}&printed={made.pk}")


@staff_only(Act.SEE_PREPARATION)
@require_safe
def differences(request: HttpRequest, staff: Staff, day: date) -> HttpResponse:
    """What moved since a printing; without a choice, since the shelf was told last."""
    printed = _printing(staff, day, request.GET.get("printed", ""))
    earlier = [one for one in printings_of(staff.policy.code, day) if one != printed]
    chosen = _printing(staff, day, request.GET.get("since", "")) or last_told(earlier)
    read = _read(staff, day)
    record_opening(
        bureau=staff.policy.code, day=day, sheet=Sheet.DIFFERENCES, actor=staff.actor, at=staff.at
    )
    moved = moved_since(staff.policy.code, day, chosen.printed_at) if chosen else []
    return render(
        request,
        "counter/preparation/differences.html",
        {
            **_frame(staff, read),
            "sheet": Sheet.DIFFERENCES.value,
            "find": searched(request),
            "printings": printing_words(earlier, chosen, staff.policy),
            "chosen": chosen,
            "chosen_sheet": sheet_words(chosen),
            "differences": differences_of(moved, staff.policy),
            "gone": gone_of(hours_of(read)),
            "prints_now": _prints_now(request, staff, day),
        },
    )


@staff_only(Act.EXPORT_PREPARATION)
@sent_from("counter:preparation-day", "day")
def export(_request: HttpRequest, staff: Staff, day: date) -> HttpResponse:
    """The list as a file for a spreadsheet; it counts as a printing."""
    read = _read(staff, day)
    record_printing(
        bureau=staff.policy.code, day=day, sheet=Sheet.FILE, actor=staff.actor, at=staff.at
    )
    name = f"preparation-{staff.policy.code}-{day.isoformat()}.csv"
    return table_file(name, rows_of(hours_of(read), day.isoformat()))


def _frame(staff: Staff, read: Day) -> dict[str, object]:
    """Return what every sheet of a day shows around its rows."""
    last_printing = next(iter(printings_of(staff.policy.code, read.day)), None)
    return {
        "policy": staff.policy,
        "bureau_code": staff.policy.code,
        "nav_current": "counter:preparation",
        "day": read.day,
        "read": read,
        "now": staff.at,
        "why_closed": read.facts.why_closed(read.day),
        "day_before": open_day_before(read.day, read.facts),
        "day_after": open_day_after(read.day, read.facts),
        "papers": papers_legend(read.facts.policy),
        "last_printing": last_printing,
        "last_sheet": sheet_words(last_printing),
    }


def _read(staff: Staff, day: date) -> Day:
    today = staff.at.astimezone(staff.policy.tz).date()
    if abs(day - today) > FARTHEST:
        raise Http404
    try:
        return read_day(staff.policy.code, day, staff.at)
    except NoOpenDay as error:
        raise Http404 from error


def _ticked(request: HttpRequest) -> frozenset[str]:
    """Return the cases that were chosen before the review, or before the session was locked."""
    kept = kept_post(request, "case")
    return frozenset((kept or request.GET).getlist("case"))


def _sheet(wanted: str) -> Sheet:
    return Sheet(wanted) if wanted in LISTS else Sheet.HOURS


def _printing(staff: Staff, day: date, key: str) -> Printing | None:
    """Return a printing of this day; nothing asked for is None, another day's is not there."""
    if not key:
        return None
    found = [one for one in printings_of(staff.policy.code, day) if str(one.pk) == key]
    if not found:
        raise Http404
    return found[0]


def _prints_now(request: HttpRequest, staff: Staff, day: date) -> bool:
    printed = _printing(staff, day, request.GET.get("printed", ""))
    return printed is not None and staff.at - printed.printed_at <= PRINTS_WITHIN
