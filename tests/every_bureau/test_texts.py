"""Every refusal and warning has a sentence that formats, for every bureau."""

import re
from typing import Any

import pytest

from tests.every_bureau.bureaus import CODES, policy_of
from tests.policies import at
from uketori.refusal_texts import refusal_text
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import NEEDED_FACTS, Reason, Refusal, Warned
from uketori.rules.visit import Ending

DAY = at("2026-06-12 10:00")
VALUES: dict[str, Any] = {
    "held": [DAY],
    "starts_at": DAY,
    "closed_at": DAY,
    "visit_day": DAY.date(),
    "expires_on": DAY.date(),
    "cases": 99,
    "ends_at": DAY,
    "arrived_at": DAY,
    "recorded_at": DAY,
    "ending": Ending.LATE,
    "last_day": DAY.date(),
    "again_at": DAY,
}
"""Of these kinds; every other fact is a word."""


def said(code: Refusal | Warned, policy: BureauPolicy) -> str:
    facts = {name: VALUES.get(name, "ことば") for name in NEEDED_FACTS.get(code, ())}
    return refusal_text(Reason(code, facts=facts), policy)


@pytest.mark.parametrize("bureau", CODES)
@pytest.mark.parametrize("code", [*Refusal, *Warned])
def test_text__of_every_code_at_every_bureau__whole_sentences(
    code: Refusal | Warned, bureau: str
) -> None:
    text = said(code, policy_of(bureau))

    assert text.endswith("。")
    assert not re.search(r"[{}]|None|、。|（）|、）", text)


@pytest.mark.parametrize("code", [*Refusal, *Warned])
def test_text__at_minato__no_number_or_name_of_osaka(code: Refusal | Warned) -> None:
    osaka, minato = policy_of("osaka"), policy_of("minato")
    text = said(code, minato)
    words = ("0570", "部署番号", osaka.contact_section, osaka.counter, osaka.number_example)

    assert [word for word in words if word in text] == []


def test_text__numbers__are_those_of_the_bureau() -> None:
    minato = policy_of("minato")

    assert "1枠まで" in said(Refusal.TOO_MANY_SLOTS, minato)
    assert "3開庁日" in said(Refusal.NO_SLOT_CHOSEN, minato)
    assert "5件まで" in said(Refusal.TOO_MANY_CASES, minato)
    assert "10時～10時30分" in said(Refusal.SAME_HOUR_TWICE, minato)
    assert "みなと交付係（電話050-0000-0135）" in said(Refusal.CHANGE_CLOSED, minato)
