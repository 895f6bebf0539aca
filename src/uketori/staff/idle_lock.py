"""A session of the staff that stood idle is locked, not lost.  b.10 of the requirements.

After ``staff_idle_minutes`` without a request the next one leads to a page that asks for the
password.  Where somebody works at several bureaus, the shortest of their times counts at each.  A
form that was sent meanwhile is not acted upon: it is kept for its page (``staff.kept``).
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from uketori import clock
from uketori.bureaus.policies import bureau_codes, policy_in_force
from uketori.staff.form_pages import shown_at
from uketori.staff.kept_posts import hand_back, keep
from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_PATH
from uketori.web.personal_page import own_page

SEEN_AT = "seen_at"
LOCKED = "is_locked"
"""In the session: it was found locked, and stays so until the password is typed."""
BACKGROUND = "is_background"
"""Set on a view that a page asks for by itself: it is no sign that somebody is there.

No more is an address of a bureau where the person does not work.
"""
TOUCH_EVERY = timedelta(minutes=1)
"""The session is written at most so often: it may lock by as much too early, never too late."""
STILL_OPEN = frozenset({"account_logout", "account_reauthenticate"})
"""Names of the pages that a locked session may open."""


def is_locked(request: HttpRequest, account: Account, at: datetime) -> bool:
    """Tell whether the session is locked, or its last request too long ago."""
    return _is_locked(request, _workplaces(account), at)


def unlock(request: HttpRequest, at: datetime) -> None:
    """Begin anew after the password was typed, under a new key."""
    request.session.pop(LOCKED, None)
    request.session[SEEN_AT] = at.isoformat()
    request.session.cycle_key()


def page_of(request: HttpRequest) -> str:
    """Return the page where the person is: of a form, the one that shows it.

    A refused form stands at an address that takes no GET: there it is the page of that form.
    """
    if request.method in {"GET", "HEAD"}:
        return shown_at(request.get_full_path())
    came_from = urlsplit(request.headers.get("Referer", ""))
    page = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    is_here = came_from.netloc == request.get_host() and own_page(page, "staff")
    return shown_at(page if is_here else request.path)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Lead to the sign-in, and from there back to the page of the form that was sent."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """Ask to sign in."""
        return redirect_to_login(page_of(request), reverse("account_login"))


class IdleMiddleware:
    """Lock what stood idle, keep what is sent to it, and hand it back once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on; the work is done when the page's name is known."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _args: object,
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Stop a locked session, else note that somebody is there."""
        if not request.path.startswith(STAFF_PATH) or not isinstance(request.user, Account):
            return None
        match = request.resolver_match
        if match and match.url_name in STILL_OPEN:
            return None
        held, at = _workplaces(request.user), clock.now()
        if _is_locked(request, held, at):
            request.session[LOCKED] = True
            if request.method == "POST":
                keep(request, page_of(request), with_data=hasattr(view, "act"))
            return redirect_to_login(page_of(request), reverse("account_reauthenticate"))
        is_at_work = kwargs.get("bureau", "") in {"", *held} and not hasattr(view, BACKGROUND)
        if is_at_work or SEEN_AT not in request.session:
            _touch(request, at)
        hand_back(request)
        return None


def _workplaces(account: Account) -> frozenset[str]:
    """Return the bureaus of the site where the person has a post."""
    return frozenset(account.bureaus) & frozenset(bureau_codes())


def _is_locked(request: HttpRequest, held: Collection[str], at: datetime) -> bool:
    seen = request.session.get(SEEN_AT)
    if not seen or request.session.get(LOCKED):
        return bool(seen)
    return at - datetime.fromisoformat(seen) >= _longest_idle(held, at)


def _longest_idle(held: Collection[str], at: datetime) -> timedelta:
    """Return the shortest time of these bureaus; of all, for whoever has a post at none."""
    codes = held or bureau_codes()
    return timedelta(minutes=min(policy_in_force(one, at).staff_idle_minutes for one in codes))


def _touch(request: HttpRequest, at: datetime) -> None:
    seen = request.session.get(SEEN_AT)
    if not seen or at - datetime.fromisoformat(seen) >= TOUCH_EVERY:
        request.session[SEEN_AT] = at.isoformat()
