"""The emergency banner: at once on every page and in every mail of its bureau, and nowhere else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from tests import factories, situations
from tests.every_bureau.bureaus import go_to
from tests.every_bureau.conftest import both_bureaus
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.bureaus.banners import clear_banner, set_banner, standing_banner
from uketori.bureaus.models import Banner
from uketori.cli import main
from uketori.outbox.worker import run_once

__all__ = ["both_bureaus"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

TEXT = "台風のため<b>本日</b>は閉庁します。"
ESCAPED = "台風のため&lt;b&gt;本日&lt;/b&gt;は閉庁します。"
HEADING = '<h2 class="banner__title" id="banner-title">お知らせ</h2>'
PUBLIC = [
    "",
    "notice",
    "notice/1",
    "privacy",
    "accessibility",
    "entry",
    "entry/abc",
    "no-such-page",
]
OF_STAFF = [
    "counter/",
    "counter/AAAA-AAAA",
    "counter/preparation/2026-06-11",
    "counter/bookings/",
    "counter/calls/",
    "counter/mails/",
]
INSIDE = ["reservations/", "holders/", "holders/new", "reservations/AAAA-AAAA"]


@pytest.fixture(autouse=True)
def _notice() -> None:
    factories.first_notice()


def stand(text: str = TEXT, bureau: str = "osaka") -> Banner:
    return set_banner(bureau=bureau, text=text, actor="system:test", at=at("2026-06-08 09:50"))


def page(path: str, client: Client | None = None) -> str:
    return (client or Client()).get(path).content.decode()


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages__say_it_once_escaped_with_its_moment(path: str) -> None:
    assert HEADING not in page(f"/osaka/{path}")
    stand()

    text = page(f"/osaka/{path}")

    assert text.count(HEADING) == 1
    assert text.count(ESCAPED) == 1
    assert "6月8日（月）9時50分　大阪出入国在留管理局" in text
    assert '<section class="banner" aria-labelledby="banner-title">' in text


@pytest.mark.parametrize("path", INSIDE)
def test_signed_in_pages__say_it(path: str) -> None:
    stand()
    client = situations.signed_in_client(situations.aoki())

    assert page(f"/osaka/{path}", client).count(ESCAPED) == 1


@pytest.mark.parametrize("path", OF_STAFF)
def test_staff_pages__say_what_callers_read(path: str) -> None:
    client = situations.staff_client()
    assert HEADING not in page(f"/staff/osaka/{path}", client)
    stand("みなとは閉庁します。", bureau="minato")
    assert HEADING not in page(f"/staff/osaka/{path}", client)
    stand()

    text = page(f"/staff/osaka/{path}", client)

    assert text.count(HEADING) == 1
    assert text.count(ESCAPED) == 1


def test_confirmation_page__says_it_on_screen_and_paper() -> None:
    stand()
    aoki = situations.aoki()
    made = situations.a_reservation(aoki, at("2026-06-11 10:00"))
    client = situations.signed_in_client(aoki)

    text = page(f"/osaka/reservations/{made.reference}", client)

    assert text.count(ESCAPED) == 1
    assert text.index('class="banner"') < text.index('class="ticket"')


def test_forbidden_page__says_it() -> None:
    stand()
    client = Client(enforce_csrf_checks=True)

    text = client.post("/osaka/entry", {"address": "aoki@example.jp"}).content.decode()

    assert "エラー番号 403" in text
    assert ESCAPED in text


@pytest.mark.usefixtures("both_bureaus")
def test_list_of_bureaus__says_it_beside_its_bureau_alone() -> None:
    assert "お知らせ" not in page("/")
    stand()

    of_minato, of_osaka = page("/").split("<li ")[1:]

    assert of_osaka.count(ESCAPED) == 1
    assert "大阪出入国在留管理局からのお知らせ" in of_osaka
    assert "6月8日（月）9時50分" in of_osaka
    assert "お知らせ" not in of_minato
    stand("みなとは、\n閉庁します。", bureau="minato")
    of_minato, of_osaka = page("/").split("<li ")[1:]
    assert "みなとは、<br>閉庁します。" in of_minato
    assert of_osaka.count("お知らせ") == 1


def test_only_bureau__its_address_leads_to_where_it_is_said() -> None:
    stand()

    assert ESCAPED in Client().get("/", follow=True).content.decode()


@pytest.mark.usefixtures("both_bureaus")
def test_other_bureaus__say_nothing() -> None:
    stand("みなとは閉庁します。", bureau="minato")

    assert standing_banner("osaka") is None
    assert HEADING not in page("/osaka/")
    assert HEADING not in page("/nowhere/")


@pytest.mark.usefixtures("both_bureaus")
def test_minato__its_page_and_its_mail__say_its_own(
    monday_morning: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to("minato", monkeypatch)
    factories.first_notice()
    stand()
    stand("みなとは閉庁します。", bureau="minato")

    text = page("/minato/")
    factories.proof()
    run_once(monday_morning)

    assert text.count(HEADING) == text.count("みなとは閉庁します。") == 1
    assert "6月8日（月）9時50分　みなと出入国在留管理局" in text
    told = str(mail.outbox[-1].body)
    assert told.startswith("【お知らせ】6月8日（月）9時50分\nみなとは閉庁します。\n\n")
    assert "台風" not in text + told


def test_mails__from_then_on_until_cleared(monday_morning: datetime) -> None:
    def newest() -> str:
        factories.proof()
        run_once(monday_morning)
        return str(mail.outbox[-1].body)

    assert "お知らせ" not in newest()
    stand()
    text = newest()
    assert text.startswith(f"【お知らせ】6月8日（月）9時50分\n{TEXT}\n\n")
    clear_banner(bureau="osaka", actor="system:test", at=monday_morning)
    assert "お知らせ" not in newest()


def test_mail__waiting_when_it_was_set__says_it(monday_morning: datetime) -> None:
    factories.proof()
    stand()
    run_once(monday_morning)

    assert TEXT in str(mail.outbox[-1].body)


def test_set__another_text__takes_the_place_of_the_first() -> None:
    first, second = stand("一つめ"), stand("二つめ")

    assert first.pk != second.pk
    assert Banner.objects.standing("osaka").get() == second
    assert "一つめ" not in page("/osaka/")
    assert list(Event.objects.order_by("pk").values_list("kind", "subject")) == [
        ("banner_set", f"banner:{first.pk}"),
        ("banner_cleared", f"banner:{first.pk}"),
        ("banner_set", f"banner:{second.pk}"),
    ]


def test_clear__nothing_stands__no_event(monday_morning: datetime) -> None:
    assert clear_banner(bureau="osaka", actor="system:test", at=monday_morning) is False
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({}, "banner_stands_once_for_a_bureau"),
        ({"cleared_at": at("2026-06-08 09:49")}, "banner_is_cleared_after_it_was_set"),
        ({"text": "", "cleared_at": at("2026-06-08 10:00")}, "banner_says_something"),
    ],
)
def test_database__refuses_what_must_never_be(values: dict[str, Any], constraint: str) -> None:
    banner = stand()
    facts = {"bureau": "osaka", "text": "二つめ", "set_at": banner.set_at, "set_by": "staff:1"}

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Banner.objects.create(**{**facts, **values})

    assert constraint in str(refused.value) or "bureaus_banner.bureau" in str(refused.value)


@pytest.mark.parametrize("text", ["", TEXT])
def test_top__with_or_without__three_queries(text: str, django_assert_num_queries: Any) -> None:
    if text:
        stand(text)
    with django_assert_num_queries(3):
        assert (ESCAPED in page("/osaka/")) == bool(text)


def test_confirming_post__reads_no_banner(django_assert_max_num_queries: Any) -> None:
    stand()
    aoki = situations.aoki()
    factories.slot(at("2026-06-11 10:00"))
    draft = factories.draft(aoki, at("2026-06-11 10:00"), 15)
    client = situations.signed_in_client(aoki)
    sent = {"revision": "1", "declared": list(factories.DECLARED), "notice": "1"}

    with django_assert_max_num_queries(12) as counted:
        answer = client.post(f"/osaka/reservations/drafts/{draft.key}/confirmation", sent)

    assert answer.status_code == 302
    assert [one["sql"] for one in counted if "banner" in one["sql"]] == []


def test_page__kept_for_a_second__then_says_it(at_moment: AtMoment, settings: Any) -> None:
    settings.AVAILABILITY_CACHE_SECONDS = 1
    cache.clear()
    at_moment(now := at("2026-06-08 10:00:00.100"))
    assert HEADING not in page("/osaka/privacy")
    stand()

    at_moment(now + timedelta(seconds=1))
    assert HEADING in page("/osaka/privacy")


def test_command__sets_shows_and_clears(capsys: pytest.CaptureFixture[str]) -> None:
    def says(*arguments: str) -> str:
        assert main(["banner", "osaka", *arguments]) == 0
        return capsys.readouterr().out

    assert says() == "いま出ているお知らせはありません。\n"
    assert "2026年6月8日（月）10時から" in says("停電のため、\\n午後は閉庁します。")
    assert "停電のため、<br>午後は閉庁します。" in page("/osaka/")
    assert says().endswith("停電のため、\n午後は閉庁します。\n")
    assert says("--clear") == "お知らせを消しました。\n"
    assert says("--clear") == "いま出ているお知らせはありません。\n"
    assert HEADING not in page("/osaka/")
    assert list(Event.objects.values_list("actor", flat=True)) == ["system:banner"] * 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["kobe", "閉庁"], "「kobe」という官署はありません"),
        (["osaka", " "], "文がありません"),
        (["osaka", "閉庁", "--clear"], "いっしょには使えません"),
        (["osaka", "閉\u202e庁"], "見えない文字"),
        (["osaka", "閉\u2028庁"], "見えない文字"),
        (["osaka", "閉\udcff庁"], "見えない文字"),
        (["osaka", "閉" * 401], "400文字まで"),
    ],
)
def test_command__what_cannot_be__one_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["banner", *arguments]) == 2

    assert words in capsys.readouterr().err
    assert Banner.objects.count() == 0
