"""The second factor of an account: whether this session gave one, and its secrets at rest.

No account works without one: a session that gave none reaches the pages for adding one, and
nothing else.
"""

import base64
import time
from collections.abc import Callable
from typing import cast

import segno
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import logout
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from uketori.staff.models import Account
from uketori.staff.sessions import STAFF_PATH

LATELY_SECONDS = 300
GIVEN = "second_factor"
"""In the session: the person has shown, or in this very session added, a second factor."""
WITHOUT = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    }
)
"""Names of the pages that a session may open before it has given a second factor."""


def of(account: Account) -> QuerySet[Authenticator]:
    """Return what the account can sign in with beside its password, recovery codes apart."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=account, type__in=kinds)
    return found


def note_sign_in(request: HttpRequest, account: Account) -> None:
    """Remember in the new session whether a second factor was given."""
    records = get_authentication_records(request, account)
    request.session[GIVEN] = any(record.get("method") == "mfa" for record in records)


def note_added(request: HttpRequest) -> None:
    """Remember that a second factor was added in this session, under a new key."""
    request.session[GIVEN] = True
    request.session.cycle_key()


def is_complete(request: HttpRequest) -> bool:
    """Tell whether this session has given both factors."""
    return bool(request.session.get(GIVEN))


def typed_password_lately(request: HttpRequest) -> bool:
    """Tell whether this session's password was typed in the last minutes, by the real clock."""
    records = get_authentication_records(request, cast("Account", request.user))
    typed = [record["at"] for record in records if record.get("method") == "password"]
    return bool(typed) and time.time() - max(typed) < LATELY_SECONDS


class SecondFactorMiddleware:
    """Lead a session without a second factor to the page for adding one, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on; the work is done when the page's name is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Stop what the session may not open yet."""
        account = request.user if request.path.startswith(STAFF_PATH) else None
        if not isinstance(account, Account) or is_complete(request):
            return None
        if of(account).exists():  # added elsewhere since: to be given at a sign-in
            logout(request)
            return redirect("account_login")
        match = request.resolver_match
        return None if match and match.url_name in WITHOUT else redirect("mfa_index")


def drawn(url: str) -> SafeString:
    """Draw what an authenticator application scans."""
    svg = segno.make(url, error="m").svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, border=4, title="TOTP"
    )
    return mark_safe(svg)  # noqa: S308 - drawn by the library from our own address


def encrypted(text: str) -> str:
    """Encrypt a secret with a key that is not in the database."""
    return _cipher().encrypt(text.encode()).decode("ascii")


def decrypted(text: str) -> str:
    """Undo ``encrypted``, also with a former secret key."""
    return _cipher().decrypt(text.encode("ascii")).decode()


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    digest = salted_hmac("uketori second factor", "key", secret=secret, algorithm="sha256")
    return base64.urlsafe_b64encode(digest.digest())
