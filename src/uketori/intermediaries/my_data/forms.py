"""Forms of 「登録内容」: a renewed certificate, a new mail address."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from uketori.intermediaries.holders.fields import CertificateNumberField
from uketori.intermediaries.holders.forms import EntryForm
from uketori.web.fields import DayField


class RenewalForm(forms.Form):
    """Number and last day of the new certificate; kind and person stay."""

    number = CertificateNumberField(
        label=_("新しい証明書の番号"),
        error_messages={"required": _("新しい証明書の番号を入力してください。")},
    )
    expires_on = DayField(
        label=_("新しい証明書の有効期限"),
        help_text=_("例：2030年3月31日"),
        error_messages={"required": _("新しい証明書の有効期限を入力してください。")},
    )

    def add_refusal(self, field: str, text: str, code: str) -> None:
        """Let a rule's refusal stand at a field, with its stable code."""
        self.add_error(field, ValidationError(text, code=code))


class NewAddressForm(EntryForm):
    """The address to move to."""

    def __init__(self, data: QueryDict | None = None, *, current: str) -> None:
        super().__init__(data)
        self.current = current
        self.fields["address"].label = _("新しいメールアドレス")
        self.fields["address"].widget.attrs["autocomplete"] = "off"

    def clean_address(self) -> str:
        """Return another address than the current one."""
        address = super().clean_address()
        if address == self.current:
            message = _("いまのメールアドレスと同じです。新しいメールアドレスを入力してください。")
            raise ValidationError(message, code="same")
        return address
