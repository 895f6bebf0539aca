"""Nothing typed is lost because who comes changed in another tab.  D03, D13."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests import factories, situations
from tests.intermediaries.certificates.steps import give_back, renewed
from tests.intermediaries.holders.steps import enter
from tests.policies import at
from tests.reservations.walking import (
    confirm,
    confirm_path,
    draft_path,
    main_of,
    numbers_in,
    numbers_on,
    refusals,
    saved,
    text_of,
    type_into,
)
from tests.situations import AtMoment
from uketori.intermediaries.address.by_staff import MoveReason, move_at_counter
from uketori.intermediaries.certificates.settling import settle
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

WEDNESDAY_TEN = at("2026-06-10 10:00")
NUMBERS = factories.numbers(15, 5000)


@pytest.fixture
def draft(aoki: CertificateClaim) -> Draft:
    return factories.draft(aoki, WEDNESDAY_TEN, NUMBERS)


def a_colleague() -> CertificateClaim:
    """別府 at 青木's address."""
    person = factories.intermediary("別府 次郎", name_kana="ベップ ジロウ")
    return factories.claim("aoki@example.jp", person=person, number="大取第10235号")


def moved_away(claim: CertificateClaim) -> None:
    """Let the supervisor move the person, at the counter."""
    CertificateClaim.objects.filter(pk=claim.pk).update(proved_at=claim.claimed_at, place=None)
    move_at_counter(
        claim=CertificateClaim.objects.get(pk=claim.pk),
        new_address="aoki@new.example.jp",
        reason=MoveReason.GONE,
        policy=factories.policy(),
        actor="staff:1",
        at=situations.MONDAY_MORNING,
    )


def left_without_holder(claim: CertificateClaim, draft: Draft) -> None:
    """Leave the draft at the address, nobody's."""
    Draft.objects.filter(pk=draft.pk).update(claim=None)
    CertificateClaim.objects.filter(pk=claim.pk).update(ended_at=claim.claimed_at, place=None)


@pytest.mark.parametrize("is_new", [True, False], ids=["new draft", "saved draft"])
def test_older_page__certificate_renewed_meanwhile__saved_under_the_new_one(
    client: Client, aoki: CertificateClaim, draft: Draft, is_new: bool
) -> None:
    new = renewed(client, aoki)
    shown = Draft(key=uuid4()) if is_new else draft

    response = type_into(client, shown, ["阪労一E09999"], holder=aoki.pk)

    assert response.status_code == 302
    kept = Draft.objects.get(key=shown.key)
    assert kept.claim == new
    assert numbers_in(saved(kept)) == ["阪労一E09999"]


def test_older_page__last_day_passed_at_midnight__saved_under_the_one_still_valid(
    client: Client, aoki: CertificateClaim, at_moment: AtMoment
) -> None:
    new = renewed(client, aoki)
    CertificateClaim.objects.filter(pk=new.pk).update(expires_on=date(2026, 6, 8))
    draft = factories.draft(new, WEDNESDAY_TEN, 1)
    at_moment(at("2026-06-08 23:59"))
    client = situations.signed_in_client(aoki)
    at_moment(at("2026-06-09 00:00"))

    shown = client.get(draft_path(draft))
    response = type_into(client, draft, NUMBERS, holder=new.pk)

    assert aoki.number in main_of(shown)
    assert (response.status_code, numbers_in(saved(draft))) == (302, NUMBERS)
    assert draft.claim == aoki


@pytest.mark.parametrize("what", ["given back", "settled", "moved away"])
@pytest.mark.parametrize("do", ["keep", "proceed", "add-row"])
def test_older_page__holder_gone_and_a_colleague_stays__saved_and_asked_who_comes(
    client: Client, aoki: CertificateClaim, what: str, do: str
) -> None:
    colleague = a_colleague()
    shown = factories.draft(aoki, WEDNESDAY_TEN, 1)
    match what:
        case "given back":
            give_back(client, aoki)
        case "moved away":
            moved_away(aoki)
        case _:
            factories.claim("chinen@example.jp", number=aoki.number, is_proved=True)
            settle(
                rival=aoki, policy=factories.policy(), actor="staff:1", at=situations.MONDAY_MORNING
            )

    response = type_into(client, shown, NUMBERS, holder=aoki.pk, do=do)
    asked = client.get(response["Location"], follow=True)

    kept = Draft.objects.get(mail_address=colleague.mail_address)
    assert (kept.claim, numbers_in(saved(kept))) == (None, NUMBERS)
    assert "入力した内容は、下書きに保存してあります。" in text_of(asked)
    way_on = f"{draft_path(kept)}?holder={colleague.pk}"
    assert f'href="{way_on}"' in text_of(asked)
    assert numbers_on(client.get(way_on)) == NUMBERS


