"""Each bureau reminds at its own hours, and one job looks after all of them.  D21."""

from datetime import datetime, timedelta

import pytest

from tests import factories
from tests.policies import at
from tests.situations import AtMoment
from uketori.outbox.models import OutgoingMail
from uketori.reservations.mails.reminders import remind, visit_of
from uketori.rules.policy import BureauPolicy
from uketori.rules.reminders import Reminder, reminds_at

pytestmark = pytest.mark.django_db
AN_INSTANT = timedelta(microseconds=1)


def told() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("pk").values_list("bureau", "event"))


def test_remind__last_displayed_hour__to_the_instant(
    policy: BureauPolicy, monday_morning: datetime
) -> None:
    made = factories.reservation(
        factories.claim(), factories.displayed_hours(monday_morning)[-1], booked_at=monday_morning
    )
    events: list[tuple[str, str]] = []
    for reminder, event in zip(Reminder, ["reminder_first", "reminder_second"], strict=True):
        moment = reminds_at(reminder, visit_of(made), factories.facts(monday_morning))
        assert moment is not None
        remind(moment - AN_INSTANT)
        assert told() == events
        remind(moment)
        events.append((policy.code, event))
        assert told() == events


def test_minato__fri_06_12_at_17__first_on_tue_second_on_thu(
    both_bureaus: None, monkeypatch: pytest.MonkeyPatch, at_moment: AtMoment
) -> None:
    """Three open days before at 10:30, while 17:59 of Wednesday is the deadline; then Thursday."""
    monkeypatch.setattr(factories, "BUREAU", "minato")
    at_moment(at("2026-06-08 10:00"))
    factories.reservation(factories.claim(), at("2026-06-12 17:00"))
    moments = ["2026-06-09 10:29", "2026-06-09 10:30", "2026-06-11 08:14", "2026-06-11 08:15"]

    counts = []
    for moment in moments:
        remind(at(moment))
        counts.append(len(told()))

    assert counts == [0, 1, 1, 2]
