"""「登録内容」: what is shown, and what is taken along as a file.  D03, D23."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.intermediaries.holders.steps import enter
from tests.intermediaries.sharing.steps import a_request
from tests.policies import at
from uketori.intermediaries import hooks
from uketori.intermediaries.models import AddressChange, CertificateClaim, ClaimRequest, MailProof
from uketori.reservations.models import CaseChange, Draft, Reservation

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
MY_DATA = "/osaka/my-data"


@pytest.fixture
def claim(monday_morning: datetime) -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def client(claim: CertificateClaim) -> Client:
    return situations.signed_in_client(claim)


def exported(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get(f"{MY_DATA}/export").content)
    return found


def test_my_data__shows_address_holder_and_certificate(client: Client) -> None:
    shown = client.get(MY_DATA).content.decode()

    for words in (
        "aoki@example.jp",
        "青木 花子",
        "アオキ ハナコ",
        "株式会社あおぞら製作所",
        "06-1234-5678",
        "大取第10234号",
        "2028年3月31日（金）",
        "受入れ機関等の職員",
    ):
        assert words in shown


def test_my_data__nothing_of_another_address(client: Client) -> None:
    theirs = situations.chinen()

    shown = client.get(MY_DATA).content.decode()

    assert theirs.intermediary.name not in shown
    assert theirs.number not in shown


def test_my_data__linked_from_every_page_inside(client: Client) -> None:
    assert f'href="{MY_DATA}"' in client.get("/osaka/reservations/").content.decode()
    assert f'href="{MY_DATA}"' not in Client().get("/osaka/entry").content.decode()


def test_my_data__asked_for_elsewhere__shown_while_it_waits(
    monday_morning: datetime,
) -> None:
    a_request("aoki@office.example.jp")
    client = situations.signed_in_client("aoki@office.example.jp")

    shown = client.get(MY_DATA).content.decode()

    assert "確認を待っている証明書" in shown
    assert "6月8日（月）11時まで、登録済みのメールアドレスからの答えを待ちます" in shown
    ClaimRequest.objects.update(declined_at=MONDAY)
    assert "確認を待っている証明書" not in client.get(MY_DATA).content.decode()


def test_my_data__revise__leads_back(client: Client, claim: CertificateClaim) -> None:
    path = f"/osaka/holders/{claim.pk}"
    assert f'href="{path}?next={MY_DATA}"' in client.get(MY_DATA).content.decode()

    assert enter(client, path, next=MY_DATA)["Location"] == MY_DATA


@pytest.mark.parametrize(
    "path",
    ["my-data", "my-data/export", "my-data/address", "my-data/address/code", "holders/1/renewal"],
)
def test_my_data__nobody_inside__entry(path: str) -> None:
    response = Client().get(f"/osaka/{path}")

    assert response.status_code == 302
    assert response["Location"].startswith("/osaka/entry?next=")
    assert response["Cache-Control"] == "no-store"


def test_export__a_file_of_json_named_by_the_day(client: Client) -> None:
    response = client.get(f"{MY_DATA}/export")

    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="my-data-2026-06-08.json"'
    assert response["Cache-Control"] == "no-store"
    assert "青木 花子" in response.content.decode()


def test_export__holders_with_certificates(client: Client) -> None:
    (holder,) = exported(client)["holders"]

    assert (holder["name"], holder["phone"]) == ("青木 花子", "06-1234-5678")
    (certificate,) = holder["certificates"]
    assert (certificate["number"], certificate["expires_on"]) == ("大取第10234号", "2028-03-31")


def test_export__reservations_with_cases_and_ledger(
    client: Client, claim: CertificateClaim
) -> None:
    held = factories.reservation(claim, factories.displayed_hours(MONDAY)[6], 2)
    case = held.cases.get(order=1)
    before = {"number": "阪労一E00001", "type": "extension"}
    CaseChange.objects.create(
        reservation=held,
        case=case,
        kind="corrected",
        before=before,
        after={"number": case.number},
        actor="mail:1",
        revision=2,
        changed_at=MONDAY,
    )
    factories.draft(claim, cases=4)

    data = exported(client)

    (reservation,) = data["reservations"]
    assert reservation["reference"] == held.reference
    assert [one["number"] for one in reservation["cases"]] == [
        one.number for one in held.cases.all()
    ]
    (entry,) = reservation["ledger"]
    assert (entry["kind"], entry["by"], entry["before"]) == ("corrected", "self", before)
    assert len(data["drafts"]) == 1


def test_export__people_of_another_address__not_in_it(client: Client) -> None:
    theirs = situations.chinen()
    held = factories.reservation(theirs, factories.displayed_hours(MONDAY)[6])

    text = client.get(f"{MY_DATA}/export").content.decode()

    for words in (held.reference, theirs.intermediary.name, theirs.number, "chinen@example.jp"):
        assert words not in text


def test_export__who_asks_for_a_certificate__not_told_who_is_asked(
    monday_morning: datetime,
) -> None:
    a_request("aoki@office.example.jp")
    client = situations.signed_in_client("aoki@office.example.jp")

    text = client.get(f"{MY_DATA}/export").content.decode()

    assert "大取第10234号" in text
    assert '"aoki@example.jp"' not in text


def test_export__no_secret_in_it(client: Client, claim: CertificateClaim) -> None:
    factories.reservation(claim, factories.displayed_hours(MONDAY)[6])
    factories.draft(claim)
    factories.proof()
    client.post("/osaka/my-data/address", {"address": "new@example.jp"})

    text = client.get(f"{MY_DATA}/export").content.decode()

    change = AddressChange.objects.get()
    secrets = [str(Reservation.objects.get().idempotency_key), str(Draft.objects.get().key)]
    for row in (*MailProof.objects.all(), change):
        secrets += [row.token_digest, bytes(row.seed).hex()]
    secrets += [factories.token_of(one) for one in MailProof.objects.all()]
    assert [one for one in secrets if one in text] == []
    for word in ("seed", "digest", "token", "session_key"):
        assert word not in text


def test_export__sessions_and_mails(client: Client) -> None:
    data = exported(client)

    assert data["sessions"][0]["began_at"].startswith("2026-06-08")
    assert data["mails"][0]["event"] == "verification"


def test_exporter__second_one_of_a_name__is_a_mistake() -> None:
    with pytest.raises(ValueError, match="reservations"):
        hooks.register_exporter("reservations", lambda _address: [])
    with pytest.raises(ValueError, match="reservations"):
        hooks.register_follower(
            "reservations",
            hooks.Follower(
                to_address=lambda _old, _new, _at: None,
                person_to_address=lambda _person, _old, _new: None,
                empty=lambda _old, _new: None,
                pages_of=lambda _person: [],
                to_claim=lambda _old, _new: None,
                is_booked=lambda _claim: False,
                let_go=lambda _claim: None,
                adopt=lambda _claim: None,
                after_expiry=lambda _claim, _at: "",
            ),
        )


def test_my_data__certificate_expired__said(client: Client, claim: CertificateClaim) -> None:
    yesterday = (MONDAY - timedelta(days=1)).date()
    CertificateClaim.objects.update(expires_on=yesterday)

    assert "（過ぎました）" in client.get(MY_DATA).content.decode()
