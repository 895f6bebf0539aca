"""Two kinds of sessions on one site, told apart by the address.

The public's are signed cookies (ADR 0008).  The staff's are rows in the database, so that signing
out ends them on the server, under a cookie of their own that only goes to ``/staff/``: signing in
as staff touches no visit, and the other way round.  So does the cookie of the check against
forgery: it changes at a sign-in, and a form of the public that is open meanwhile is still good.
"""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from uketori.database import Trouble, let_go_of, trouble_of

STAFF_PATH = "/staff/"
STAFF_COOKIE = "uketori_staff"
STAFF_CSRF_COOKIE = "uketori_staff_csrf"
LOOKS = {"GET", "HEAD"}


def is_of_staff(request: HttpRequest) -> bool:
    """Tell whether the address is on the staff's side."""
    return request.path.startswith(STAFF_PATH)


class StaffSessionMiddleware(SessionMiddleware):
    """Django's own, with the store, the names and the path of the staff's cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self.SessionStore = SessionStore
        self.names = {
            settings.SESSION_COOKIE_NAME: STAFF_COOKIE,
            settings.CSRF_COOKIE_NAME: STAFF_CSRF_COOKIE,
        }

    def process_request(self, request: HttpRequest) -> None:
        """Take the staff's cookies for Django's."""
        for django_s, own in self.names.items():
            theirs = request.COOKIES.get(own)
            request.COOKIES.pop(django_s, None)
            if theirs is not None:
                request.COOKIES[django_s] = theirs
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Give the cookies that Django sets their own names and path."""
        try:
            answer = super().process_response(request, response)
        except SessionInterrupted as error:
            # a page that was only looked at is worth more than the note that somebody looked
            if request.method not in LOOKS or trouble_of(error) is not Trouble.BUSY:
                raise
            let_go_of(error)
            answer = response
        for django_s, own in self.names.items():
            _rename(answer, django_s, own)
        return answer


def _rename(answer: HttpResponse, django_s: str, own: str) -> None:
    if cookie := answer.cookies.pop(django_s, None):
        answer.cookies[own] = cookie.value
        renamed = answer.cookies[own]
        for name, value in cookie.items():
            renamed[name] = value
        renamed["path"] = STAFF_PATH
        renamed["samesite"] = "Strict"


def message_storage(request: HttpRequest) -> BaseStorage:
    """Keep what the staff are told in their session: it names people, and is gone on signing out.

    The public's stands in a cookie of every page, where the next person at the machine could see
    it.
    """
    return SessionStorage(request) if is_of_staff(request) else CookieStorage(request)


def sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Choose the sessions by the address."""
    public, staff = SessionMiddleware(get_response), StaffSessionMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = staff if is_of_staff(request) else public
        return cast("HttpResponse", chosen(request))

    return middleware
