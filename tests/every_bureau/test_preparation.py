"""The preparation list at every bureau: its own final moment, hours, papers and words."""

from datetime import datetime, timedelta

import pytest

from tests import factories, situations
from tests.counter.preparation.test_lists import shown
from tests.policies import at
from tests.situations import AtMoment
from uketori.rules.policy import BureauPolicy, ReceiptCategory

pytestmark = pytest.mark.django_db

THURSDAY_NINE = at("2026-06-11 09:00")
FINAL = {"osaka": at("2026-06-10 12:00"), "minato": at("2026-06-09 18:00")}
WORDS = {"osaka": "6月10日（水）12時", "minato": "6月9日（火）18時"}
SPAN = {"osaka": "9時～10時", "minato": "9時～9時30分"}


def page_at(moment: datetime, at_moment: AtMoment, code: str, view: str = "hours") -> str:
    at_moment(moment)
    client = situations.staff_client(bureau=code)
    return shown(client, f"/staff/{code}/counter/preparation/2026-06-11?view={view}")


def test_list__final_at_the_bureau_s_own_moment(policy: BureauPolicy, at_moment: AtMoment) -> None:
    code = policy.code
    at_moment(at("2026-06-08 10:00"))
    factories.reservation(factories.claim(), THURSDAY_NINE)

    before = page_at(FINAL[code] - timedelta(seconds=1), at_moment, code)
    after = page_at(FINAL[code], at_moment, code)

    assert f"まだ変わることがあります。確定は{WORDS[code]}" in before
    assert f"{WORDS[code]}に確定しました。" in after
    assert SPAN[code] in after
    assert f"{policy.bureau_name} {policy.counter}" in after


def test_desk_sheet__names_the_papers_of_the_policy(
    policy: BureauPolicy, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-08 10:00"))
    made = factories.reservation(factories.claim(), THURSDAY_NINE)
    made.cases.update(category="same_org")
    papers = policy.documents_of_category[ReceiptCategory.SAME_ORG]

    words = page_at(FINAL[policy.code], at_moment, policy.code, "desk")

    assert papers
    for paper in papers:
        assert policy.documents[paper] in words
