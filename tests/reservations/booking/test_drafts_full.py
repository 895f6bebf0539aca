"""Twenty drafts a person; one more is refused in words, and nobody's is thrown away.  D13."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.policies import at
from tests.reservations.walking import (
    draft_path,
    main_of,
    numbers_in,
    numbers_on,
    refusals,
    saved,
    type_into,
)
from tests.situations import MONDAY_MORNING, AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking.drafts import save_draft
from uketori.reservations.models import Draft
from uketori.rules.drafts import MOST_DRAFTS, MOST_RESCUED

pytestmark = pytest.mark.django_db

TYPED = "阪労一E09999"
FULL = ["TOO_MANY_DRAFTS"]


@pytest.fixture
def colleague(aoki: CertificateClaim) -> CertificateClaim:
    """別府 at the same address."""
    person = factories.intermediary("別府 次郎", name_kana="ベップ ジロウ")
    return factories.claim("aoki@example.jp", person=person, number="大取第10235号")


def drafts(claim: CertificateClaim, how_many: int) -> list[Draft]:
    return [factories.draft(claim, None, [f"阪労一E0{order:04d}"]) for order in range(how_many)]


def one_more(client: Client, claim: CertificateClaim, **changes: str) -> Answer:
    return type_into(client, Draft(key=uuid4(), claim=claim), [TYPED], **changes)


@pytest.mark.parametrize(("how_many", "is_refused"), [(19, False), (20, True)])
def test_drafts__twentieth_and_twenty_first__saved_and_refused(
    client: Client, aoki: CertificateClaim, how_many: int, is_refused: bool
) -> None:
    before = drafts(aoki, how_many)

    response = one_more(client, aoki)

    assert response.status_code == (422 if is_refused else 302)
    assert (refusals(response) == FULL) is is_refused
    assert Draft.objects.count() == MOST_DRAFTS
    assert Draft.objects.filter(pk__in=[one.pk for one in before]).count() == how_many


@pytest.mark.parametrize("do", ["keep", "proceed", "add-row", "drop-2", "add-paste"])
def test_full__whatever_button__typed_is_still_there_and_every_draft_named(
    client: Client, aoki: CertificateClaim, do: str
) -> None:
    before = drafts(aoki, MOST_DRAFTS)

    response = one_more(client, aoki, do=do, paste="阪労一E08888" if do == "add-paste" else "")

    assert response.status_code == 422
    assert TYPED in numbers_on(response)
    assert ("阪労一E08888" in numbers_on(response)) is (do == "add-paste")
    buttons = re.findall(r'value="instead-([^"]+)"', main_of(response))
    assert set(buttons) == {str(one.key) for one in before}
    assert "お一人につき20件まで" in main_of(response)
    assert "<span>阪労一E00007</span>" in main_of(response)


def test_full__one_thrown_away_for_it__that_one_goes_and_this_is_saved(
    client: Client, aoki: CertificateClaim
) -> None:
    before = drafts(aoki, MOST_DRAFTS)
    chosen = before[7]

    response = one_more(client, aoki, do=f"instead-{chosen.key}")

    made = Draft.objects.exclude(pk__in=[one.pk for one in before]).get()
    assert response["Location"] == draft_path(made)
    assert numbers_in(saved(made)) == [TYPED]
    assert Draft.objects.count() == MOST_DRAFTS
    assert not Draft.objects.filter(pk=chosen.pk).exists()


def test_overfull__one_thrown_away_is_not_enough__it_stays(
    client: Client, aoki: CertificateClaim
) -> None:
    """A person of another address may have brought theirs along."""
    before = drafts(aoki, MOST_DRAFTS + 1)

    response = one_more(client, aoki, do=f"instead-{before[7].key}")

    assert refusals(response) == FULL
    assert Draft.objects.count() == MOST_DRAFTS + 1


@pytest.mark.parametrize("whose", ["a stranger's", "a colleague's"])
def test_full__somebody_else_s_named_to_be_thrown_away__it_stays_and_refused(
    client: Client, aoki: CertificateClaim, colleague: CertificateClaim, whose: str
) -> None:
    drafts(aoki, MOST_DRAFTS)
    theirs = factories.draft(situations.chinen() if whose == "a stranger's" else colleague)

    response = one_more(client, aoki, do=f"instead-{theirs.key}")

    assert refusals(response) == FULL
    assert Draft.objects.filter(pk=theirs.pk).exists()


def test_full__colleague_at_the_same_address__has_room_and_loses_nothing(
    client: Client, aoki: CertificateClaim, colleague: CertificateClaim
) -> None:
    theirs = drafts(colleague, MOST_DRAFTS)

    assert one_more(client, aoki).status_code == 302
    refused = one_more(client, colleague)

    assert refusals(refused) == FULL
    assert Draft.objects.filter(pk__in=[one.pk for one in theirs]).count() == MOST_DRAFTS
    assert Draft.objects.count() == MOST_DRAFTS + 1


def test_full__one_of_them_saved_again__goes_on(client: Client, aoki: CertificateClaim) -> None:
    draft = drafts(aoki, MOST_DRAFTS)[0]

    assert type_into(client, draft, [TYPED]).status_code == 302
    assert numbers_in(saved(draft)) == [TYPED]


def test_full__but_one_was_booked__room_for_another(client: Client, aoki: CertificateClaim) -> None:
    booked = drafts(aoki, MOST_DRAFTS)[0]
    made = factories.reservation(aoki, at("2026-06-11 10:00"))
    made.idempotency_key = booked.key
    made.save(update_fields=["idempotency_key"])

    assert one_more(client, aoki).status_code == 302


def test_full__cases_of_a_reservation_copied__told_on_the_list(
    client: Client, aoki: CertificateClaim
) -> None:
    drafts(aoki, MOST_DRAFTS)
    reservation = factories.reservation(aoki, at("2026-06-11 10:00"))

    response = client.post(f"/osaka/reservations/{reservation.reference}/copy", follow=True)

    assert response.request["PATH_INFO"] == "/osaka/reservations/"
    assert "お一人につき20件まで" in main_of(response)
    assert Draft.objects.count() == MOST_DRAFTS


@pytest.mark.parametrize(
    ("how_many", "is_kept"), [(MOST_DRAFTS, True), (MOST_RESCUED - 1, True), (MOST_RESCUED, False)]
)
def test_full__sent_after_the_session_s_end__kept_all_the_same_within_reason(
    client: Client, aoki: CertificateClaim, at_moment: AtMoment, how_many: int, is_kept: bool
) -> None:
    for _one in range(how_many):
        save_draft(
            mail_address=aoki.mail_address,
            key=uuid4(),
            claim=aoki,
            content=factories.content(None, 1),
            at=MONDAY_MORNING,
            most=MOST_RESCUED,
        )
    at_moment(MONDAY_MORNING + timedelta(minutes=60))

    response = one_more(client, aoki)

    assert ("kept=1" in response["Location"]) is is_kept
    assert Draft.objects.count() == how_many + is_kept


def test_full__of_drafts_of_nobody__told_on_the_list(
    client: Client, aoki: CertificateClaim
) -> None:
    """The page was opened before its holder was given back, and sent again and again."""
    for _one in range(MOST_RESCUED):
        factories.draft(aoki)
    Draft.objects.update(claim=None)
    CertificateClaim.objects.update(ended_at=MONDAY_MORNING, place=None)

    response = one_more(client, aoki)

    assert response["Location"] == "/osaka/reservations/"
    assert "お一人につき40件まで" in main_of(client.get("/osaka/reservations/"))
    assert Draft.objects.count() == MOST_RESCUED
