"""What the bar at the top of the staff's pages says: who is at work, at which bureau, where to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori import clock
from uketori.bureaus.policies import UnknownBureau, policy_in_force
from uketori.staff.idle import KEPT
from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_PATH

PAGES: tuple[tuple[str, Promise], ...] = (
    ("counter:board", _("本日の窓口")),
    ("counter:preparation", _("準備一覧")),
    ("counter:calls", _("電話の記録")),
)
"""The main pages of a bureau; what is not there yet is not shown."""


@dataclass(frozen=True)
class Link:
    """One of the main pages."""

    view_name: str
    url: str
    label: str


@dataclass(frozen=True)
class Bar:
    """The bar for whoever is signed in."""

    name: str
    bureau_name: str
    links: list[Link]


@dataclass(frozen=True)
class Workplace:
    """A bureau where somebody has a post, with its main pages."""

    name: str
    links: list[Link]


def staff(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``bar`` for the staff's pages; None while nobody is signed in."""
    account = getattr(request, "user", None) if request.path.startswith(STAFF_PATH) else None
    if not isinstance(account, Account):
        return {"bar": None, "kept": ""}
    bureau = _bureau_of(request, account)
    links = links_of(bureau) if bureau else []
    kept = getattr(request, KEPT, None)
    return {
        "bar": Bar(account.name, name_of(bureau) if bureau else "", links),
        "kept": kept and ("whole" if kept.data is not None else "lost"),
    }


def links_of(bureau: str) -> list[Link]:
    """Return the main pages of this bureau that exist."""
    links = []
    for view_name, label in PAGES:
        try:
            url = reverse(view_name, kwargs={"bureau": bureau})
        except NoReverseMatch:
            continue
        links.append(Link(view_name, url, str(label)))
    return links


def name_of(bureau: str) -> str:
    """Return the bureau's name; its code, if its policy files are gone."""
    try:
        return policy_in_force(bureau, clock.now()).bureau_name
    except UnknownBureau:
        return bureau


def _bureau_of(request: HttpRequest, account: Account) -> str | None:
    """Return the address's bureau if the person works there, else the first where they do."""
    held = list(account.posts.order_by("bureau").values_list("bureau", flat=True))
    match = request.resolver_match
    wanted = match.kwargs.get("bureau") if match else None
    return wanted if wanted in held else next(iter(held), None)
