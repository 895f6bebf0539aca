"""An address that a caller spells: the same reading as where people type it themselves."""

import pytest
from django.core.exceptions import ValidationError

from uketori.counter.telephone.booking_forms import CallerAddressField

FIELD = CallerAddressField(limit=254, required=False)


@pytest.mark.parametrize(
    ("spelled", "said"),
    [
        ("a b@example.jp", "ab@example.jp ではありませんか。"),
        ("aokiーtaro@example.jp", "aoki-taro@example.jp ではありませんか。"),
        ("aoki@gmial.com", "aoki@gmail.com ではありませんか。"),
        ("青木@example.jp", "@の前に、使えない文字（青）が入っています。"),
        ("aoki", "メールアドレスの形を確かめてください。"),
    ],
)
def test_spelled_address__not_as_it_was_meant__asked_again(spelled: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FIELD.clean(spelled)


@pytest.mark.parametrize(
    ("spelled", "address"),
    [
        ("", ""),
        ("Ａｏｋｉ＠example.jp", "aoki@example.jp"),
        ("aoki@xn--fa-hia.example", "aoki@faß.example"),
        ("aoki@日本ー.example", "aoki@日本ー.example"),
    ],
)
def test_spelled_address__in_any_spelling__is_one(spelled: str, address: str) -> None:
    assert FIELD.clean(spelled) == address
