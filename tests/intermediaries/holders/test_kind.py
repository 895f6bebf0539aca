"""The kind of person was chosen wrongly and is corrected, until the counter knows them.  R-08."""

import re

import pytest
from django.test import Client

from tests import factories, situations
from tests.intermediaries.holders.steps import enter, entry
from tests.policies import at
from tests.reservations.walking import confirm, draft_path, main_of, refusals
from uketori.audit.models import Event
from uketori.counter.telephone.holder import enter_caller
from uketori.intermediaries.holders.act import PersonDetails
from uketori.intermediaries.models import CertificateClaim, Intermediary
from uketori.reservations.booking.act import Order, book
from uketori.reservations.models import Draft, Reservation
from uketori.rules.eligibility import HolderFacts
from uketori.rules.permissions import Role
from uketori.rules.policy import IntermediaryKind
from uketori.rules.refusals import Refused
from uketori.staff.access import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

WEDNESDAY, THURSDAY = at("2026-06-10 11:00"), at("2026-06-11 11:00")
STAFF, CORPORATION = IntermediaryKind.ORG_STAFF, IntermediaryKind.PUBLIC_CORP_STAFF
HERE = "org_receive_only"
"""ウ: for staff of organisations, and not of public corporations."""


@pytest.fixture
def aoki() -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def client(aoki: CertificateClaim) -> Client:
    return situations.signed_in_client(aoki)


def codes_of(order: Order) -> str:
    """Why it cannot be booked; empty if it was."""
    now = situations.MONDAY_MORNING
    try:
        book(order=order, facts=factories.facts(now), actor="mail:1", at=now)
    except Refused as refused:
        return " ".join(sorted(set(refused.codes)))
    return ""


def kind() -> str:
    return Intermediary.objects.get().kind


def test_kind__entered_again_otherwise__taken_and_said(
    aoki: CertificateClaim, client: Client
) -> None:
    answer = enter(client, kind=CORPORATION.value)

    assert answer.status_code == 302
    assert kind() == CORPORATION
    assert "立場を「公益法人の職員」に変えました" in main_of(
        client.get(answer["Location"], follow=True)
    )
    event = Event.objects.get(kind="holder_kind_corrected")
    assert event.subject == f"claim:{aoki.pk}"
    assert event.facts == {"before": STAFF.value, "after": CORPORATION.value}


def test_kind__entered_again_the_same__nothing_said(aoki: CertificateClaim, client: Client) -> None:
    answer = enter(client)

    assert "立場を" not in main_of(client.get(answer["Location"], follow=True))
    assert not Event.objects.filter(kind="holder_kind_corrected").exists()


@pytest.mark.parametrize(("is_proved", "is_taken"), [(False, True), (True, False)])
def test_kind__until_a_clerk_has_seen_the_certificate(
    aoki: CertificateClaim, client: Client, is_proved: bool, is_taken: bool
) -> None:
    if is_proved:
        CertificateClaim.objects.update(proved_at=situations.MONDAY_MORNING, place=None)

    answer = enter(client, kind=CORPORATION.value, name="青木 はな")

    assert answer.status_code == (302 if is_taken else 422)
    assert refusals(answer) == ([] if is_taken else ["KIND_PROVED"])
    assert kind() == (CORPORATION if is_taken else STAFF)
    assert Intermediary.objects.get().name == ("青木 はな" if is_taken else "青木 花子")
    if not is_taken:
        assert "0570-064259" in main_of(answer)


@pytest.mark.parametrize(("is_proved", "is_taken"), [(False, True), (True, False)])
def test_revise__another_kind__until_a_clerk_has_seen_the_certificate(
    aoki: CertificateClaim, client: Client, is_proved: bool, is_taken: bool
) -> None:
    """The page that was opened before the proof is answered in words, too."""
    path = f"/osaka/holders/{aoki.pk}"
    assert 'value="org_staff" id="id_kind_0" checked' in main_of(client.get(path))
    if is_proved:
        CertificateClaim.objects.update(proved_at=situations.MONDAY_MORNING, place=None)

    answer = enter(client, path, kind=CORPORATION.value, name="青木 はな")

    assert refusals(answer) == ([] if is_taken else ["KIND_PROVED"])
    assert kind() == (CORPORATION if is_taken else STAFF)
    assert Intermediary.objects.get().name == ("青木 はな" if is_taken else "青木 花子")
    page = main_of(client.get(path))
    assert ('name="kind"' in page) is is_taken
    assert ("ここでは変えられません。変わったとき" in page) is not is_taken


