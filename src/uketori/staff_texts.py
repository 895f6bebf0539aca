"""What a refusal says to the staff, where the public is told to call them.  D03.

A sentence never sends a clerk to the clerk's own telephone: it says what to do, or what to tell.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori.rules.refusals import Refusal, Warned

_READ_BY_STAFF = ContextVar("read_by_staff", default=False)

STAFF_TEXT: Mapping[Refusal | Warned, Promise] = {
    Refusal.SUSPENDED: _(
        "利用停止中の方です。{last_day}まで、新しい予約はできません。いまある予約は、そのまま使えます。"
    ),
    Refusal.CHANGE_CLOSED: _(
        "この予約の変更・キャンセルは、{closed_at}で締め切りました。予約はそのまま残っています。"
        "期限のあとのお申出は、「電話を受ける」のページから行ってください。"
    ),
    Refusal.CORRECTION_NOT_ALLOWED: _(
        "この局では、申請番号などの訂正はできません。取り消して予約しなおすよう、お伝えください。"
    ),
    Refusal.KIND_PROVED: _(
        "窓口で証明書を確認したため、「あなたの立場」は、ご本人には変えられません。"
        "新しい証明書を見て、責任者にご相談ください。"
    ),
    Refusal.CERTIFICATE_PROVED_ELSEWHERE: _(
        "この証明書は、窓口で確認した方の登録にあります。「登録のある方を探す」で、その番号を"
        "探してください。登録のアドレスが使えない方のときは、責任者がアドレスを変えられます。"
        "別の方のときは、番号をもう一度聞いてください。"
    ),
    Refusal.CERTIFICATE_SHOWN_BY_ANOTHER: _(
        "同じ番号の証明書を、ほかの登録の方が窓口で示したため、この登録では新しく予約できません。"
        "いまある予約は、取り消していません。番号をもう一度聞き、正しいときは"
        "「登録のある方を探す」で、示した方の登録を開いてください。"
    ),
    Refusal.CERTIFICATE_TO_BE_SEEN: _(
        "この番号の証明書を窓口で確認するまで、この登録では新しく予約できません。"
        "いまある予約は、そのまま使えます。番号をもう一度聞き、正しいときは、"
        "証明書を持って来ていただくよう、お伝えください。"
    ),
    Refusal.TOO_MANY_CLAIMS: _(
        "この証明書の番号は、すでに{max_open_claims}つのメールアドレスで登録されています。"
        "「登録のある方を探す」で番号を探し、どの登録の方かを確かめてください。"
    ),
    Refusal.TOO_MANY_NUMBERS_TODAY: _(
        "証明書の番号を入力できるのは、１つのメールアドレスで１日に"
        "{max_certificate_numbers_per_address_a_day}件までです。"
        "{again_at}から、また入力できます。"
    ),
}


@contextmanager
def read_by_staff() -> Iterator[None]:
    """Let what is put into words meanwhile speak to the staff."""
    before = _READ_BY_STAFF.set(True)
    try:
        yield
    finally:
        _READ_BY_STAFF.reset(before)


def for_staff(code: Refusal | Warned) -> Promise | None:
    """Return the sentence for the staff, if it is they who read and theirs is another."""
    return STAFF_TEXT.get(code) if _READ_BY_STAFF.get() else None