def test_chosen__draft_of_nobody__its_cases_go_on_with_the_chosen(
    client: Client, aoki: CertificateClaim, draft: Draft
) -> None:
    colleague = a_colleague()
    left_without_holder(aoki, draft)

    for path in (draft_path(draft), confirm_path(draft)):
        assert client.get(path)["Location"] == f"/osaka/holders/?draft={draft.key}"
    shown = client.get(f"{draft_path(draft)}?holder={colleague.pk}")
    assert numbers_on(shown) == NUMBERS
    assert f'name="holder" value="{colleague.pk}"' in text_of(shown)
    type_into(client, draft, NUMBERS, holder=colleague.pk)
    assert numbers_in(saved(draft)) == NUMBERS
    assert draft.claim == colleague


def test_choice__not_the_key_of_a_draft__the_ordinary_choice(client: Client) -> None:
    for wanted in ("1", "//elsewhere.example", "x" * 300):
        shown = text_of(client.get("/osaka/holders/", {"draft": wanted}))
        assert 'href="/osaka/reservations/new?holder=' in shown


def test_somebody_entered_for_a_draft__comes_with_it(
    client: Client, aoki: CertificateClaim, draft: Draft
) -> None:
    a_colleague()
    left_without_holder(aoki, draft)
    shown = text_of(client.get(f"/osaka/holders/?draft={draft.key}"))
    assert f'href="/osaka/holders/new?next={draft_path(draft)}"' in shown

    response = enter(client, number="大取第777号", next=draft_path(draft))

    entered = CertificateClaim.objects.get(number="大取第777号")
    assert response["Location"] == f"{draft_path(draft)}?holder={entered.pk}"
    assert numbers_on(client.get(response["Location"])) == NUMBERS


def test_nobody_left__draft_opened__asked_to_enter_somebody(
    client: Client, aoki: CertificateClaim, draft: Draft
) -> None:
    give_back(client, aoki)

    response = client.get(draft_path(draft))

    assert response["Location"].startswith("/osaka/holders/new?next=")
    assert UUID(response["Location"][-36:]) == draft.key


def test_confirming__certificate_renewed_since_the_page_was_shown__told_first(
    client: Client, aoki: CertificateClaim
) -> None:
    draft = factories.draft(aoki, WEDNESDAY_TEN, 3)
    shown = draft.revision
    new = renewed(client, aoki)

    response = confirm(client, draft, revision=shown)

    assert (response.status_code, refusals(response)) == (422, ["DRAFT_CHANGED"])
    assert new.number in main_of(response)
    assert not Reservation.objects.exists()
    assert confirm(client, draft).status_code == 302
    assert Reservation.objects.get().certificate_number == new.number


def test_given_back__mistyped_renewal__draft_goes_on_with_the_other_certificate(
    client: Client, aoki: CertificateClaim, draft: Draft
) -> None:
    factories.reservation(aoki, at("2026-06-09 10:00"))
    mistyped = renewed(client, aoki, "大取第99999号")
    before = Draft.objects.get().revision
    give_back(client, mistyped)

    draft.refresh_from_db()
    assert (draft.claim, draft.revision) == (aoki, before + 1)
    right = renewed(client, aoki, "大取第20001号")
    draft.refresh_from_db()
    assert draft.claim == right
    assert client.get(draft_path(draft)).status_code == 200


@pytest.mark.parametrize("has_colleague", [False, True])
def test_entered_anew__draft_of_nobody__adopted_only_where_nobody_else_is(
    client: Client, aoki: CertificateClaim, draft: Draft, has_colleague: bool
) -> None:
    Draft.objects.filter(pk=draft.pk).update(claim=None)
    if has_colleague:
        a_colleague()

    enter(client, number=aoki.number)

    draft.refresh_from_db()
    assert draft.claim == (None if has_colleague else aoki)
