"""Who a caller is: found by certificate, address or any part of the name, few rows read.  R-29."""

import pytest

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.bureaus.policies import policy_in_force
from uketori.counter.lookup import people
from uketori.counter.lookup.people import find_claims
from uketori.intermediaries.models import CertificateClaim
from uketori.rules.permissions import Role
from uketori.staff.access import Staff

pytestmark = pytest.mark.django_db

NOW = at("2026-06-10 13:20")


@pytest.fixture
def clerk(at_moment: AtMoment) -> Staff:
    at_moment(NOW)
    account = situations.staff(Role.CLERK)
    return Staff(account, Role.CLERK, policy_in_force("osaka", NOW), NOW)


def named(name: str, kana: str, number: str = "大取第20001号") -> CertificateClaim:
    claim = factories.claim(f"{number[2:-1]}@example.jp", number=number)
    claim.intermediary.name, claim.intermediary.name_kana = name, kana
    claim.intermediary.save()
    return claim


@pytest.mark.parametrize(
    ("name", "kana", "typed"),
    [
        ("青木 薫", "アオキ カオル", "青木薫"),
        ("青木 薫", "アオキ カオル", "あおき"),
        ("青木 薫", "アオキ カオル", "ｱｵｷ ｶｵﾙ"),
        ("青木 薫", "アオキ カオル", "木薫"),
        ("さくら 花", "サクラ ハナ", "サクラ花"),
        ("NGUYEN Thi Hoa", "グエン", "nguyen thi"),
        ("Nguyễn Thị Hoa", "グエン", "NGUYỄN"),
        ("Weiß Anna", "ヴァイス", "weiss"),
        ("Weiß Anna", "ヴァイス", "WEIß"),
        ("İlker Şen", "イルケル", "i̇lker"),
        ("İlker Şen", "イルケル", "İLKER şen"),
        ("100% 株式", "ヒャク", "１００"),
        ("スーパー", "スーパー", "すーぱー"),
        ("渡邉 薫", "ワタナベ カオル", "渡辺薫"),
        ("渡辺 薫", "ワタナベ カオル", "渡邊"),
        ("𠮷田 薫", "ヨシダ カオル", "吉田"),
        ("Nguyễn Văn An", "グエン", "nguyen van an"),
        ("NGUYEN VAN AN", "グエン", "Nguyễn Văn"),
        ("福\ufa1b 薫", "フク", "福福"),
        ("ＬＥＥ ＡＮＮＡ", "リー", "lee anna"),
        ("Đặng Thị Hoa", "ダン", "dang"),
    ],
)
def test_find__any_part_of_the_name_in_any_form__found(
    clerk: Staff, name: str, kana: str, typed: str
) -> None:
    claim = named(name, kana)
    named("知念 翼", "チネン ツバサ", "大取第20002号")

    assert [one.pk for one in find_claims(typed, clerk)] == [claim.pk]


@pytest.mark.parametrize("typed", ["薫青木", "知", "%", "_", "青木薫子"])
def test_find__the_signs_alone_or_in_another_order__nobody(clerk: Staff, typed: str) -> None:
    named("青木 薫", "アオキ カオル")
    assert find_claims(typed, clerk) == []


def test_find__the_oldest_of_many__the_database_sifts_before_names_are_compared(
    clerk: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = named("青木 薫", "アオキ カオル")
    for number in range(2, 6):
        named("知念 翼", "チネン ツバサ", f"大取第2000{number}号")
    monkeypatch.setattr(people, "MOST_COMPARED", 1)

    assert [one.pk for one in find_claims("あおき", clerk)] == [oldest.pk]


def test_find__more_names_than_are_compared__the_newest(
    clerk: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [named("知念 翼", "チネン", f"大取第2000{number}号") for number in range(3)]
    monkeypatch.setattr(people, "MOST_COMPARED", 2)

    assert [one.pk for one in find_claims("知念", clerk)] == [claims[2].pk, claims[1].pk]
