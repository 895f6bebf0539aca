"""The forms of the sign-in, in our words; django-allauth checks what is typed."""

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from uketori import clock
from uketori.reservations.references import is_reference
from uketori.rules.folding import Dashes, fold
from uketori.staff import second_factor_limit
from uketori.staff.sign_in_events import record_failure

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}


class SignInForm(LoginForm):
    """Name and password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("アカウント名"),
            max_length=150,
            widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "off"}),
            error_messages={"required": _("アカウント名を入力してください。")},
        )
        self.fields["password"] = password_field()

    def clean_login(self) -> str:
        """Fold widths and case: names of accounts are kept that way."""
        return folded(self.cleaned_data["login"], Dashes.BETWEEN_LATIN)


class SecondFactorForm(AuthenticateForm):
    """A code of the authenticator application, or one of the recovery codes."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("確認コード"),
            help_text=_("認証アプリに出ている6けたの数字です。回復コードも使えます。"),
            max_length=20,
            widget=forms.TextInput(CODE_ATTRIBUTES),
            error_messages={"required": _("確認コードを入力してください。")},
        )

    def clean_code(self) -> str:
        """Let nobody guess, and no code count twice; what is wrong is recorded."""
        code = folded(self.cleaned_data["code"], Dashes.NONE)
        second_factor_limit.count_code(self.user, clock.now())
        self.cleaned_data["code"] = code
        try:
            super().clean_code()
        except forms.ValidationError:
            record_failure(self.user.username, "second_factor", clock.now())
            raise
        second_factor_limit.spend_code(self.user, code, clock.now())
        return code


class ActivateForm(ActivateTOTPForm):
    """The first code of a new authenticator application."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("確認コード"),
            help_text=_("認証アプリに出ている6けたの数字です。"),
            max_length=20,
            widget=forms.TextInput(CODE_ATTRIBUTES),
            error_messages={"required": _("確認コードを入力してください。")},
        )

    def clean_code(self) -> str:
        """Take full-width digits, too."""
        self.cleaned_data["code"] = folded(self.cleaned_data["code"], Dashes.NONE)
        return str(super().clean_code())


class PasswordForm(ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field()


def password_field() -> forms.CharField:
    """Return the field for the person's own password.

    A reference that was read into it by the QR reader is no attempt: five of them would shut the
    person out.  No password is refused for it, since none may be as short as a reference.
    """
    return forms.CharField(
        label=_("パスワード"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("パスワードを入力してください。")},
        validators=[_refuse_reference],
    )


def _refuse_reference(typed: str) -> None:
    if is_reference(typed.upper()):
        raise forms.ValidationError(
            _("予約番号が読み取られました。パスワードを入力してください。"), code="reference"
        )


def folded(typed: str, dashes: Dashes) -> str:
    """Return what was typed in the usual width, in small letters, without blanks around."""
    return fold(typed, dashes=dashes).strip().lower()
