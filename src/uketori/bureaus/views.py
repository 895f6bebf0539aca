"""Public pages of a bureau: top, notice, statements.  R-01, R-02, R-27."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from uketori import clock
from uketori.bureaus.availability import availability
from uketori.bureaus.banners import banner_read_with, recent_banner
from uketori.bureaus.guide_words import how_many_questions
from uketori.bureaus.hours_table import HoursTable, change_rule, hours_table, slot_length
from uketori.bureaus.models import NoticeVersion
from uketori.bureaus.notice import notice_at, sections_of
from uketori.bureaus.policies import UnknownBureau, bureau_codes, policies_of, policy_in_force


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the only bureau, or list them, each with its banner.  利用案内 6(5)."""
    codes = bureau_codes()
    if len(codes) == 1:
        return redirect("bureaus:top", bureau=codes[0])
    at = clock.now()
    listed = [(policy_in_force(code, at), recent_banner(code, at)) for code in codes]
    return render(request, "bureaus/index.html", {"listed": listed})


@login_not_required
@require_safe
def top(request: HttpRequest, bureau: str) -> HttpResponse:
    """What this is, what is free, what to prepare; at most three queries."""
    _check(bureau)
    at = clock.now()
    version = notice_at(bureau, at)
    return render(
        request,
        "bureaus/top.html",
        {
            "banner": banner_read_with(version),
            "table": _cached_table(bureau),
            "notice": version,
            "change_rule": change_rule(policy_in_force(bureau, at)),
            "slot_length": slot_length(policy_in_force(bureau, at)),
            "questions": how_many_questions(),
        },
    )


@login_not_required
@require_safe
def notice(request: HttpRequest, bureau: str, number: int | None = None) -> HttpResponse:
    """The notice in full: the version in force, or an older one with its period."""
    _check(bureau)
    at = clock.now()
    if number is None:
        version = notice_at(bureau, at)
    else:
        version = get_object_or_404(
            NoticeVersion, bureau=bureau, number=number, effective_from__lte=at
        )
    versions = list(NoticeVersion.objects.filter(bureau=bureau, effective_from__lte=at))
    sections = sections_of(version)
    return render(
        request,
        "bureaus/notice.html",
        {
            "version": version,
            "sections": sections,
            "contents": [one for one in sections if one.title],
            "until": _until(version, versions),
            "others": [one for one in versions if one != version],
            "in_force": version == versions[0],
        },
    )


@login_not_required
@require_safe
def privacy(request: HttpRequest, bureau: str) -> HttpResponse:
    """What is asked, why, and for how long it is kept."""
    _check(bureau)
    return render(request, "bureaus/privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest, bureau: str) -> HttpResponse:
    """What the pages keep to, and whom to tell when they do not."""
    _check(bureau)
    return render(request, "bureaus/accessibility.html")


def _check(bureau: str) -> None:
    try:
        policies_of(bureau)
    except UnknownBureau as error:
        raise Http404 from error


def _cached_table(bureau: str) -> HoursTable:
    """The availability in words, kept for a second; holds no form and nothing of a person.

    The key holds the minute, so that nothing made before noon is shown after it.
    """
    at = clock.now()
    seconds = settings.AVAILABILITY_CACHE_SECONDS
    if not seconds:
        return hours_table(availability(bureau, at))
    key = f"hours:{bureau}:{at:%Y%m%d%H%M}:{int(at.timestamp()) // seconds}"
    table: HoursTable | None = cache.get(key)
    if table is None:
        table = hours_table(availability(bureau, at))
        cache.set(key, table, seconds)
    return table


def _until(version: NoticeVersion, versions: list[NoticeVersion]) -> NoticeVersion | None:
    """Return the version that followed, if one did."""
    later = [one for one in versions if one.effective_from > version.effective_from]
    return later[-1] if later else None
