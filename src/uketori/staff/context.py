"""What the bar at the top of the staff's pages says: who is at work, at which bureau, where to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori import clock
from uketori.bureaus.policies import UnknownBureau, policy_in_force
from uketori.staff.kept_posts import KeptPost, handed_back, was_taken
from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_PATH

PAGES: tuple[tuple[str, Promise], ...] = (
    ("counter:board", _("本日の窓口")),
    ("counter:preparation", _("準備一覧")),
    ("counter:calls", _("電話の記録")),
)
"""The main pages of a bureau; what is not there yet is not shown."""

SHOWN_AGAIN = _("前の操作は、まだ行っていません")
NOT_DONE = _("前の操作は、行っていません")
CHECK_IT = _(
    "画面がロックされているあいだに送信された内容です。たしかめて、もう一度送信してください。"
)
PRESS_AGAIN = _(
    "画面がロックされているあいだの操作でした。必要なときは、もう一度操作してください。"
)
LOST = _("送信された内容は、残せませんでした。もう一度入力してください。")
FILES_LOST = _("選んだファイルは残せませんでした。もう一度選んでください。")
REPLACED = _("同じ画面からその前に送信された内容は、残していません。")


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


@dataclass(frozen=True)
class NotDone:
    """What the page says of a form that was sent to the locked session."""

    title: Promise
    sentences: list[Promise]

    @classmethod
    def of(cls, kept: KeptPost, *, is_shown: bool) -> "NotDone":
        """Say that what was typed stands in the form again only where it does."""
        title = SHOWN_AGAIN if is_shown else NOT_DONE
        first = CHECK_IT if is_shown else LOST if kept.data is None else PRESS_AGAIN
        further = ((kept.had_files, FILES_LOST), (kept.replaces, REPLACED))
        return cls(title, [first, *(sentence for is_so, sentence in further if is_so)])


def staff(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``bar`` for the staff's pages; None while nobody is signed in."""
    account = getattr(request, "user", None) if request.path.startswith(STAFF_PATH) else None
    if not isinstance(account, Account):
        return {"bar": None, "not_done": None}
    bureau = _bureau_of(request, account)
    links = links_of(bureau) if bureau else []
    kept = handed_back(request)
    return {
        "bar": Bar(account.name, name_of(bureau) if bureau else "", links),
        "not_done": NotDone.of(kept, is_shown=was_taken(request)) if kept else None,
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
    match = request.resolver_match
    wanted = match.kwargs.get("bureau") if match else None
    return wanted if wanted in account.bureaus else next(iter(account.bureaus), None)
