"""④確認: the last look, what is declared, and what asks anew.  R-01, D26."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import untranslated
from tests.policies import at
from tests.reservations.recording import nothing_written
from tests.reservations.walking import (
    LIST,
    confirm,
    confirm_path,
    draft_path,
    main_of,
    refusals,
    text_of,
    type_into,
)
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.typed import DraftRow
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

THURSDAY_TEN = at("2026-06-11 10:00")


@pytest.fixture
def draft(aoki: CertificateClaim) -> Draft:
    """Fifteen cases for Thu 6/11 10:00."""
    return situations.a_draft_of_fifteen(aoki, THURSDAY_TEN)


def test_confirm__looked_at__everything_once_more(client: Client, draft: Draft) -> None:
    shown = main_of(client.get(confirm_path(draft)))

    for words in (
        "2026年",
        "6月11日（木）",
        "10時～11時",
        "大阪出入国在留管理局 ２階Ａカウンター",
        "青木 花子",
        f"申請等取次者証明書　{untranslated('大取第10234号')}",
        "2028年3月31日（金）（予約日に有効です）",
        "aoki@example.jp",
        "2026年6月10日（水）11時59分まで",
        "案件　15件",
        *factories.numbers(15),
    ):
        assert words in shown
    assert shown.count('name="declared"') == 5
    assert 'name="declared" id="declared-filed_at_window" value="filed_at_window">' in shown
    assert 'name="notice" id="notice" value="1"' in shown
    assert "checked" not in shown


def test_confirm__warns_until_when_to_come__each_sentence_once(
    client: Client, aoki: CertificateClaim
) -> None:
    rows = [
        DraftRow(number=number, type=type_, category="own")
        for number, type_ in (
            ("阪労一E00001", "extension"),
            ("阪永P00002", "permanent"),
            ("阪労一C00003", "change"),
            ("阪永P00004", "permanent"),
        )
    ]
    draft = factories.draft(aoki, THURSDAY_TEN, rows=tuple(rows))

    shown = client.get(confirm_path(draft)).content.decode()

    assert shown.count("特例期間がありません") == 1
    assert shown.count("満了日から2か月です") == 1
    assert "生まれた日から" not in shown
    assert shown.count(f'href="{factories.policy().stay_url}" rel="external"') == 1


def test_confirm__everything_declared__booked_and_shown(client: Client, draft: Draft) -> None:
    response = confirm(client, draft)

    reservation = Reservation.objects.get()
    assert response["Location"] == f"{LIST}{reservation.reference}"
    assert "予約が決まりました。" in text_of(client.get(response["Location"]))
    assert reservation.idempotency_key == draft.key


@pytest.mark.parametrize("missing", factories.DECLARED)
def test_confirm__one_thing_not_declared__told_and_the_others_stay(
    client: Client, draft: Draft, missing: str
) -> None:
    given = [code for code in factories.DECLARED if code != missing]

    with nothing_written():
        response = confirm(client, draft, declared=given)

    shown = main_of(response)
    assert response.status_code == 422
    assert refusals(response) == ["DECLARATION_MISSING"]
    assert f'href="#declared-{missing}"' in shown
    assert shown.count(" checked") == 4 + 1
    wrong = re.findall(r'id="(declared-\w+)"[^>]*aria-invalid', shown)
    assert wrong == [f"declared-{missing}"]


@pytest.mark.parametrize("notice", ["", "0x1", "9" * 40, "-1"])
def test_confirm__notice_not_read__told(client: Client, draft: Draft, notice: str) -> None:
    with nothing_written():
        response = confirm(client, draft, notice=notice)

    assert (response.status_code, refusals(response)) == (422, ["NOTICE_NOT_READ"])
    assert main_of(response).count(" checked") == 5


@pytest.mark.parametrize("read", ["1", "2", "3"])
def test_confirm__notice_changed_between_look_and_click__asked_anew_and_input_kept(
    client: Client, draft: Draft, read: str
) -> None:
    client.get(confirm_path(draft))
    factories.notice(2, at("2026-06-08 10:00"))

    response = confirm(client, draft, notice=read)

    if read == "2":
        assert Reservation.objects.get().notice_version == 2
        return
    shown = main_of(response)
    assert (response.status_code, refusals(response)) == (422, ["NOTICE_CHANGED"])
    assert 'name="notice" id="notice" value="2"' in shown
    assert shown.count(" checked") == 5
    for number in factories.numbers(15):
        assert number in shown
    assert not Reservation.objects.exists()
    assert confirm(client, draft, notice="2").status_code == 302


def test_confirm__other_tab_changed_the_draft__shown_anew_not_booked(
    client: Client, draft: Draft
) -> None:
    seen = draft.revision
    type_into(client, draft, ["阪労一E09999"], slot="2026-06-11T10:00", category_all="own")

    response = confirm(client, draft, revision=seen)

    assert (response.status_code, refusals(response)) == (422, ["DRAFT_CHANGED"])
    assert "阪労一E09999" in main_of(response)
    assert "案件　1件" in main_of(response)
    assert not Reservation.objects.exists()
    confirm(client, draft)
    assert Reservation.objects.get().first_case_count == 1


@pytest.mark.parametrize("revision", ["", "x", "999"])
def test_confirm__revision_of_nothing__not_booked(
    client: Client, draft: Draft, revision: str
) -> None:
    with nothing_written():
        response = confirm(client, draft, revision=revision)

    assert refusals(response) == ["DRAFT_CHANGED"]


def test_confirm__acquisition_among_the_cases__birth_must_be_declared(
    client: Client, aoki: CertificateClaim
) -> None:
    draft = factories.draft(aoki, THURSDAY_TEN, ["阪労一X01234"], type_for_all="acquisition_birth")
    shown = main_of(client.get(confirm_path(draft)))
    assert "在留資格取得の案件は、すべて出生によるものです。" in shown

    assert refusals(confirm(client, draft)) == ["DECLARATION_MISSING"]
    declared = [*factories.DECLARED, "acquisition_by_birth"]
    assert confirm(client, draft, declared=declared).status_code == 302
    assert "acquisition_by_birth" in Reservation.objects.get().declarations


def test_confirm__unusual_cases__each_sentence_once_with_its_rows_and_let_through(
    client: Client, aoki: CertificateClaim
) -> None:
    typed = ["阪労一P01234", "阪労一E01234", "阪労ーP01235"]
    draft = factories.draft(aoki, THURSDAY_TEN, typed, type_for_all="extension")

    shown = main_of(client.get(confirm_path(draft)))

    assert shown.count("このままでも進めます。") == 2
    assert "案件1・3：申請番号の英字からは「永住」と読めますが" in shown
    assert "案件3：漢数字の「一」でしょうか。" in shown
    assert confirm(client, draft).status_code == 302


def test_confirm__nothing_unusual__no_warning(client: Client, draft: Draft) -> None:
    assert "このままでも進めます。" not in main_of(client.get(confirm_path(draft)))


def test_confirm__no_acquisition__birth_not_asked(client: Client, draft: Draft) -> None:
    assert "出生によるもの" not in main_of(client.get(confirm_path(draft)))


@pytest.mark.parametrize("changes", [{"cases": 0}, {"cases": 16}, {"category": ""}])
def test_confirm__looked_at_with_something_missing__back_to_the_draft(
    client: Client, aoki: CertificateClaim, changes: dict[str, Any]
) -> None:
    draft = factories.draft(aoki, THURSDAY_TEN, **changes)

    assert client.get(confirm_path(draft))["Location"] == f"{draft_path(draft)}?check=1"


def test_confirm__no_day_chosen__back_to_the_draft(client: Client, aoki: CertificateClaim) -> None:
    draft = situations.a_draft_of_fifteen(aoki)

    assert client.get(confirm_path(draft))["Location"] == f"{draft_path(draft)}?check=1"
    confirm(client, draft)
    assert not Reservation.objects.exists()


@pytest.mark.parametrize(
    ("expires_on", "status"), [(date(2026, 6, 11), 302), (date(2026, 6, 10), 422)]
)
def test_confirm__certificate_of_the_visit_day__its_last_day_is_good(
    client: Client, aoki: CertificateClaim, draft: Draft, expires_on: date, status: int
) -> None:
    aoki.expires_on = expires_on
    aoki.save()

    response = confirm(client, draft)

    assert response.status_code == status
    if status == 422:
        assert refusals(response) == ["CERTIFICATE_EXPIRES_BEFORE_VISIT"]


def test_confirm__sent_twice__one_reservation(client: Client, draft: Draft) -> None:
    first = confirm(client, draft)
    with nothing_written():
        again = confirm(client, draft)
        looked = client.get(confirm_path(draft))

    assert again["Location"] == first["Location"] == looked["Location"]


def test_confirm__second_tab_after_booking__typed_numbers_kept_and_nothing_booked_changes(
    client: Client, draft: Draft
) -> None:
    confirm(client, draft)
    reservation = Reservation.objects.get()

    saved = type_into(client, draft, ["阪労一E09999"], do="proceed")

    assert saved["Location"] != confirm_path(draft)
    (other,) = Draft.objects.exclude(pk=draft.pk)
    assert saved["Location"] == confirm_path(other)
    assert 'value="阪労一E09999"' in text_of(client.get(draft_path(other)))
    assert reservation.cases.count() == 15
    assert Reservation.objects.count() == 1


def test_confirm__draft_was_cleared_away_after_booking__leads_to_the_reservation(
    client: Client, draft: Draft
) -> None:
    booked = confirm(client, draft)
    path = confirm_path(draft)
    draft.delete()

    assert client.post(path, {})["Location"] == booked["Location"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_confirm__somebody_else_s_draft__as_if_it_were_not_there(
    draft: Draft, method: str, at_moment: AtMoment
) -> None:
    stranger = situations.signed_in_client(situations.chinen())
    fields = {"revision": draft.revision, "declared": factories.DECLARED, "notice": "1"}

    theirs = getattr(stranger, method)(confirm_path(draft), fields)
    nobody_s = getattr(stranger, method)(confirm_path(Draft(key=factories.uuid4())), fields)

    assert theirs.status_code == nobody_s.status_code == 404
    assert not Reservation.objects.exists()
