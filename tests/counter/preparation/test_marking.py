"""Marks ahead of the visit: written, told once, seen by the person, taken back, corrected away."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse

from tests import factories, situations
from tests.changes import cases_of, change
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.models import Step, VisitEntry
from uketori.counter.preparation.marking import mark_ahead, take_mark_back
from uketori.counter.visit.check_in import check_in
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, renderer_of
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.refusals import Refusal, Refused
from uketori.rules.visit import AheadMark

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
TUESDAY, NOON = at("2026-06-09 16:00"), at("2026-06-10 12:00")
LIST = "/staff/osaka/counter/preparation/2026-06-11"
SECOND = timedelta(seconds=1)
EVENTS = {AheadMark.NOT_READY: "case_not_ready", AheadMark.WRONG_NUMBER: "case_number_unknown"}


@pytest.fixture
def visit(at_moment: AtMoment) -> Reservation:
    """青木, Thursday 10:00, three cases; it is Tue 2026-06-09 16:00."""
    at_moment(TUESDAY)
    return factories.reservation(
        situations.aoki(), TEN, ["阪労一E00001", "阪労一E00002", "阪労一E00003"]
    )


def mark(visit: Reservation, mark: AheadMark, *orders: int, when: datetime = TUESDAY) -> int:
    cases = visit.cases.filter(order__in=orders).values_list("pk", flat=True)
    policy = factories.policy(TEN)
    done = mark_ahead(
        reservation=visit, cases=cases, mark=mark, policy=policy, actor="staff:1", at=when
    )
    return len(done)


def unmark(visit: Reservation, *orders: int) -> int:
    cases = visit.cases.filter(order__in=orders).values_list("pk", flat=True)
    policy = factories.policy(TEN)
    done = take_mark_back(
        reservation=visit, cases=cases, policy=policy, actor="staff:1", at=TUESDAY
    )
    return len(done)


def marks_of(visit: Reservation) -> list[str]:
    return list(visit.cases.order_by("order").values_list("ahead_mark", flat=True))


def mails() -> list[tuple[str, int]]:
    """Which mails wait, each with how many cases it tells of."""
    rows = OutgoingMail.objects.order_by("pk").values_list("event", "facts")
    return [(event, len(facts["cases"])) for event, facts in rows]


@pytest.mark.parametrize("which", AheadMark)
def test_mark__two_cases__written_noted_recorded_and_told_in_one_mail(
    visit: Reservation, which: AheadMark
) -> None:
    assert mark(visit, which, 1, 3) == 2

    assert marks_of(visit) == [which, "", which]
    assert visit.cases.get(order=1).ahead_at == TUESDAY
    entries = VisitEntry.objects.values_list("step", "before", "after", "actor")
    assert list(entries) == [(Step.AHEAD_MARK, "", which, "staff:1")] * 2
    event = Event.objects.get(kind="case_marked_ahead")
    keys = list(visit.cases.filter(order__in=[1, 3]).values_list("pk", flat=True))
    assert (event.subject, event.facts) == (visit.reference, {"mark": which, "cases": keys})
    assert mails() == [(EVENTS[which], 2)]


def test_mark__again_with_one_more__only_the_new_one_is_told(visit: Reservation) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    assert mark(visit, AheadMark.NOT_READY, 1, 2) == 1
    assert mark(visit, AheadMark.NOT_READY, 1, 2) == 0

    assert mails() == [("case_not_ready", 1)] * 2


def test_mark__other_mark__replaces_and_is_told(visit: Reservation) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    mark(visit, AheadMark.WRONG_NUMBER, 1)

    assert marks_of(visit)[0] == AheadMark.WRONG_NUMBER
    assert [event for event, _cases in mails()] == ["case_not_ready", "case_number_unknown"]


@pytest.mark.parametrize(("when", "told"), [(TEN - SECOND, 1), (TEN, 0)])
def test_mark__around_the_beginning_of_the_hour__told_before_only(
    visit: Reservation, when: datetime, told: int
) -> None:
    assert mark(visit, AheadMark.NOT_READY, 1, when=when) == 1
    assert len(mails()) == told


def test_mark__withdrawn_and_another_s_case__passed_over(visit: Reservation) -> None:
    other = factories.reservation(situations.chinen(), TEN)
    change(visit, at=TUESDAY, withdrawn=[1])
    everything = list(ReservedCase.objects.values_list("pk", flat=True))
    done = mark_ahead(
        reservation=visit,
        cases=everything,
        mark=AheadMark.NOT_READY,
        policy=factories.policy(TEN),
        actor="staff:1",
        at=TUESDAY,
    )

    assert [case.order for case in done] == [2, 3]
    assert marks_of(other) == [""]


@pytest.mark.parametrize("act", [lambda visit: mark(visit, AheadMark.NOT_READY, 1), unmark])
@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("cancelled_at", Refusal.RESERVATION_CANCELLED),
        ("no_show_at", Refusal.RESERVATION_ENDED),
        ("arrived_at", Refusal.RESERVATION_ENDED),
    ],
)
def test_mark__cancelled_arrived_or_over__refused_and_nothing_written(
    visit: Reservation, act: Callable[..., int], column: str, code: Refusal
) -> None:
    Reservation.objects.filter(pk=visit.pk).update(**{column: TEN})

    with pytest.raises(Refused) as refused:
        act(visit)
    assert refused.value.codes == [code]
    assert marks_of(visit) == [""] * 3
    assert mails() == []


def test_take_back__only_what_was_marked__noted_and_recorded(visit: Reservation) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    assert unmark(visit, 1, 2) == 1

    assert marks_of(visit) == [""] * 3
    assert visit.cases.get(order=1).ahead_at is None
    assert VisitEntry.objects.latest("pk").before == AheadMark.NOT_READY
    assert Event.objects.filter(kind="case_mark_taken_back").count() == 1


@pytest.mark.parametrize("which", AheadMark)
def test_correction__number__the_mark_was_about_the_old_one(
    visit: Reservation, which: AheadMark
) -> None:
    mark(visit, which, 1, 2)
    change(visit, at=TUESDAY, corrected={1: "阪労一E00099"})

    assert marks_of(visit) == ["", which, ""]
    assert visit.cases.get(order=1).ahead_at is None


@pytest.mark.parametrize("typed", ["阪労一E-00001", "阪労一Ｅ00001"])
def test_correction__same_number_in_other_letters__still_marked(
    visit: Reservation, typed: str
) -> None:
    mark(visit, AheadMark.WRONG_NUMBER, 1)
    change(visit, at=TUESDAY, corrected={1: typed})

    assert marks_of(visit)[0] == AheadMark.WRONG_NUMBER


def own_page(visit: Reservation, rest: str = "") -> str:
    client = situations.signed_in_client(visit.claim)
    return client.get(f"/osaka/reservations/{visit.reference}{rest}").content.decode()


@pytest.mark.parametrize("rest", ["", "/changes"])
def test_own_pages__before_the_deadline__say_which_and_until_when(
    visit: Reservation, at_moment: AtMoment, rest: str
) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    mark(visit, AheadMark.WRONG_NUMBER, 2, 3)
    at_moment(NOON - SECOND)
    page = own_page(visit, rest)

    assert "「阪労一E00001」は、まだ交付できません。" in page
    assert "6月10日（水）11時59分までは、この案件を取り消せます。" in page
    assert "「阪労一E00002、阪労一E00003」の申請が見つかりません。" in page
    assert "6月10日（水）11時59分までになおしてください。" in page
    assert "0570-064259" in page


@pytest.mark.parametrize("rest", ["", "/changes"])
def test_own_pages__from_the_deadline_on__say_whom_to_call(
    visit: Reservation, at_moment: AtMoment, rest: str
) -> None:
    mark(visit, AheadMark.WRONG_NUMBER, 2)
    at_moment(NOON)
    page = own_page(visit, rest)

    assert "予約の時間の前までに、下の番号へお電話ください。" in page
    assert page.index("下の番号へ") < page.index("0570-064259", page.index("下の番号へ"))
    assert "までになおしてください" not in page


def test_own_page__corrected_or_begun__nothing_is_said(
    visit: Reservation, at_moment: AtMoment
) -> None:
    mark(visit, AheadMark.WRONG_NUMBER, 2)
    at_moment(TEN - SECOND)
    assert "の申請が見つかりません" in own_page(visit)
    at_moment(TEN)
    assert "の申請が見つかりません" not in own_page(visit)


def test_list__two_reservations_marked_at_once__a_mail_each(visit: Reservation) -> None:
    other = factories.reservation(situations.chinen(), TEN, 2)
    keys = [case.pk for one in (visit, other) for case in cases_of(one)]
    client = situations.staff_client()

    answer = client.post(
        f"{LIST}/marks", {"case": keys, "mark": "not_ready", "view": "numbers", "do": "mark"}
    )

    assert answer.headers["Location"] == f"{LIST}?view=numbers#case-{keys[0]}"
    assert mails() == [("case_not_ready", 3), ("case_not_ready", 2)]
    page = client.get(answer.headers["Location"]).content.decode()
    assert "（5件）に印を付けました" in page
    assert page.count('<span class="preparation__flag">まだ交付できない</span>') == 5


def test_list__one_has_arrived__the_other_is_marked_and_the_first_is_named(
    visit: Reservation, at_moment: AtMoment
) -> None:
    other = factories.reservation(situations.chinen(), TEN)
    at_moment(TEN)
    check_in(reservation=visit, policy=factories.policy(TEN), actor="staff:1", at=TEN)
    keys = [case.pk for one in (visit, other) for case in cases_of(one)]
    client = situations.staff_client()

    answer = client.post(
        f"{LIST}/marks", {"case": keys, "mark": "not_ready", "do": "mark"}, follow=True
    )

    assert (marks_of(visit), marks_of(other)) == ([""] * 3, ["not_ready"])
    assert (
        f"{visit.reference}　この予約の来庁は、すでに記録されています。" in answer.content.decode()
    )


def test_list__marked_after_the_hour_began__says_that_nobody_is_told(
    visit: Reservation, at_moment: AtMoment
) -> None:
    later = factories.reservation(situations.chinen(), TEN + timedelta(hours=1))
    keys = [case.pk for one in (visit, later) for case in cases_of(one)]
    at_moment(TEN)
    client = situations.staff_client()

    answer = client.post(
        f"{LIST}/marks", {"case": keys, "mark": "not_ready", "do": "mark"}, follow=True
    )

    assert mails() == [("case_not_ready", 1)]
    page = answer.content.decode()
    assert (
        f"{visit.reference}の阪労一E00001・阪労一E00002・阪労一E00003、"
        f"{later.reference}の{later.cases.get().number}（4件）に印を付けました。"
        "予約の時間がはじまった3件は、メールでお知らせしません。"
    ) in page


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"mark": "not_ready"}, 302),
        ({"mark": "not_ready", "case": ["x", "9" * 40, "-1"]}, 302),
        ({"mark": "nonsense", "case": ["1"]}, 404),
        ({}, 404),
    ],
)
def test_list__nothing_or_nonsense_chosen__nothing_written(
    visit: Reservation, sent: dict[str, object], status: int
) -> None:
    assert situations.staff_client().post(f"{LIST}/marks", sent).status_code == status
    assert marks_of(visit) == [""] * 3


def test_list__case_of_another_day_or_bureau__passed_over(visit: Reservation) -> None:
    keys = [case.pk for case in cases_of(visit)]
    client = situations.staff_client()
    client.post(
        "/staff/osaka/counter/preparation/2026-06-12/marks",
        {"case": keys, "mark": "not_ready", "do": "mark"},
    )

    assert marks_of(visit) == [""] * 3


def sent_to(visit: Reservation, mark: str, **more: object) -> HttpResponse:
    keys = [case.pk for case in cases_of(visit)]
    return situations.staff_client().post(f"{LIST}/marks", {"case": keys, "mark": mark, **more})


@pytest.mark.parametrize(("which", "event"), EVENTS.items())
def test_review__before_anything_is_done__the_very_words_of_the_mail(
    visit: Reservation, which: AheadMark, event: str
) -> None:
    answer = sent_to(visit, which.value, view="numbers")

    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert (marks_of(visit), mails()) == ([""] * 3, [])
    assert not VisitEntry.objects.exists()
    sent_to(visit, which.value, do="mark")
    left = OutgoingMail.objects.get()
    assert left.event == event
    written = renderer_of(event)(left, TUESDAY)
    assert isinstance(written, Rendered)
    assert written.subject in page
    assert written.body.replace("\n", "<br>") in page
    assert visit.reference in page
    assert "青木 花子" in page


def test_review__marks_taken_back__the_mail_only_where_one_had_left(visit: Reservation) -> None:
    sent_to(visit, "not_ready", do="mark")
    assert "メールは送りません。" in sent_to(visit, "none").content.decode()
    OutgoingMail.objects.update(sent_at=TUESDAY)

    page = sent_to(visit, "none").content.decode()

    assert "そのお知らせを取り消します。" in page
    assert marks_of(visit) == ["not_ready"] * 3


def test_review__left_by_the_way_back__the_list_has_the_ticks_at_the_row(
    visit: Reservation,
) -> None:
    keys = [str(case.pk) for case in cases_of(visit)]

    answer = sent_to(visit, "not_ready", do="edit", view="hours")

    way = answer.headers["Location"]
    assert way.endswith(f"#case-{keys[0]}")
    page = situations.staff_client().get(way).content.decode()
    assert re.findall(r'name="case" value="(\d+)" checked', page) == keys
    assert f'id="case-{keys[0]}"' in page


def test_review__nothing_would_change__said_and_the_ticks_kept(visit: Reservation) -> None:
    sent_to(visit, "not_ready", do="mark")
    keys = [case.pk for case in cases_of(visit)]

    answer = situations.staff_client().post(
        f"{LIST}/marks", {"case": keys, "mark": "not_ready"}, follow=True
    )

    page = answer.content.decode()
    assert "選んだ案件には、もう「まだ交付できない」の印が付いています。" in page
    assert page.count(" checked") == 3
