"""Marking cases of the preparation list ahead of the visit: chosen, reviewed, done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from uketori import refusal_texts
from uketori.counter.models import Sheet
from uketori.counter.preparation.marking import Tried, mark_ahead, take_mark_back, try_marking
from uketori.counter.preparation.marking_words import review_title, said_of, unchanged
from uketori.counter.preparation.printings import record_opening
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.permissions import Act
from uketori.rules.refusals import Refused
from uketori.rules.visit import AheadMark
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from

TAKE_BACK = "none"
LONGEST_KEY = 18
MARKED_ON = {"hours", "numbers"}
"""Lists on which cases are chosen."""


@dataclass(frozen=True)
class Chosen:
    """Cases of one reservation, with what is to be done to them; None takes the mark off."""

    reservation: Reservation
    cases: list[int]
    mark: AheadMark | None


@staff_only(Act.MARK_AHEAD)
@sent_from("counter:preparation-day", "day")
def marks(request: HttpRequest, staff: Staff, day: date) -> HttpResponse:
    """Show what would be marked and told to whom, and do it when that was seen."""
    wanted = request.POST.get("mark", "")
    if wanted not in {*AheadMark, TAKE_BACK}:
        raise Http404
    mark = None if wanted == TAKE_BACK else AheadMark(wanted)
    found = chosen_of(request.POST.getlist("case"), staff, day)
    chosen = [Chosen(one, cases, mark) for one, cases in found.items()]
    if not chosen:
        messages.warning(request, _("案件を選んでから、押してください。"))
        return back_to_list(request, staff, day)
    if request.POST.get("do") == "edit":
        return back_to_list(request, staff, day, ticked=_keys(chosen))
    if request.POST.get("do") == "mark":
        _do(request, staff, chosen)
        return back_to_list(request, staff, day, row=chosen[0].cases[0])
    return _review(request, staff, day, chosen)


def back_to_list(
    request: HttpRequest,
    staff: Staff,
    day: date,
    *,
    ticked: Sequence[int] = (),
    row: int | None = None,
) -> HttpResponse:
    """Lead back to the list as it was ordered, to the row where the clerk was."""
    view = request.POST.get("view", "")
    query = QueryDict(mutable=True)
    if view in MARKED_ON:
        query["view"] = view
    query.setlist("case", [str(key) for key in ticked])
    row = row or next(iter(ticked), None)
    way = reverse("counter:preparation-day", kwargs={"bureau": staff.policy.code, "day": day})
    asked, place = f"?{query.urlencode()}" if query else "", f"#case-{row}" if row else ""
    return redirect(f"{way}{asked}{place}")


def chosen_of(keys: Iterable[str], staff: Staff, day: date) -> dict[Reservation, list[int]]:
    """Return the cases of this day at this bureau; whatever else was sent is passed over."""
    known = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < LONGEST_KEY]
    rows = ReservedCase.objects.filter(
        pk__in=known, reservation__bureau=staff.policy.code, reservation__visit_day=day
    )
    found = defaultdict(list)
    for case in rows.select_related("reservation").order_by("reservation", "order"):
        found[case.reservation].append(case.pk)
    return found


def _review(
    request: HttpRequest, staff: Staff, day: date, chosen: Sequence[Chosen]
) -> HttpResponse:
    """Show each reservation with its cases and the very words of its mail."""
    tried = [(one.reservation, _try(request, staff, one)) for one in chosen]
    changing = [(one, what) for one, what in tried if what and what.cases]
    mark = chosen[0].mark
    if not changing:
        if all(what for _one, what in tried):
            messages.info(request, unchanged(mark))
        return back_to_list(request, staff, day, ticked=_keys(chosen))
    cases = [case for _one, what in changing for case in what.cases]
    record_opening(
        bureau=staff.policy.code, day=day, sheet=Sheet.HOURS, actor=staff.actor, at=staff.at
    )
    return render(
        request,
        "counter/preparation/marking_review.html",
        {
            "title": review_title(mark, len(cases)),
            "changing": changing,
            "has_mail": any(what.mail for _one, what in changing),
            "keys": [case.pk for case in cases],
            "mark": mark.value if mark else TAKE_BACK,
            "view": request.POST.get("view", ""),
            "day": day,
            "nav_current": "counter:preparation",
        },
    )


def _try(request: HttpRequest, staff: Staff, one: Chosen) -> Tried | None:
    """Return what would come of it; say why where it cannot be."""
    policy, actor, at = one.reservation.made_under, staff.actor, staff.at
    try:
        return try_marking(
            reservation=one.reservation,
            cases=one.cases,
            mark=one.mark,
            policy=policy,
            actor=actor,
            at=at,
        )
    except Refused as refused:
        _say_why(request, one.reservation, refused)
        return None


def _do(request: HttpRequest, staff: Staff, chosen: Sequence[Chosen]) -> None:
    """Mark one reservation after the other, each told in one mail; say which cases."""
    done = [(one.reservation, _mark(request, staff, one)) for one in chosen]
    changed = [(one, cases, staff.at < one.starts_at) for one, cases in done if cases]
    if changed:
        messages.success(request, said_of(changed, chosen[0].mark))


def _mark(request: HttpRequest, staff: Staff, one: Chosen) -> list[ReservedCase]:
    """Mark or unmark cases of one reservation; say why where it cannot be."""
    reservation, cases = one.reservation, one.cases
    policy, actor, at = reservation.made_under, staff.actor, staff.at
    try:
        if one.mark is None:
            return take_mark_back(
                reservation=reservation, cases=cases, policy=policy, actor=actor, at=at
            )
        return mark_ahead(
            reservation=reservation,
            cases=cases,
            mark=one.mark,
            policy=policy,
            actor=actor,
            at=at,
        )
    except Refused as refused:
        _say_why(request, reservation, refused)
        return []


def _say_why(request: HttpRequest, reservation: Reservation, refused: Refused) -> None:
    text = refusal_texts.refusal_text(refused.reasons[0], reservation.made_under)
    messages.error(request, f"{reservation.reference}　{text}")


def _keys(chosen: Sequence[Chosen]) -> list[int]:
    return [key for one in chosen for key in one.cases]
