"""The forms with which a clerk books for a caller: the holder, and what was asked aloud.  D26."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from uketori.counter.telephone.forms import KeyField
from uketori.intermediaries.holders.fields import AddressField, read_address
from uketori.intermediaries.holders.forms import HolderForm
from uketori.reservations.booking.declarations import notice_read
from uketori.reservations.cases.typed import DraftContent
from uketori.rules.policy import BureauPolicy


class CallerAddressField(AddressField):
    """A mail address that a caller spells; a slip in a well-known domain is pointed out."""

    def clean(self, value: object) -> str:
        """Return the address in lower case."""
        read = read_address(super().clean(value))
        if not read.typed:
            return ""
        if read.meant:
            question = str(_("{address} ではありませんか。もう一度聞いてください。"))
            raise ValidationError(question.format(address=read.meant), code="slip")
        if read.as_typed is None:
            raise ValidationError(read.wrong_words, code="form")
        return read.as_typed


def _address_widget() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}
    )


class CallerForm(HolderForm):
    """The same facts as the public's form, and the address the confirmation goes to."""

    address = CallerAddressField(
        limit=254,
        label=_("メールアドレス"),
        help_text=_("一字ずつ読み返して、確かめてください。予約の内容をこのアドレスへ送ります。"),
        error_messages={"required": _("メールアドレスを入力してください。")},
        widget=_address_widget(),
    )
    field_order = (*HolderForm.field_order, "address")

    def __init__(self, data: QueryDict | None = None, *, policy: BureauPolicy) -> None:
        super().__init__(data, policy=policy)
        self.fields["kind"].label = _("受け取りに来る方の立場")
        self.fields["kind"].error_messages["required"] = _("立場を聞いて、選んでください。")


class ConfirmationForm(forms.Form):
    """Where the confirmation goes, if not to the address on record."""

    confirmation_to = CallerAddressField(
        limit=254,
        required=False,
        label=_("確認のメールを送るアドレス"),
        help_text=_(
            "空欄は、登録のアドレスです。届かないと言われたときだけ、読み返して入力してください。"
        ),
        widget=_address_widget(),
    )


@dataclass(frozen=True)
class TypedBooking:
    """What stands on the page where a clerk books."""

    content: DraftContent
    declared: frozenset[str]
    notice: int | None
    key: UUID

    @classmethod
    def from_post(cls, post: QueryDict | dict[str, Any] | None) -> "TypedBooking":
        """Return what was sent, or an empty page under a fresh key."""
        if not isinstance(post, QueryDict):
            return cls(DraftContent(), frozenset(), None, uuid4())
        return cls(
            content=DraftContent.from_post(post),
            declared=frozenset(post.getlist("declared")),
            notice=notice_read(post),
            key=KeyField().clean(post.get("key", "")),
        )
