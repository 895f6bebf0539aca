"""Typing the password again: after a while without a request, and before one's own settings."""

from typing import Any, cast

from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    reauthenticate_by_password,
)
from allauth.account.views import ReauthenticateView
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect

from uketori import clock
from uketori.staff.forms import PasswordForm
from uketori.staff.idle_lock import is_locked, unlock
from uketori.staff.kept_posts import has_kept
from uketori.staff.models import Account


class Unlock(ReauthenticateView):
    """Ask for the password, then lead back; nothing that was sent meanwhile is done."""

    form_class = PasswordForm
    template_name = "staff/unlock.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Go on where the person was."""
        reauthenticate_by_password(self.request)
        unlock(self.request, clock.now())
        self.request.session.pop(STATE_SESSION_KEY, None)  # a form that the library would send on
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Return the page that was wanted, if it is one of the staff's."""
        return str(self.get_next_url() or self.get_default_success_url())

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Say why the password is asked, and what became of what was sent."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "is_locked": is_locked(self.request, cast("Account", self.request.user), clock.now()),
            "has_kept": has_kept(self.request),
        }
