"""The bureaus of the tests: Osaka as it is shipped, and みなと, which is nothing but data."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tests import factories
from tests.policies import holidays
from uketori.bureaus.policy_file import read_policy
from uketori.rules.calendar import CalendarFacts
from uketori.rules.policy import BureauPolicy

FOLDER = Path(__file__).parent.parent / "data" / "bureaus"
CODES = sorted(folder.name for folder in FOLDER.iterdir())
FIRST_DAY = date(2026, 1, 1)
OF_OSAKA = ("大阪", "阪労", "0570", "部署番号", "２階Ａ", "審査管理部門", "immi-cardyoyaku")
OF_OSAKA = (*OF_OSAKA, "届出済証明書", "交付予約システム", "15件", "11時59分", "ハガキ")
OF_OSAKA = (*OF_OSAKA, "申請受付票", "受領証", "依頼書", "手数料納付書", "収入印紙")
OF_OSAKA = (*OF_OSAKA, "（本局）", "ア～エ", "１ 注意", "１（４）", "※１")
FOREIGN = {"osaka": ("みなと", "湊", "受取確認票"), "minato": OF_OSAKA}
"""Words of another bureau, which no page and no mail may hold."""


@cache
def policy_of(code: str) -> BureauPolicy:
    """The bureau's first policy."""
    return read_policy(FOLDER / code / f"policy.{FIRST_DAY}.toml")


def go_to(code: str, monkeypatch: pytest.MonkeyPatch) -> BureauPolicy:
    """Let everybody made by ``factories`` book at this bureau; return its policy."""
    chosen = policy_of(code)
    monkeypatch.setattr(factories, "BUREAU", chosen.code)
    monkeypatch.setattr(factories, "DECLARED", tuple(one.code for one in chosen.declarations))
    return chosen


def foreign_words(text: str, code: str) -> list[str]:
    """The words in it that belong to another bureau."""
    return [word for word in FOREIGN[code] if word in text]


def calendar_of(code: str, **staff: dict[date, str]) -> CalendarFacts:
    """The bureau's days; ``staff`` are closures and days opened."""
    nothing: dict[date, str] = {}
    return CalendarFacts(
        policy=policy_of(code),
        holidays=holidays(),
        closures=staff.get("closures", nothing),
        extra_open=staff.get("extra_open", nothing),
        hours_on={},
    )
