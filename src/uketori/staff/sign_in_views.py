"""Signing in, with both factors, and out again."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from uketori import clock
from uketori.staff import second_factors
from uketori.staff.context import Workplace, links_of, name_of
from uketori.staff.form_pages import sent_from
from uketori.staff.forms import SecondFactorForm, SignInForm
from uketori.staff.models import Account
from uketori.staff.passkeys import PasskeySignInForm
from uketori.staff.sign_in_events import record_of
from uketori.web.personal_page import personal_page


class SignIn(LoginView):
    """Name and password; the second factor is asked on the next page."""

    form_class = SignInForm
    template_name = "staff/sign_in.html"


class SecondFactor(AuthenticateView):
    """A code or a passkey; nobody is signed in before it is right."""

    form_class = SecondFactorForm
    webauthn_form_class = PasskeySignInForm
    template_name = "staff/second_factor.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Offer a passkey to whoever has added one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        account = self.stage.login.user
        kinds = second_factors.of(account).values_list("type", flat=True)
        return context | {"has_passkey": Authenticator.Type.WEBAUTHN in kinds}


@login_not_required
@sent_from("staff_home")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server, also one that stopped at the second factor."""
    account = request.user
    if isinstance(account, Account):
        record_of(account, "staff_signed_out", clock.now())
    logout(request)
    return redirect("account_login")


@require_safe
@personal_page
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the only bureau's first page, or list the bureaus of whoever has posts at several."""
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 - the middleware lets in nobody else
    bureaus = [Workplace(name_of(bureau), links_of(bureau)) for bureau in account.bureaus]
    if len(bureaus) == 1 and bureaus[0].links:
        return redirect(bureaus[0].links[0].url)
    return render(request, "staff/home.html", {"bureaus": bureaus})
