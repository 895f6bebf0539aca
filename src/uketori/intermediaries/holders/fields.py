"""Fields of text as it is typed: names, certificate numbers, mail addresses."""

import re
from dataclasses import dataclass
from typing import Any

import regex
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from uketori.rules.certificate_number import certificate_key
from uketori.rules.folding import Dashes
from uketori.rules.folding import fold as fold_typed
from uketori.rules.mail_address import is_carrier_address, likely_meant

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BLANKS = regex.compile(r"\p{White_Space}+")
LINE_BREAK = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]|%0[ad]", re.IGNORECASE)
"""Also as it stands in a URL: whoever decodes an address once more would break the line there."""
LONGEST_KEY = 60
"""Of a certificate, as the database keeps it."""


def fold(value: str, dashes: Dashes = Dashes.AS_TYPED) -> str:
    """Return the code, number or address in half width, trimmed.  Never for names."""
    return fold_typed(value, dashes=dashes).strip()


class PlainField(forms.CharField):
    """One line of text without control characters, in the width and the kanji that were typed.

    What came along unseen when it was copied is taken out; ``dashes`` says which are kept.
    """

    default_error_messages = {
        "control": _("使えない文字（{code}）が入っています。消してから進んでください。"),
        "max_length": _("{limit}文字以内で入力してください（いまは{length}文字です）。"),
    }

    def __init__(
        self,
        *,
        limit: int,
        dashes: Dashes = Dashes.AS_TYPED,
        **kwargs: Any,  # noqa: ANN401 - Django's own
    ) -> None:
        super().__init__(**kwargs)
        self.limit = limit
        self.dashes = dashes
        # Django's validator would only say "null characters"; ours names the sign and the remedy
        self.validators = []

    def to_python(self, value: object) -> str:
        """Return the text trimmed at its ends, blanks inside folded to single ones."""
        typed = fold_typed(super().to_python(value) or "", dashes=self.dashes, keeps_width=True)
        return str(_BLANKS.sub(" ", typed)).strip()

    def clean(self, value: object) -> str:
        """Refuse control characters and overlong text, each with its sentence."""
        if found := CONTROL.search(re.sub(r"[\t\r\n]", " ", str(value or ""))):
            text = self.error_messages["control"].format(code=f"U+{ord(found[0]):04X}")
            raise ValidationError(text, code="control")
        cleaned: str = super().clean(value)
        if len(cleaned) > self.limit:
            text = self.error_messages["max_length"].format(limit=self.limit, length=len(cleaned))
            raise ValidationError(text, code="max_length")
        return cleaned


class CertificateNumberField(PlainField):
    """The number of a certificate as it stands there."""

    default_error_messages = {
        "number": _("証明書の番号を、証明書のとおりに入力してください。"),
    }

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        kwargs.setdefault(
            "help_text",
            _("証明書のとおりに入力してください。全角・半角の違いは、こちらでそろえます。"),
        )
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(limit=LONGEST_KEY, widget=widget, **kwargs)

    def clean(self, value: object) -> str:
        """Refuse a number of which nothing is left to compare, or which is no number at all."""
        number = super().clean(value)
        if not 1 <= len(certificate_key(number)) <= LONGEST_KEY:
            raise ValidationError(self.error_messages["number"], code="number")
        return number


class AddressField(PlainField):
    """A mail address in one line."""

    default_error_messages = {
        "line_break": _("メールアドレスの中に改行が入っています。消してから進んでください。"),
    }

    def clean(self, value: object) -> str:
        """Refuse a line break wherever it stands: in a mail it would begin another header."""
        if LINE_BREAK.search(fold(f"|{value or ''}|")):
            raise ValidationError(self.error_messages["line_break"], code="line_break")
        return super().clean(value)


@dataclass(frozen=True)
class ReadAddress:
    """What was typed as an address, and what was probably meant."""

    typed: str
    as_typed: str | None
    """None if what was typed is no address."""
    meant: str | None
    """Another address that is asked back; None if there is nothing to ask."""

    @property
    def wrong_words(self) -> str:
        """Say what is wrong with what is no address."""
        local = self.typed.rpartition("@")[0]
        if foreign := next((sign for sign in local if not sign.isascii()), ""):
            told = _(
                "@の前に、使えない文字（{sign}）が入っています。"
                "このシステムからは、@の前が半角の英数字と記号だけのアドレスに送れます。"
            )
            return str(told).format(sign=foreign)
        return str(_("メールアドレスの形を確かめてください。例：aoki@example.jp"))


def read_address(typed: str) -> ReadAddress:
    """Read an address in lower case: two spellings of one mailbox are one person.

    A blank within, and a dash of another kind between Latin letters or digits, is asked back: it is
    never joined or exchanged in silence.  A Japanese domain keeps its 「ー」.
    """
    folded = fold(typed).lower()
    joined = fold(folded, Dashes.BETWEEN_LATIN).replace(" ", "")
    as_typed = well_formed(folded)
    likely = well_formed(joined) or joined
    meant = well_formed(likely_meant(likely) or likely)
    return ReadAddress(folded, as_typed, meant if meant != as_typed else None)


def well_formed(typed: str) -> str | None:
    """Return the address as it is shown, or None; what a carrier gave out counts as it is.

    ``xn--…`` and what it stands for are one address.  Mail goes to its form in ASCII, which the
    same validator tells when it leaves.
    """
    try:
        return validate_email(
            typed, check_deliverability=False, allow_smtputf8=False
        ).normalized.lower()
    except EmailNotValidError:
        return typed if is_carrier_address(typed) else None
