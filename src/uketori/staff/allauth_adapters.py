"""What the sign-in of django-allauth does in this house instead of its own habits.  ADR 0015."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from uketori import clock
from uketori.staff import second_factors
from uketori.staff.models import Account
from uketori.staff.reserved_names import is_barred
from uketori.staff.sign_in_events import record_failure, record_sign_in
from uketori.web.personal_page import own_page


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password only: no sign-up, no mail, no messages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("アカウント名かパスワードが違います。"),
        "incorrect_password": _("パスワードが違います。"),
        "incorrect_code": _("確認コードが違います。新しいコードを入力してください。"),
        "too_many_login_attempts": _(
            "まちがった確認コードが続いたため、しばらく受け付けていません。15分ほど待ってください。"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the administrator."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Lead on to pages of the staff only."""
        return bool(own_page(url, "staff"))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Start at the staff's first page."""
        return reverse("staff_home")

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Count nothing here: django-axes does, by name and address together."""

    def authenticate(self, request: HttpRequest, **credentials: object) -> Account | None:
        """Check name and password.

        An account that was stopped fails like a wrong password, and so do the invented people of
        development anywhere else.
        """
        account: Account | None = super().authenticate(request, **credentials)
        if account is None or (account.is_active and not is_barred(account.username)):
            return account
        self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Record it, without what was typed; what axes has shut out is no attempt any more."""
        if not getattr(request, "axes_locked_out", False):
            record_failure(str(credentials.get("username", "")), "password", clock.now())

    def post_login(self, request: HttpRequest, user: Account, **facts: object) -> HttpResponse:
        """Note in the session how the person signed in, and when."""
        second_factors.note_sign_in(request, user)
        record_sign_in(user, clock.now())
        response: HttpResponse = super().post_login(request, user, **facts)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Answer as for a wrong password; authentication refuses such an account before."""
        return redirect("account_login")

    def get_reauthentication_methods(self, user: Account | AnonymousUser) -> list[dict[str, Any]]:
        """Ask for the password, and nothing else."""
        url = reverse("account_reauthenticate")
        known = user.is_authenticated
        return [{"id": "reauthenticate", "description": "", "url": url}] if known else []

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Ask before one's own settings, unless the password was typed minutes ago."""
        return not second_factors.typed_password_lately(self.request)

    def add_message(self, *_args: object, **_kwargs: object) -> None:
        """Say nothing in messages: the pages of the staff say what there is to say."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factors: their secrets are encrypted at rest, the last one is never removed."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("確認コードが違います。新しいコードを入力してください。"),
        "cannot_delete_authenticator": _(
            "ほかの認証の方法がないため、削除できません。先に、別の方法を登録してください。"
        ),
    }

    def get_totp_issuer(self) -> str:
        """Name the service as the authenticator application lists it."""
        return settings.TOTP_ISSUER

    def build_totp_svg(self, url: str) -> str:
        """Draw the code to scan, to stand inside the page."""
        return second_factors.drawn(url)

    def encrypt(self, text: str) -> str:
        """Keep secrets out of copies of the database."""
        return second_factors.encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Undo ``encrypt``."""
        return second_factors.decrypted(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep at least one way to sign in."""
        return second_factors.of(authenticator.user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Account, type: str) -> str:  # noqa: A002 - allauth names it
        """Name a key by its number."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return str(_("パスキー{number}").format(number=number))
