"""Every refusal and warning has a Japanese sentence that formats."""

import re
from datetime import date

import pytest

from tests.policies import at, osaka
from uketori.refusal_texts import REASON_TEXT, numbers_of, refusal_text
from uketori.rules.refusals import NEEDED_FACTS, Reason, Refusal, Warned
from uketori.rules.visit import Ending

SAMPLES: dict[str, object] = {
    "visit_day": date(2026, 6, 11),
    "reason": "土曜日",
    "closed_at": at("2026-06-10 12:00"),
    "held": [at("2026-06-12 10:00"), at("2026-06-15 09:00")],
    "starts_at": at("2026-06-12 10:00"),
    "cases": 18,
    "left": 2,
    "character": "「{=}」",
    "first": 3,
    "wanted": 4,
    "category": "エ",
    "holder": "行政書士",
    "certificate": "届出済証明書",
    "expires_on": date(2026, 6, 9),
    "text": "審査が終わっています。",
    "ends_at": at("2026-06-12 11:00"),
    "recorded_at": at("2026-06-12 10:20"),
    "arrived_at": at("2026-06-12 10:05"),
    "ending": Ending.LATE,
    "last_day": date(2026, 7, 10),
    "most": 20,
    "suggested": "在留期間更新",
    "chosen": "永住",
    "again_at": at("2026-06-09 09:00"),
}


def said(code: Refusal | Warned) -> str:
    facts = {name: SAMPLES[name] for name in NEEDED_FACTS.get(code, ())}
    return refusal_text(Reason(code, facts=facts), osaka())


@pytest.mark.parametrize("code", [*Refusal, *Warned])
def test_text__of_every_code__formats_in_whole_polite_sentences(code: Refusal | Warned) -> None:
    text = said(code)
    assert text.endswith("。")
    assert re.search(r"(ください|ます|です|でしょうか)。", text)
    assert "{" not in text.replace("「{=}」", "")
    assert "None" not in text


@pytest.mark.parametrize("code", [*Refusal, *Warned])
def test_text__fields__are_policy_numbers_or_needed_facts(code: Refusal | Warned) -> None:
    fields = set(re.findall(r"{(\w+)}", str(REASON_TEXT[code]))) - {"over"}
    needed = set(NEEDED_FACTS.get(code, ()))
    assert needed <= fields
    assert fields - needed <= set(numbers_of(osaka()))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            Refusal.BOOKING_CLOSED,
            "6月11日（木）の予約は、6月10日（水）11時59分で締め切りました。"
            "あとの開庁日から選んでください。",
        ),
        (
            Refusal.TOO_MANY_SLOTS,
            "表示された5開庁日のうち、予約できるのは2枠までです。"
            "すでに6月12日（金）10時～11時、6月15日（月）9時～10時を予約しています。"
            "変更するには、期限までに予約をキャンセルしてから選んでください。",
        ),
        (
            Refusal.TOO_MANY_CASES,
            "１枠で受け付けられるのは15件までです。"
            "入力されているのは18件です。3件減らすか、ほかの枠に分けて予約してください。",
        ),
        (
            Refusal.CERTIFICATE_PROVED_ELSEWHERE,
            "この証明書は、ほかのメールアドレスで登録されています。"
            "そのメールアドレスから手続するか、"
            "審査管理部門（電話0570-064259、部署番号210）に連絡してください。",
        ),
    ],
)
def test_text__says_the_numbers(code: Refusal, text: str) -> None:
    assert said(code) == text


def test_text__follows_the_policy() -> None:
    reason = Reason(Refusal.NO_SLOT_CHOSEN)
    assert "7開庁日" in refusal_text(reason, osaka(window_open_days=7))
