"""The door of every page of the staff: who is there, at which bureau, and may they."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from uketori import clock
from uketori.bureaus.policies import UnknownBureau, policy_in_force
from uketori.rules.permissions import Act, Role, may
from uketori.rules.policy import BureauPolicy
from uketori.staff.models import Account, Post
from uketori.staff_texts import read_by_staff
from uketori.web.personal_page import personal_page

P = ParamSpec("P")


@dataclass(frozen=True)
class Staff:
    """A member of staff at work at one bureau, at the moment the request arrived."""

    account: Account
    role: Role
    policy: BureauPolicy
    at: datetime

    @property
    def actor(self) -> str:
        """How events name this person."""
        return self.account.actor

    def may(self, act: Act) -> bool:
        """Tell whether a button for this act is to be shown."""
        return may(self.role, act)


StaffView = Callable[Concatenate[HttpRequest, Staff, P], HttpResponse]
BureauView = Callable[Concatenate[HttpRequest, str, P], HttpResponse]


def staff_only(act: Act) -> Callable[[StaffView[P]], BureauView[P]]:
    """Let in who holds a post at the bureau and may do this act; the view gets a ``Staff``.

    A bureau where one has no post is not there (404); an act that one's role does not hold is
    refused (403).  Whoever is not signed in was led to the sign-in before, by the middleware.
    """

    def decorate(view: StaffView[P]) -> BureauView[P]:
        @wraps(view)
        def wrapped(
            request: HttpRequest, bureau: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            staff = staff_of(request, bureau, clock.now())
            if staff is None:
                raise Http404
            if not staff.may(act):
                raise PermissionDenied
            with read_by_staff():
                return view(request, staff, *args, **kwargs)

        door = personal_page(cast("BureauView[P]", wrapped))
        door.act = act  # type: ignore[attr-defined]  # read by the test of every permission
        return door

    return decorate


def staff_of(request: HttpRequest, bureau: str, at: datetime) -> Staff | None:
    """Return who is at work at this bureau, None for whoever has no post there."""
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return None
    post = Post.objects.filter(account=account, bureau=bureau).first()
    if post is None:
        return None
    try:
        policy = policy_in_force(bureau, at)
    except UnknownBureau:
        return None
    return Staff(account=account, role=Role(post.role), policy=policy, at=at)
