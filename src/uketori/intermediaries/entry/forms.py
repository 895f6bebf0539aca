"""The forms of entry: an address, a code."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from uketori.intermediaries.holders.fields import AddressField, PlainField, fold, read_address
from uketori.intermediaries.proof.tokens import CODE_DIGITS
from uketori.rules.folding import Dashes


class EntryForm(forms.Form):
    """Where the verification mail goes.

    A slip in a well-known domain, a blank within and a dash that is no hyphen are asked back: the
    form is refused once, with ``meant`` and, if what was typed could be an address, ``as_typed``.
    One of the two comes back as ``settled``.
    """

    meant = ""
    as_typed = ""

    address = AddressField(
        limit=254,
        label=_("メールアドレス"),
        help_text=_("例：aoki@example.jp　全角で入力しても、半角になおして送ります。"),
        error_messages={"required": _("メールアドレスを入力してください。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )

    def clean_address(self) -> str:
        """Return the address, or ask back what it may mean."""
        read = read_address(self.cleaned_data["address"])
        settled = self.data.get("settled", "")
        if read.meant:
            if settled == read.meant:
                return read.meant
            if settled != read.as_typed:
                self.meant, self.as_typed = read.meant, read.as_typed or ""
                question = str(_("{address} ではありませんか。")).format(address=read.meant)
                raise ValidationError(question, code="slip")
        if read.as_typed is None:
            raise ValidationError(read.wrong_words, code="form")
        return read.as_typed


class MailCodeForm(forms.Form):
    """The six digits of the verification mail."""

    code = PlainField(
        limit=40,
        label=_("確認コード"),
        help_text=_("メールにある6けたの数字です。メールを送ったこの端末でだけ使えます。"),
        error_messages={"required": _("確認コードを入力してください。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """Return six digits; width and blanks do not matter."""
        digits = fold(self.cleaned_data["code"], Dashes.NONE).replace(" ", "")
        if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", digits):
            raise ValidationError(_("確認コードは、6けたの数字です。"), code="form")
        return digits
