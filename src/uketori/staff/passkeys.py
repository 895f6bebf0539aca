"""What a browser answers for a passkey: read without trust, refused in words, never a fall.

django-allauth and fido2 answer strange bytes with whatever exception meets them first, and most of
what remains with "incorrect code", which no passkey has.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

LONGEST = 20_000
"""Characters; a key that proves its maker with certificates sends some thousands."""
PARTS = ("id", "rawId", "type", "response")
"""What is read; nothing else that a browser may send is kept."""

NOT_MADE = _("パスキーを作れませんでした。もう一度「パスキーを作る」を押してください。")
TOO_OLD_TO_ADD = _(
    "このページは古くなっていました（別のタブで開きなおしたときなどです）。"
    "もう一度「パスキーを作る」を押してください。"
)
ADDED_BEFORE = _("このパスキーは、もう登録してあります。あらためて登録する必要はありません。")
NOT_KNOWN = _(
    "このパスキーでは確認できませんでした。登録した端末か鍵で、もう一度「パスキーを使う」を"
    "押してください。確認コードも使えます。"
)
TOO_OLD_TO_SIGN_IN = _(
    "このページは古くなっていました（別のタブで開きなおしたときなどです）。"
    "もう一度「パスキーを使う」を押してください。"
)
NO_NAME = _(
    "いま開いているアドレスかブラウザでは、パスキーを使えません。アドレスが数字（127.0.0.1など）の"
    "ときは、サイトの名前（localhostなど）で開きなおしてください。認証アプリは使えます。"
)
ON_THIS_DEVICE = _(
    "この端末か鍵には、あなたのパスキーがもうあります。あらためて作る必要はありません。"
    "別の鍵を加えるときは、それをつないでから、もう一度押してください。"
)
DECLINED = _("パスキーを確認できませんでした。もう一度試すか、確認コードを使ってください。")


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, and what to call it."""

    browser_errors: ClassVar[dict[str, object]] = {
        "": NOT_MADE,
        "InvalidStateError": ON_THIS_DEVICE,
        "SecurityError": NO_NAME,
    }
    """What the page says when the browser itself refuses, by the error's name."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("パスキーの呼び名"),
            help_text=_("どの端末や鍵かがわかる名前にしてください。"),
            max_length=100,
            required=False,
        )
        self.fields["credential"] = _credential_field(NOT_MADE)

    def clean_credential(self) -> dict[str, Any]:
        """Read it; what is kept is made anew from what was understood."""
        with _refused_as(NOT_MADE):
            made = RegistrationResponse.from_dict(_parts_of(self.cleaned_data["credential"]))
            given = made.response.attestation_object.auth_data.credential_data
            if given is None or given.credential_id != made.raw_id:
                raise ValidationError(NOT_MADE)
            is_known = auth.get_authenticator_by_credential_id(self.user, made.raw_id)
        if is_known:
            raise ValidationError(ADDED_BEFORE)
        _refuse_old(made.response.client_data.challenge, TOO_OLD_TO_ADD)
        return dict(made)

    def clean(self) -> dict[str, Any]:
        """Let the library compare it with what was asked for."""
        with _refused_as(NOT_MADE):
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeySignInForm(AuthenticateWebAuthnForm):
    """A passkey that was added before."""

    browser_errors: ClassVar[dict[str, object]] = {"": DECLINED, "SecurityError": NO_NAME}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _credential_field(NOT_KNOWN)

    def clean_credential(self) -> object:
        """Read it, and let the library find whose it is."""
        with _refused_as(NOT_KNOWN):
            given = AuthenticationResponse.from_dict(_parts_of(self.cleaned_data["credential"]))
        _refuse_old(given.response.client_data.challenge, TOO_OLD_TO_SIGN_IN)
        self.cleaned_data["credential"] = dict(given)
        with _refused_as(NOT_KNOWN):
            return super().clean_credential()


def _credential_field(sentence: Promise) -> forms.CharField:
    # A text, not Django's field for JSON: that one falls over numbers and nesting without end.
    return forms.CharField(
        widget=forms.HiddenInput,
        max_length=LONGEST,
        error_messages={"required": str(sentence), "max_length": str(sentence)},
    )


def _parts_of(typed: str) -> Mapping[str, object]:
    sent = json.loads(typed)
    return {name: sent[name] for name in PARTS}


@contextmanager
def _refused_as(sentence: Promise) -> Iterator[None]:
    """Refuse with this sentence whatever could not be read or verified."""
    try:
        yield
    except DatabaseError:
        raise
    except Exception as error:
        raise ValidationError(str(sentence)) from error


def _refuse_old(challenge: bytes, sentence: Promise) -> None:
    """Refuse the answer to another question than the last one that this session asked."""
    asked = auth.get_state()
    if not asked or websafe_decode(asked["challenge"]) != challenge:
        raise ValidationError(str(sentence))
