"""Public addresses are exactly the listed ones; every other one asks who is there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories

PUBLIC = {
    "livez": "the operators' question whether the process lives; says nothing of anybody",
    "readyz": "the same, whether it can serve",
    "metrics": "counts for monitoring: this machine, or whoever has the token; 404 elsewhere",
    "dev/mailbox": "development only, this machine only: 404 elsewhere",
    "dev/mailbox.json": "the same for scripts",
    "dev/staff": "the same; names and codes of invented accounts",
    "": "leads to the only bureau, or lists them",
    "<slug:bureau>/": "what is free, without personal data (R-27)",
    "<slug:bureau>/eligibility": "the guide: is a reservation possible at all (R-05)",
    "<slug:bureau>/notice": "the notice is read before anything is entered (R-01)",
    "<slug:bureau>/notice/<int:number>": "old versions stay readable (R-02)",
    "<slug:bureau>/privacy": "read before anything is entered",
    "<slug:bureau>/accessibility": "a statement for everybody",
    "<slug:bureau>/entry": "here one proves the address (R-15)",
    "<slug:bureau>/entry/sent": "the page after asking, and the code (R-15)",
    "<slug:bureau>/entry/<str:token>": "the link of the mail; only its POST acts (R-15)",
    "<slug:bureau>/session/ending": "logging out twice is no error",
    "<slug:bureau>/session/extension": "tells a session that is over where to go",
    "<slug:bureau>/requests/<str:token>": "a link of a mail; only its POST acts (D03)",
    "<slug:bureau>/address/<str:token>": "the link to the new address; only its POST acts (D03)",
    "staff/sign-in": "here the staff come in",
    "staff/sign-in/second-factor": "the second step; without the first one it leads back to it",
    "staff/sign-out": "ends a sign-in half way, too; signing out twice is no error",
}
"""Path pattern and why everybody may open it."""

OWN_ACCOUNT = {
    "staff/",
    "staff/unlock",
    "staff/security/",
    "staff/security/totp",
    "staff/security/totp/removal",
    "staff/security/passkeys/new",
    "staff/security/passkeys/<int:pk>/removal",
    "staff/security/recovery-codes",
    "staff/security/recovery-codes/new",
}
"""Path patterns of whoever is signed in as staff: only their own account, at no bureau."""

OF_STAFF = "staff/<slug:bureau>/"
"""Path patterns that begin so are ``@staff_only``: see tests/staff/test_permissions.py."""

INTERMEDIARY = {
    "<slug:bureau>/holders/",
    "<slug:bureau>/holders/new",
    "<slug:bureau>/holders/<int:claim_id>",
    "<slug:bureau>/holders/<int:claim_id>/renewal",
    "<slug:bureau>/holders/<int:claim_id>/removal",
    "<slug:bureau>/requests/new",
    "<slug:bureau>/my-data",
    "<slug:bureau>/my-data/export",
    "<slug:bureau>/my-data/address",
    "<slug:bureau>/my-data/address/code",
    "<slug:bureau>/reservations/",
    "<slug:bureau>/reservations/new",
    "<slug:bureau>/reservations/drafts/<uuid:key>",
    "<slug:bureau>/reservations/drafts/<uuid:key>/deletion",
    "<slug:bureau>/reservations/drafts/<uuid:key>/confirmation",
    "<slug:bureau>/reservations/<reference:reference>",
    "<slug:bureau>/reservations/<reference:reference>/calendar.ics",
    "<slug:bureau>/reservations/<reference:reference>/changes",
    "<slug:bureau>/reservations/<reference:reference>/cancellation",
    "<slug:bureau>/reservations/<reference:reference>/hour",
    "<slug:bureau>/reservations/<reference:reference>/mails",
    "<slug:bureau>/reservations/<reference:reference>/copy",
}
"""Path patterns of ``@intermediary_only``: whoever proved an address, and only what is theirs."""

SAMPLES = {
    "<slug:bureau>": "osaka",
    "<int:number>": "1",
    "<int:claim_id>": "1",
    "<str:token>": "a" * 22,
    "<reference:reference>": "AAAA-AAAA",
    "<int:pk>": "1",
    "<int:call_id>": "1",
    "<int:mail_id>": "1",
    "<day:day>": "2026-06-11",
    "<uuid:key>": "00000000-0000-4000-8000-000000000000",
}


def views_in(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from views_in(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern), one.callback


VIEWS = dict(views_in(get_resolver("uketori.config.urls")))


def path_of(pattern: str) -> str:
    for part, sample in SAMPLES.items():
        pattern = pattern.replace(part, sample)
    assert "<" not in pattern, f"no sample for {pattern}"
    return f"/{pattern}"


def is_intermediary_only(view: Callable[..., Any] | None) -> bool:
    """Tell whether the decorator is anywhere around the view."""
    while view is not None:
        code = view.__code__
        if code.co_name == "guarded" and code.co_filename.endswith("visitor.py"):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_addresses__exactly_those_listed() -> None:
    listed = set(PUBLIC) | INTERMEDIARY | OWN_ACCOUNT
    assert len(listed) == len(PUBLIC) + len(INTERMEDIARY) + len(OWN_ACCOUNT), "in two lists"
    assert {one for one in set(VIEWS) - listed if not one.startswith(OF_STAFF)} == set()
    assert listed - set(VIEWS) == set(), "listed, and not there"


@pytest.mark.parametrize("pattern", VIEWS)
def test_view__carries_the_decorator_of_its_list(pattern: str) -> None:
    view = VIEWS[pattern]
    asks_for_staff = pattern in OWN_ACCOUNT or pattern.startswith(OF_STAFF)

    assert getattr(view, "login_required", True) is asks_for_staff
    assert is_intermediary_only(view) == (pattern in INTERMEDIARY)


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", sorted(INTERMEDIARY & set(VIEWS)))
@pytest.mark.parametrize("method", ["get", "post"])
def test_intermediary_s_address__nobody_there__asked_to_prove_an_address(
    pattern: str, method: str
) -> None:
    factories.first_notice()

    answer = getattr(Client(), method)(path_of(pattern))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/osaka/entry")


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", sorted(set(PUBLIC) & set(VIEWS)))
def test_public_address__nobody_there__answers_without_asking(pattern: str) -> None:
    factories.first_notice()

    answer = Client().get(path_of(pattern))

    assert answer.status_code in {200, 302, 404, 405}
    if answer.status_code == 302:
        assert answer.headers["Location"] in {
            "/osaka/",
            "/osaka/entry",
            "/staff/",
            "/staff/sign-in",
        }


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", sorted(OWN_ACCOUNT))
@pytest.mark.parametrize("method", ["get", "post"])
def test_own_account__nobody_there__asked_to_sign_in(pattern: str, method: str) -> None:
    answer = getattr(Client(), method)(path_of(pattern))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/staff/sign-in?next=/staff/")
