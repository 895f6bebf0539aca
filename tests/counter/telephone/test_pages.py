"""The telephone desk as the clerk sees it: found, told, recorded, read aloud.  4(2), R-30."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.lookup.spelling import READINGS, spelled
from uketori.counter.models import Call, CallKind
from uketori.counter.telephone.calls import Noted, record_call
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Reservation
from uketori.reservations.references import ALPHABET
from uketori.rules.permissions import Role

pytestmark = pytest.mark.django_db

TEN, ELEVEN = at("2026-06-11 10:00"), at("2026-06-11 11:00")
NOON = at("2026-06-10 12:00")
SECOND = timedelta(seconds=1)
CANCEL = {"do": "cancel"}


@pytest.fixture
def visit() -> Reservation:
    """青木, Thursday 10:00, three cases."""
    return factories.reservation(situations.aoki(), TEN, 3, reference="K7M4-2QXP")


@pytest.fixture
def clerk(at_moment: AtMoment) -> Client:
    """千葉 at the counter, Wednesday at noon."""
    at_moment(NOON)
    return situations.staff_client()


def page(client: Client, name: str, status: int = 200, **named: Any) -> str:
    answer = client.get(url(name, **named))
    assert answer.status_code == status, answer.headers
    return answer.content.decode()


def url(name: str, **named: Any) -> str:
    return reverse(f"counter:{name}", kwargs={"bureau": "osaka", **named})


def of(visit: Reservation) -> dict[str, str]:
    return {"reference": visit.reference}


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (NOON - SECOND, "期限内です（6月10日（水）11時59分まで）"),
        (NOON, "期限を過ぎています（6月10日（水）11時59分まででした）"),
        (ELEVEN - SECOND, "期限を過ぎています（6月10日（水）11時59分まででした）"),
        (ELEVEN, "予約の時間が終わりました（11時まででした）"),
    ],
)
def test_call__around_noon_and_the_end_of_the_hour__says_the_state(
    visit: Reservation, at_moment: AtMoment, now: datetime, told: str
) -> None:
    at_moment(now)

    html = page(situations.staff_client(), "call", **of(visit))

    assert told in html
    assert ("取消しを受ける" in html) == (now < ELEVEN)
    assert ("紙の記録から取消しを入力する" in html) == (now >= ELEVEN)


@pytest.mark.parametrize(
    "typed", ["K7M4-2QXP", "k7m42qxp", "Ｋ７Ｍ４－２ＱＸＰ", "大取第10234号", "青木花子", "アオキ"]
)
def test_search__whatever_the_caller_says__opens_the_one(
    visit: Reservation, clerk: Client, typed: str
) -> None:
    answer = clerk.post(url("call_search"), {"find": typed})

    assert answer.headers.get("Location") == url("call", **of(visit))


def test_call__somebody_else_claims_the_number__shown_before_anything_is_done(
    visit: Reservation, clerk: Client
) -> None:
    stranger = factories.intermediary("知らない人", organisation="よその会社")
    factories.claim(
        "stranger@example.jp", person=stranger, number=visit.certificate_number, place=2
    )

    html = page(clerk, "call", **of(visit))

    assert "同じ番号の証明書を、ほかの方も登録しています。" in html
    assert "知らない人　よその会社" in html


def test_search__two_of_one_name__both_are_listed(visit: Reservation, clerk: Client) -> None:
    other = factories.reservation(visit.claim, at("2026-06-12 09:00"), 1)

    html = clerk.post(url("call_search"), {"find": "青木"}).content.decode()

    assert visit.reference in html
    assert other.reference in html


def test_search__nothing__said_and_what_was_typed_is_kept(
    visit: Reservation, clerk: Client
) -> None:
    answer = clerk.post(url("call_search"), {"find": "別府"})

    assert answer.status_code == 422
    assert 'value="別府"' in answer.content.decode()


def test_record__will_be_late__read_aloud_and_in_the_log(visit: Reservation, clerk: Client) -> None:
    typed = {"kind": "will_be_late", "caller": "青木", "note": "電車の遅れ", "key": ""}

    answer = clerk.post(url("call", **of(visit)), typed)
    html = clerk.get(answer.headers["Location"]).content.decode()

    assert "11時より前にお越しになれば、予約を使えます。" in html
    call = Call.objects.get()
    assert (call.kind, call.called_at, call.is_before_visit) == ("will_be_late", NOON, True)
    log = page(clerk, "calls")
    assert visit.reference in log
    assert "電車の遅れ" in log


def test_record__time_from_paper__the_call_is_then(visit: Reservation, clerk: Client) -> None:
    typed = {"kind": "other", "called_clock": "9時5分"}

    clerk.post(url("call", **of(visit)), typed)

    assert Call.objects.get().called_at == at("2026-06-10 09:05")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"called_clock": "25:00"}, "10:28のように"),
        ({"called_clock": "もうすぐ"}, "10:28のように"),
        ({"called_clock": "12:01"}, "いまより後"),
        ({"called_on_year": "2026", "called_on_month": "6", "called_on_day": "9"}, "時刻も"),
        ({"kind": ""}, "ご用件を選んでください"),
        ({"note": "あ" * 501}, "500文字以内"),
    ],
)
def test_record__cannot_be__refused_with_what_was_typed(
    visit: Reservation, clerk: Client, typed: dict[str, str], told: str
) -> None:
    sent = {"kind": "other", "note": "折り返し", **typed}

    answer = clerk.post(url("call", **of(visit)), sent)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert told in html
    assert sent["note"] in html
    assert not Call.objects.exists()


def test_cancellation__after_the_deadline__done_and_said_as_late(
    visit: Reservation, clerk: Client
) -> None:
    assert "3件をすべて取り消します" in page(clerk, "call_cancellation", **of(visit))

    answer = clerk.post(url("call_cancellation", **of(visit)), {"caller": "青木", **CANCEL})
    html = clerk.get(answer.headers["Location"]).content.decode()

    visit.refresh_from_db()
    assert visit.cancelled_at == NOON
    assert "6月11日（木）10時～11時の予約を取り消しました。" in html
    assert "期限のあとのご連絡として記録しました。" in html
    assert OutgoingMail.objects.get().event == "telephone_cancelled"


@pytest.mark.parametrize("do", [{}, {"do": "review"}, {"do": "x"}])
def test_cancellation__reviewed__reference_name_day_and_hour_to_read_aloud_and_nothing_done(
    visit: Reservation, clerk: Client, do: dict[str, str]
) -> None:
    sent = {"caller": "青木", "note": "急病", "key": str(uuid4()), **do}

    html = clerk.post(url("call_cancellation", **of(visit)), sent).content.decode()

    assert "青木 花子 様の、6月11日（木）10時～11時、3件の予約を、すべて取り消します。" in html
    assert [sign in html for sign in ("ケー", "キュー")] == [True] * 2
    assert all(f'name="{name}" value="{sent[name]}"' in html for name in ("caller", "note", "key"))
    visit.refresh_from_db()
    assert (visit.cancelled_at, Call.objects.count()) == (None, 0)


def test_cancellation__back_from_the_review__what_was_typed_is_kept(
    visit: Reservation, clerk: Client
) -> None:
    sent = {"caller": "青木", "note": "急病", "do": "edit"}

    html = clerk.post(url("call_cancellation", **of(visit)), sent).content.decode()

    assert 'value="青木"' in html
    assert "読み上げて確かめる" in html


def test_cancellation__in_time__not_said_as_late(visit: Reservation, at_moment: AtMoment) -> None:
    at_moment(NOON - SECOND)
    clerk = situations.staff_client()

    answer = clerk.post(url("call_cancellation", **of(visit)), CANCEL)
    html = clerk.get(answer.headers["Location"]).content.decode()

    assert "予約を取り消しました。" in html
    assert "期限のあとのご連絡" not in html


def test_cancellation__the_hour_is_over_but_paper_says_before__done(
    visit: Reservation, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-11 15:00"))
    clerk = situations.staff_client()

    for do in ("review", "cancel"):
        refused = clerk.post(url("call_cancellation", **of(visit)), {"do": do})
        assert refused.status_code == 422
        assert 'data-refusal="CALL_AFTER_THE_HOUR"' in refused.content.decode()

    clerk.post(url("call_cancellation", **of(visit)), {"called_clock": "9:30", **CANCEL})
    visit.refresh_from_db()
    assert visit.cancelled_at is not None
    assert Call.objects.get().is_before_visit


def changing(visit: Reservation, **typed: Any) -> dict[str, Any]:
    return {"revision": str(visit.revision), "caller": "青木", "note": "一件まだ", **typed}


def test_changes__withdraw_one__reviewed_then_done(visit: Reservation, clerk: Client) -> None:
    first = visit.cases.get(order=1)
    typed = changing(visit, withdraw=str(first.pk))
    assert "電話による案件の変更" in page(clerk, "call_changes", **of(visit))

    review = clerk.post(url("call_changes", **of(visit)), {**typed, "do": "review"})
    assert "変更したあとは2件です" in review.content.decode()
    answer = clerk.post(url("call_changes", **of(visit)), {**typed, "do": "change"})
    html = clerk.get(answer.headers["Location"]).content.decode()

    assert "予約を変更しました。いまは2件です。" in html
    assert "窓口" in html
    call = Call.objects.get()
    assert (call.kind, call.is_after_deadline, call.is_done) == ("change", True, True)


@pytest.mark.parametrize("do", ["review", "change"])
def test_changes__wrong_number__refused_at_the_line_and_nothing_recorded(
    visit: Reservation, clerk: Client, do: str
) -> None:
    first = visit.cases.get(order=1)
    typed = changing(visit, **{f"new-number-{first.pk}": "！", "do": do})

    answer = clerk.post(url("call_changes", **of(visit)), typed)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "data-refusal" in html
    assert "一件まだ" in html
    assert not Call.objects.exists()


def test_changes__the_day_is_over__only_said(visit: Reservation, at_moment: AtMoment) -> None:
    at_moment(at("2026-06-12 09:00"))

    html = page(situations.staff_client(), "call_changes", **of(visit))

    assert "読み上げて確かめる" not in html


def test_bureau_cancellation__supervisor_only(visit: Reservation, clerk: Client) -> None:
    chief = situations.staff_client(Role.SUPERVISOR, name="上田 学")
    assert page(clerk, "bureau_cancellation", status=403, **of(visit))

    refused = chief.post(url("bureau_cancellation", **of(visit)), {"reason": "weather"})
    assert refused.status_code == 422
    answer = chief.post(url("bureau_cancellation", **of(visit)), {"reason": "closure"})

    assert answer.headers["Location"] == url("call", **of(visit))
    visit.refresh_from_db()
    assert visit.cancelled_at == NOON
    assert not Call.objects.exists()
    assert OutgoingMail.objects.get().facts == {"reason": "closure"}


PAGES = ("call", "call_cancellation", "call_changes", "mails_about")


@pytest.mark.parametrize("name", PAGES)
def test_page__of_another_bureau__is_not_there(
    visit: Reservation, at_moment: AtMoment, name: str
) -> None:
    at_moment(NOON)
    stranger = situations.staff_client(bureau="minato", name="湊 一")
    Reservation.objects.filter(pk=visit.pk).update(bureau="minato")
    clerk = situations.staff_client()

    assert clerk.get(url(name, **of(visit))).status_code == 404
    assert stranger.get(url(name, **of(visit))).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_page__opened__leaves_one_event_that_says_who_looked(
    visit: Reservation, clerk: Client, name: str
) -> None:
    page(clerk, name, **of(visit))

    event = Event.objects.get()
    assert (event.kind, event.subject, event.facts) == (
        "reservation_opened",
        visit.reference,
        {},
    )
    assert event.actor.startswith("staff:")


def test_log__of_a_day__from_midnight_to_midnight_newest_first(
    visit: Reservation, clerk: Client
) -> None:
    for moment in ("2026-06-09 00:00:00", "2026-06-09 23:59:59", "2026-06-10 00:00:00"):
        typed = {"kind": "other", "note": moment, "key": ""}
        clerk.post(url("call", **of(visit)), typed)
        Call.objects.filter(note=moment).update(called_at=at(moment))

    html = clerk.get(url("calls"), {"day": "2026-06-09"}).content.decode()

    assert html.index("2026-06-09 23:59:59") < html.index("2026-06-09 00:00:00")
    assert "2026-06-10 00:00:00" not in html


def test_log__with_calls__leaves_one_event_that_says_who_read_them(
    visit: Reservation, clerk: Client
) -> None:
    page(clerk, "calls")
    assert not Event.objects.exists()
    typed = {"kind": "other", "caller": "青木", "note": "道に迷った", "key": ""}
    clerk.post(url("call", **of(visit)), typed)

    page(clerk, "calls")

    event = Event.objects.get(kind="calls_opened")
    assert (event.subject, event.facts) == ("day:2026-06-10", {})
    assert event.actor.startswith("staff:")


@pytest.mark.parametrize("day", ["", "x", "2026-13-01", "9999-12-31", "0001-01-01", "2026-06-11"])
def test_log__no_such_day__today(visit: Reservation, clerk: Client, day: str) -> None:
    assert "6月10日（水）　電話の記録" in clerk.get(url("calls"), {"day": day}).content.decode()


def test_spelling__every_sign_has_its_own_reading() -> None:
    assert set(READINGS) == set(ALPHABET)
    assert len({str(one) for one in READINGS.values()}) == len(ALPHABET)
    assert [one.sign for one in spelled("K7M4-2QXP")] == list("K7M42QXP")


def test_noted__from_the_form__never_lost_by_a_broken_key(
    visit: Reservation, clerk: Client
) -> None:
    clerk.post(url("call", **of(visit)), {"kind": "other", "key": "'; --"})

    assert Call.objects.get().key is not None
    assert Noted.__dataclass_fields__.keys() >= {"called_at", "caller", "note", "key"}


def call_at(visit: Reservation, called: datetime, kind: CallKind = CallKind.WILL_BE_LATE) -> Call:
    """A call that was typed when the hour was over."""
    told = Noted(called_at=called, caller="", note="", key=uuid4())
    return record_call(reservation=visit, kind=kind, noted=told, actor="staff:1", at=ELEVEN)


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([(TEN - SECOND, CallKind.WILL_BE_LATE)], "時間の前に電話：遅れる"),
        ([(TEN, CallKind.WILL_BE_LATE)], "時間のあとに電話：遅れる"),
        (
            [(TEN - SECOND, CallKind.WILL_BE_LATE), (TEN, CallKind.OTHER)],
            "時間の前に電話：遅れる",
        ),
        ([(TEN, CallKind.WILL_BE_LATE), (TEN, CallKind.OTHER)], "時間のあとに電話：そのほか"),
    ],
)
def test_board__called_before_or_after_the_hour_began__told_apart_from_silence(
    visit: Reservation, at_moment: AtMoment, calls: list[tuple[datetime, CallKind]], told: str
) -> None:
    silent = factories.reservation(situations.chinen(), TEN, 1)
    at_moment(ELEVEN)
    for called, kind in calls:
        call_at(visit, called, kind)

    html = page(situations.staff_client(), "board")

    assert html.count(told) == 2  # in the hour, and among what is unresolved
    assert html.count("に電話：") == 2
    assert html.count(silent.reference) >= 2
