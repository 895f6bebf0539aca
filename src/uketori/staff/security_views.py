"""The person's own second factors: adding, removing, recovery codes.  Each leaves an event."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from uketori import clock
from uketori.staff import second_factors
from uketori.staff.forms import ActivateForm
from uketori.staff.models import Account
from uketori.staff.passkeys import PasskeyForm
from uketori.staff.sign_in_events import record_of
from uketori.web.personal_page import personal_page


class Security(IndexView):
    """What the person signs in with; the first page of whoever has no second factor yet."""

    template_name = "staff/security.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """List the second factors."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        account = account_of(self.request)
        found = second_factors.of(account).order_by("created_at")
        codes = Authenticator.objects.filter(
            user=account, type=Authenticator.Type.RECOVERY_CODES
        ).first()
        return context | {
            "totp": found.filter(type=Authenticator.Type.TOTP).first(),
            "passkeys": [one.wrap() for one in found.filter(type=Authenticator.Type.WEBAUTHN)],
            "is_complete": second_factors.is_complete(self.request),
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        }


class AddTotp(ActivateTOTPView):
    """Scan the code, type what the application shows."""

    form_class = ActivateForm
    template_name = "staff/totp_add.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Cut the secret into pieces that a person can copy."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        fours = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return context | {"secret_in_fours": fours}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Add it; the session is complete from now on."""
        response: HttpResponse = super().form_valid(form)
        note_added(self.request, "totp")
        return response


class RemoveTotp(DeactivateTOTPView):
    """Take the authenticator application away, unless nothing else is left."""

    template_name = "staff/totp_remove.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Remove it."""
        response: HttpResponse = super().form_valid(form)
        record_of(account_of(self.request), "second_factor_removed", clock.now(), type="totp")
        return response


class AddPasskey(AddWebAuthnView):
    """Let the browser make a passkey."""

    form_class = PasskeyForm
    template_name = "staff/passkey_add.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Add it; the session is complete from now on."""
        response: HttpResponse = super().form_valid(form)
        note_added(self.request, "passkey")
        return response


class RemovePasskey(RemoveWebAuthnView):
    """Take a passkey away, unless nothing else is left."""

    template_name = "staff/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Remove it."""
        account = account_of(self.request)
        if not second_factors.of(account).exclude(pk=self.get_object().pk).exists():
            raise PermissionDenied
        response: HttpResponse = super().form_valid(form)
        record_of(account, "second_factor_removed", clock.now(), type="passkey")
        return response


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """Ten new codes; the old ones end."""

    template_name = "staff/recovery_codes_new.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Make them."""
        response: HttpResponse = super().form_valid(form)
        record_of(account_of(self.request), "recovery_codes_made", clock.now())
        return response


@require_safe
@personal_page
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # of allauth
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the codes that are left, to whoever has just typed the password or added a factor."""
    found = Authenticator.objects.filter(
        user=account_of(request), type=Authenticator.Type.RECOVERY_CODES
    ).first()
    if found is None:
        raise Http404
    codes = found.wrap().get_unused_codes()
    return render(request, "staff/recovery_codes.html", {"codes": codes})


def note_added(request: HttpRequest, kind: str) -> None:
    """A second factor was added in this session."""
    second_factors.note_added(request)
    record_of(account_of(request), "second_factor_added", clock.now(), type=kind)


def account_of(request: HttpRequest) -> Account:
    """Return who is signed in; the middleware lets in nobody else."""
    return cast("Account", request.user)
