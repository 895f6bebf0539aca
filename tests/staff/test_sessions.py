"""Two kinds of sessions on one site: neither sees or ends the other."""

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests import situations
from tests.situations import sign_in, staff
from uketori.rules.permissions import Role
from uketori.staff.sessions import STAFF_COOKIE, sessions

pytestmark = pytest.mark.django_db


def answer(
    path: str, cookies: dict[str, str], changes: dict[str, object]
) -> tuple[HttpResponse, dict[str, object]]:
    """What a page at this address sees in its session, and its answer after changing it."""
    seen: dict[str, object] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen.update(request.session.items())
        for key, value in changes.items():
            request.session[key] = value
        return HttpResponse("ok")

    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    return sessions(view)(request), seen


def test_staff_path__own_cookie_own_path_and_a_row() -> None:
    response, _seen = answer("/staff/osaka/counter/", {}, {"kept": 1})

    cookie = response.cookies[STAFF_COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/staff/", "Strict", True)
    assert "uketori_session" not in response.cookies
    assert Session.objects.filter(session_key=cookie.value).exists()

    _response, seen = answer("/staff/osaka/counter/", {STAFF_COOKIE: cookie.value}, {})
    assert seen == {"kept": 1}


def test_public_path__no_row_and_the_public_cookie() -> None:
    response, _seen = answer("/osaka/entry", {}, {"kept": 1})

    assert "uketori_session" in response.cookies
    assert STAFF_COOKIE not in response.cookies
    assert not Session.objects.exists()


def test_cookies__of_the_other_side__mean_nothing() -> None:
    public, _ = answer("/osaka/entry", {}, {"kept": "public"})
    theirs, _ = answer("/staff/x", {}, {"kept": "staff"})
    mixed = {
        "uketori_session": public.cookies["uketori_session"].value,
        STAFF_COOKIE: theirs.cookies[STAFF_COOKIE].value,
    }

    assert answer("/osaka/entry", mixed, {})[1] == {"kept": "public"}
    assert answer("/staff/x", mixed, {})[1] == {"kept": "staff"}
    assert answer("/staff/x", {"uketori_session": mixed["uketori_session"]}, {})[1] == {}
    assert answer("/osaka/x", {STAFF_COOKIE: mixed[STAFF_COOKIE]}, {})[1] == {}


def test_signed_in_as_staff_in_the_browser_of_a_visitor__the_visit_goes_on() -> None:
    client = situations.signed_in_client(situations.aoki())
    sign_in(client, staff(Role.CLERK))

    assert client.get("/osaka/reservations/").status_code == 200
