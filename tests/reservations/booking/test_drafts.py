"""Drafts hang on the proved address, for seven days, and are nobody else's.  D13, D23."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories, situations
from tests.changes import cancel
from tests.policies import at
from tests.reservations.walking import draft_path, numbers_in, numbers_on, saved, type_into
from uketori import clock
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking.drafts import draft_from_reservation
from uketori.reservations.booking.jobs import forget_old_drafts
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.models import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(aoki: CertificateClaim) -> Draft:
    return factories.draft(aoki, None, 3)


def test_draft__somebody_else_s_looked_at__as_if_it_were_not_there(draft: Draft) -> None:
    theirs = situations.chinen()
    stranger = situations.signed_in_client(theirs)

    for query in ("", f"?holder={theirs.pk}"):
        answers = [stranger.get(f"{draft_path(one)}{query}") for one in (draft, Draft(key=uuid4()))]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].get("Location") == answers[1].get("Location")
        if answers[0].status_code == 200:
            assert numbers_on(answers[0]) == []
            assert "青木" not in answers[0].content.decode()


def test_draft__somebody_else_s_written_to__refused_and_unchanged(draft: Draft) -> None:
    theirs = situations.chinen()
    stranger = situations.signed_in_client(theirs)

    response = type_into(stranger, draft, ["阪労一E09999"], holder=theirs.pk)

    assert response.status_code == 404
    assert numbers_in(saved(draft)) == factories.numbers(3)


def test_draft__other_device_of_the_same_address__goes_on_there(draft: Draft) -> None:
    other = situations.signed_in_client("aoki@example.jp")

    assert numbers_on(other.get(draft_path(draft))) == factories.numbers(3)


def test_draft__holder_who_is_not_mine__refused(client: Client, draft: Draft) -> None:
    theirs = situations.chinen()

    assert type_into(client, draft, ["阪労一E1"], holder=theirs.pk).status_code == 404
    assert numbers_in(saved(draft)) == factories.numbers(3)


@pytest.mark.parametrize(
    ("days", "is_kept"), [(timedelta(days=7), True), (timedelta(days=7, seconds=1), False)]
)
def test_draft__untouched__seven_days(draft: Draft, days: timedelta, is_kept: bool) -> None:
    forget_old_drafts(situations.MONDAY_MORNING + days)

    assert Draft.objects.exists() is is_kept


def test_deletion__own_and_somebody_else_s__own_only(client: Client, draft: Draft) -> None:
    theirs = factories.draft(situations.chinen())

    client.post(f"{draft_path(theirs)}/deletion")
    client.post(f"{draft_path(draft)}/deletion")

    assert [one.pk for one in Draft.objects.all()] == [theirs.pk]


def test_cancelled__its_cases_taken_over_twice__one_draft_unless_it_was_touched(
    aoki: CertificateClaim,
) -> None:
    reservation = cancel(factories.reservation(aoki, at("2026-06-11 10:00"), 3))

    def copied() -> Draft | None:
        return draft_from_reservation(
            reservation=reservation, mail_address=aoki.mail_address, claim=aoki, at=clock.now()
        )

    first = copied()
    assert copied() == first
    assert first is not None
    Draft.objects.filter(pk=first.pk).update(content=DraftContent(slot="x").to_json())
    assert copied() != first