def test_revise__kind_not_said__stays_whatever_the_counter_knows(
    aoki: CertificateClaim, client: Client
) -> None:
    for proved_at in (None, situations.MONDAY_MORNING):
        CertificateClaim.objects.update(proved_at=proved_at, place=None)
        fields = entry(name="青木 はな")
        del fields["kind"]
        assert client.post(f"/osaka/holders/{aoki.pk}", fields).status_code == 302
        assert kind() == STAFF


def test_revise__kinds__those_with_the_same_certificate() -> None:
    chinen = situations.chinen()
    client = situations.signed_in_client(chinen)
    path = f"/osaka/holders/{chinen.pk}"

    page = main_of(client.get(path))

    assert re.findall(r'name="kind" value="(\w+)"', page) == ["gyoseishoshi", "lawyer"]
    assert enter(client, path, kind="org_staff").status_code == 422
    assert kind() == IntermediaryKind.GYOSEISHOSHI
    assert enter(client, path, kind="lawyer").status_code == 302
    assert kind() == IntermediaryKind.LAWYER


def test_kind__another_certificate_of_the_person_was_seen__refused(
    aoki: CertificateClaim, client: Client
) -> None:
    factories.claim(person=aoki.intermediary, number="大取第20001号", is_proved=True)

    assert refusals(enter(client, kind=CORPORATION.value)) == ["KIND_PROVED"]
    assert enter(client).status_code == 302


def test_kind__of_a_proved_person__corrected_by_the_staff_who_were_called(
    aoki: CertificateClaim,
) -> None:
    CertificateClaim.objects.update(proved_at=situations.MONDAY_MORNING, place=None)
    policy = factories.policy()
    staff = Staff(
        account=situations.staff(), role=Role.CLERK, policy=policy, at=situations.MONDAY_MORNING
    )

    enter_caller(
        staff=staff,
        address=aoki.mail_address.address,
        person=PersonDetails(
            name="青木 花子", name_kana="", organisation="財団", phone="06-0000-0000"
        ),
        holder=HolderFacts(
            kind=CORPORATION,
            certificate_kind=policy.certificate_of[CORPORATION],
            expires_on=aoki.expires_on,
            is_education_institution=False,
        ),
        number=aoki.number,
        at=situations.MONDAY_MORNING,
    )

    assert kind() == CORPORATION
    assert Event.objects.get(kind="holder_kind_corrected").actor == staff.actor


def test_kind__corrected__what_is_booked_stays_and_the_draft_is_judged_anew(
    aoki: CertificateClaim, client: Client
) -> None:
    held = factories.reservation(aoki, WEDNESDAY, 2)
    held.cases.update(category=HERE)
    draft = factories.draft(aoki, THURSDAY, 3, category=HERE)

    enter(client, kind=CORPORATION.value)

    answer = confirm(client, draft)
    assert "CATEGORY_NOT_FOR_HOLDER" in refusals(answer)
    assert Reservation.objects.get() == held
    assert set(held.cases.values_list("category", flat=True)) == {HERE}
    assert Draft.objects.filter(pk=draft.pk).exists()
    page = client.get(f"{draft_path(draft)}?check=1")
    assert set(refusals(page)) == {"CATEGORY_NOT_FOR_HOLDER"}


@pytest.mark.parametrize(
    ("category", "code"), [("same_org", ""), (HERE, "CATEGORY_NOT_FOR_HOLDER")]
)
def test_book__kind_corrected_since_the_page_was_opened__judged_by_the_new_one(
    aoki: CertificateClaim, client: Client, category: str, code: str
) -> None:
    order = factories.order(aoki, THURSDAY, 2, category=category)
    assert order.claim.intermediary.kind == STAFF
    enter(client, kind=CORPORATION.value)

    assert codes_of(order) == code
