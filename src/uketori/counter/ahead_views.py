"""Marking cases of the preparation list ahead of the visit."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from uketori import texts
from uketori.counter.ahead import mark_ahead, take_mark_back
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.permissions import Act
from uketori.rules.refusals import Refused
from uketori.rules.visit import AheadMark
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from

TAKE_BACK = "none"
LONGEST_KEY = 18


@staff_only(Act.MARK_AHEAD)
@sent_from("counter:preparation-day", "day")
def marks(request: HttpRequest, staff: Staff, day: date) -> HttpResponse:
    """Mark the chosen cases, one reservation after the other, each told in one mail."""
    wanted = request.POST.get("mark", "")
    if wanted not in {*AheadMark, TAKE_BACK}:
        raise Http404
    chosen = chosen_of(request.POST.getlist("case"), staff, day)
    if not chosen:
        messages.warning(request, _("案件を選んでから、押してください。"))
    done = [
        (_mark(request, staff, one, cases, wanted), staff.at < one.starts_at)
        for one, cases in chosen.items()
    ]
    if count := sum(cases for cases, _is_told in done):
        told = sum(cases for cases, is_told in done if is_told)
        messages.success(request, _told(count, told, wanted))
    view = request.POST.get("view", "")
    answer = redirect("counter:preparation-day", bureau=staff.policy.code, day=day)
    if view in {"hours", "numbers"}:
        answer["Location"] += f"?view={view}"
    return answer


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


def _mark(
    request: HttpRequest, staff: Staff, reservation: Reservation, cases: list[int], wanted: str
) -> int:
    """Mark or unmark cases of one reservation; say why where it cannot be."""
    policy, actor, at = reservation.made_under, staff.actor, staff.at
    try:
        if wanted == TAKE_BACK:
            done = take_mark_back(
                reservation=reservation, cases=cases, policy=policy, actor=actor, at=at
            )
        else:
            done = mark_ahead(
                reservation=reservation,
                cases=cases,
                mark=AheadMark(wanted),
                policy=policy,
                actor=actor,
                at=at,
            )
    except Refused as refused:
        text = texts.refusal_text(refused.reasons[0], policy)
        messages.error(request, f"{reservation.reference}　{text}")
        return 0
    return len(done)


def _told(count: int, told: int, wanted: str) -> str:
    """Say what was done, and of how many cases somebody gets a mail: none once the hour began."""
    if wanted == TAKE_BACK and told == count:
        said = _(
            "{count}件の印を取り消しました。印のことをメールでお知らせしていた方には、"
            "取り消したことをメールでお知らせします。"
        )
    elif wanted == TAKE_BACK:
        said = _(
            "{count}件の印を取り消しました。"
            "予約の時間がはじまった{untold}件は、メールでお知らせしません。"
        )
    elif told == count:
        said = _("{count}件に印を付け、予約した方にメールでお知らせします。")
    else:
        said = _(
            "{count}件に印を付けました。予約の時間がはじまった{untold}件は、メールでお知らせしません。"
        )
    return said.format(count=count, untold=count - told)
