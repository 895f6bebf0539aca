"""The emergency banner: what a bureau has to say on all its pages and mails.  利用案内 6(5).

Set and cleared by acts that leave an event; read in one query, kept for a second.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from uketori.audit.record import record
from uketori.bureaus.models import Banner, NoticeVersion

NONE = "none"


@dataclass(frozen=True)
class BannerShown:
    """What is said, and since when."""

    text: str
    set_at: datetime


@transaction.atomic
def set_banner(*, bureau: str, text: str, actor: str, at: datetime) -> Banner:
    """Show the text from the commit on; what stood before it is cleared."""
    clear_banner(bureau=bureau, actor=actor, at=at)
    banner = Banner.objects.create(bureau=bureau, text=text, set_at=at, set_by=actor)
    record(bureau=bureau, kind="banner_set", actor=actor, subject=f"banner:{banner.pk}", at=at)
    return banner


@transaction.atomic
def clear_banner(*, bureau: str, actor: str, at: datetime) -> bool:
    """Show nothing any more; tell whether something stood there."""
    standing = Banner.objects.standing(bureau).select_for_update().first()
    if standing is None:
        return False
    Banner.objects.filter(pk=standing.pk).update(cleared_at=max(at, standing.set_at))
    record(
        bureau=bureau, kind="banner_cleared", actor=actor, subject=f"banner:{standing.pk}", at=at
    )
    return True


def standing_banner(bureau: str) -> BannerShown | None:
    """Return what stands now (one query)."""
    row = Banner.objects.standing(bureau).values_list("text", "set_at").first()
    return BannerShown(*row) if row else None


def recent_banner(bureau: str, at: datetime) -> BannerShown | None:
    """Return what stood at most a second ago: a new text is on every page a second later."""
    seconds = settings.AVAILABILITY_CACHE_SECONDS
    if not seconds:
        return standing_banner(bureau)
    key = f"banner:{bureau}:{int(at.timestamp()) // seconds}"
    kept: BannerShown | str | None = cache.get(key)
    if kept is None:
        kept = standing_banner(bureau) or NONE
        cache.set(key, kept, seconds)
    return kept if isinstance(kept, BannerShown) else None


def banner_read_with(version: NoticeVersion) -> BannerShown | None:
    """Return the banner that ``notice_at`` read along with the notice."""
    text, set_at = getattr(version, "banner_text", None), getattr(version, "banner_set_at", None)
    return BannerShown(text, set_at) if text and set_at else None
