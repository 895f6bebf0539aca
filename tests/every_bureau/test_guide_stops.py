"""Every end of the guide that is a no, read on its page: why not, and where instead.  R-05 … R-12.

A stop that is added to the rule has no line in the table below, and fails here.
"""

import html
import re
from functools import cache
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests import factories
from tests.every_bureau.bureaus import foreign_words, policy_of
from tests.journeys.reading import Page
from tests.rules.test_guide import ends
from uketori.rules.guide import Given, No, Stop
from uketori.rules.policy import BureauPolicy, Document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

NOT_ASKED = {
    "osaka": frozenset[Stop](),
    # three types of application without an acquisition, and no word of educational institutions
    "minato": frozenset((Stop.ACQUISITION_NOT_BY_BIRTH, Stop.EDUCATION_INSTITUTION)),
}
"""What no answer of a bureau leads to."""

WORDS = {
    Stop.FILED_ONLINE: ("オンラインで申請したもの", "オンラインシステムから届いた案内"),
    Stop.FILED_ELSEWHERE: ("{bureau}の窓口で申請したものだけ", "申請した官署から届いた{postcard}"),
    Stop.ACQUISITION_NOT_BY_BIRTH: (
        "在留資格取得許可申請のうち、この予約の対象は出生によるものだけ",
        "予約をせずに、{postcard}に書かれた窓口",
    ),
    Stop.ELIGIBILITY_CERTIFICATE: ("在留資格認定証明書", "{bureau}から届いた案内"),
    Stop.REENTRY_ALONE: (
        "再入国許可申請は、対象の申請と同時に申請したものを除いて",
        "予約をせずに、{bureau}の案内",
    ),
    Stop.CARD_MATTER: ("有効期間更新申請、紛失などによる再発行", "予約をせずに、{bureau}の案内"),
    Stop.OTHER_APPLICATION: ("次の申請だけです：{types}", "予約をせずに、{postcard}など"),
    Stop.NOT_FINISHED: ("審査が終わり、{postcard}が届いた", "届くまでお待ちください"),
    Stop.CALLED_ELSEWHERE: ("{counter}以外の場所", "{postcard}に書かれた場所"),
    Stop.CALLED_IN_PERSON: ("申請人本人が来るように案内された", "申請人ご本人がお越しください"),
    Stop.EDUCATION_INSTITUTION: ("外国人受入れ教育機関", "予約をせずに、{ordinary}"),
    Stop.TRAVEL_AGENT: ("旅行業者の職員の方が取り次げるのは再入国許可", "お電話でお尋ね"),
    Stop.NOT_AN_INTERMEDIARY: (
        "申請人ご本人やご家族は対象外",
        "申請人ご本人は、予約をせずに{ordinary}にお越しください",
    ),
    Stop.OTHER_PERSON: ("次の方だけです：{kinds}", "どなたが受け取れるかを、お電話でお尋ね"),
    Stop.NOT_FOR_THIS_KIND: (
        "案件を受け取る予約はできません",
        "申請人ご本人が、予約をせずに{ordinary}で受け取れます",
    ),
    Stop.CERTIFICATE_ENDS_BEFORE: (
        "受け取る日に有効な{certificate}が必要",
        "証明書を更新してから",
    ),
    Stop.NO_CERTIFICATE: (
        "受け取る日に有効な{certificate}をお持ちの方だけ",
        "申請人ご本人が予約をせずに{ordinary}にお越しください",
    ),
}
"""What must be read: in the reason, and in what to do instead."""


@cache
def ways_to(code: str) -> dict[Stop, Given]:
    """The answers, one way each, that lead to the stops of this bureau."""
    found = [one for one in ends(policy_of(code)) if isinstance(one, No)]
    return {one.stop: one.given for one in sorted(found, key=lambda one: list(one.given.items()))}


def said(policy: BureauPolicy, words: str, given: Given) -> str:
    """The words with the names that this bureau has for things."""
    kinds = policy.intermediary_kinds
    certificates = [policy.certificate_kinds[policy.certificate_of[kind]] for kind in kinds]
    who = list(given.values())[3] if len(given) > 3 else ""
    return words.format(
        bureau=policy.bureau_name,
        counter=policy.counter,
        ordinary=policy.ordinary_counter,
        postcard=policy.documents[Document.POSTCARD],
        types="、".join(policy.application_types.values()),
        kinds="、".join(kinds.values()),
        certificate=dict(zip(kinds, certificates, strict=True)).get(who, ""),
    )


def test_table__of_words__has_every_stop() -> None:
    assert set(WORDS) == set(Stop)


def test_guide__at_every_bureau__leads_to_every_stop_but_those_it_does_not_ask_about(
    policy: BureauPolicy,
) -> None:
    assert set(Stop) - set(ways_to(policy.code)) == NOT_ASKED[policy.code]


def asked(policy: BureauPolicy, given: Given) -> str:
    """The page after these answers."""
    factories.first_notice()
    answer = Client().get(f"/{policy.code}/eligibility?{urlencode(given)}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("stop", sorted(NOT_ASKED["minato"]))
def test_guide__minato__answers_it_does_not_offer_are_asked_anew(
    minato: BureauPolicy, stop: Stop
) -> None:
    assert Page(asked(minato, ways_to("osaka")[stop])).refusals == []


@pytest.mark.parametrize("stop", list(Stop))
def test_guide__each_no__says_why_and_where_instead(policy: BureauPolicy, stop: Stop) -> None:
    if stop in NOT_ASKED[policy.code]:
        return
    given = ways_to(policy.code)[stop]
    text = asked(policy, given)

    assert Page(text).refusals == [stop]
    reason, instead = (
        found[1].strip()
        for pattern in (r'page__lead">(.*?)</p>', r'id="instead">.*?<p class="measure">(.*?)</p>')
        if (found := re.search(pattern, text, re.DOTALL))
    )
    wanted = [said(policy, words, given) for words in WORDS[stop]]
    assert wanted[0] in reason
    assert wanted[1] in instead
    assert "{" not in reason + instead
    assert foreign_words(reason + instead, policy.code) == []
