"""Forms of the entry and of the holder: they make input well-formed, no more."""

import re
from collections.abc import Mapping
from typing import Any

import jaconv
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from uketori.intermediaries.holders.fields import (
    CertificateNumberField,
    PlainField,
    fold,
)
from uketori.rules.eligibility import kinds_that_book
from uketori.rules.folding import Dashes
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.web.fields import DayField, OneOf

KANA = re.compile(r"[ァ-ヶー・ 　]*")
PHONE = re.compile(r"\+?[0-9]+(-[0-9]+)*")
PHONE_DIGITS = range(10, 14)


class PersonForm(forms.Form):
    """Name and telephone of the person who comes; the part that can be changed later."""

    name = PlainField(
        limit=100,
        label=_("お名前"),
        help_text=_("証明書と同じ文字で入力してください。"),
        error_messages={"required": _("お名前を入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_kana = PlainField(
        limit=100,
        dashes=Dashes.VOWELS,
        label=_("フリガナ"),
        required=False,
        help_text=_("ひらがなで入力しても、カタカナになおします。"),
    )
    organisation = PlainField(
        limit=200,
        label=_("所属"),
        required=False,
        help_text=_("会社や団体の職員の方は、必ず入力してください。"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = PlainField(
        limit=30,
        label=_("電話番号"),
        help_text=_("日中につながる番号。例：090-1234-5678"),
        error_messages={"required": _("電話番号を入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    expires_on = DayField(
        label=_("証明書の有効期限"),
        help_text=_("例：2027年3月31日"),
        error_messages={"required": _("証明書の有効期限を入力してください。")},
    )

    field_order: tuple[str, ...] = ("expires_on", "name", "name_kana", "organisation", "phone")

    def add_refusal(self, field: str, text: str, code: str) -> None:
        """Let a rule's refusal stand at a field, with its stable code."""
        self.add_error(field, ValidationError(text, code=code))

    def clean_name_kana(self) -> str:
        """Return full-width katakana."""
        typed = jaconv.hira2kata(jaconv.h2z(self.cleaned_data["name_kana"], ascii=False))
        if not KANA.fullmatch(typed):
            raise ValidationError(
                _("フリガナは、カタカナかひらがなで入力してください。"), code="kana"
            )
        return typed

    def clean_phone(self) -> str:
        """Return digits and hyphens."""
        typed = re.sub(r"[() -]+", "-", fold(self.cleaned_data["phone"], Dashes.HYPHENS)).strip("-")
        digits = sum(sign.isdigit() for sign in typed)
        if not PHONE.fullmatch(typed) or digits not in PHONE_DIGITS:
            message = _("電話番号は、10けたから13けたの数字で入力してください。例：090-1234-5678")
            raise ValidationError(message, code="phone")
        return typed


class RevisionForm(PersonForm):
    """What is known of a person, to be changed; of which kind they are, where that can be said.

    A page without the question, opened before, leaves the kind as it is.
    """

    kind = OneOf(
        required=False,
        label=_("あなたの立場"),
        ask="",
        ask_again=_("あなたの立場を、もう一度選んでください。"),
    )
    field_order: tuple[str, ...] = ("kind", *PersonForm.field_order)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any],
        kinds: dict[IntermediaryKind, str],
    ) -> None:
        super().__init__(data, initial=initial)
        if len(kinds) > 1:
            _offer_kinds(self, kinds)
        else:
            del self.fields["kind"]


class HolderForm(PersonForm):
    """Who comes, with which certificate.  D05."""

    kind = OneOf(
        label=_("あなたの立場"),
        ask=_("あなたの立場を選んでください。"),
        ask_again=_("あなたの立場を、もう一度選んでください。"),
    )
    education = OneOf(
        label=_("所属は、外国人受入れ教育機関ですか"),
        help_text=_("外国人受入れ教育機関の申請等取次者の方は、この予約を利用できません。"),
        choices=[("no", _("いいえ")), ("yes", _("はい"))],
        ask=_("「はい」か「いいえ」を選んでください。"),
        ask_again=_("「はい」か「いいえ」を、もう一度選んでください。"),
    )
    number = CertificateNumberField(
        label=_("証明書の番号"),
        error_messages={"required": _("証明書の番号を入力してください。")},
    )
    field_order: tuple[str, ...] = (
        "kind",
        "education",
        "number",
        "expires_on",
        "name",
        "name_kana",
        "organisation",
        "phone",
    )

    def __init__(self, data: QueryDict | None = None, *, policy: BureauPolicy) -> None:
        super().__init__(data)
        if not policy.education_excluded:
            del self.fields["education"]
        _offer_kinds(self, kinds_that_book(policy))

    def clean(self) -> dict[str, Any]:
        """Ask organisations' staff for their organisation."""
        cleaned = super().clean() or self.cleaned_data
        missing = not cleaned.get("organisation") and "organisation" not in self.errors
        if missing and needs_organisation(cleaned.get("kind", "")):
            self.add_error("organisation", _("所属を入力してください。"))
        return cleaned


def _offer_kinds(form: forms.Form, kinds: Mapping[IntermediaryKind, str]) -> None:
    choices = [(kind.value, name) for kind, name in kinds.items()]
    form.fields["kind"].choices = choices  # type: ignore[attr-defined]  # ChoiceField has choices


def needs_organisation(kind: str) -> bool:
    """Tell whether this kind of intermediary acts for an organisation."""
    return kind in {IntermediaryKind.ORG_STAFF, IntermediaryKind.PUBLIC_CORP_STAFF}
