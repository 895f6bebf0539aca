"""Forms of 「登録内容」: a renewed certificate, a new mail address."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from uketori.intermediaries.holders.fields import CertificateNumberField
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
