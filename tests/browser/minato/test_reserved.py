"""What may be done with a reservation at みなと, and until when.  利用案内 4(1), 4(2), D26."""

import pytest
from playwright.sync_api import Locator

from tests import factories
from tests.browser.minato.scene import (
    PHONE,
    THURSDAY_EIGHT,
    downloaded,
    look,
    main,
    numbers,
    signed_in,
)
from tests.browser.stage import Stage
from tests.changes import numbers_of
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.browser

LAST_MINUTE, CLOSED = "2026-06-09 17:59:59", "2026-06-09 18:00:00"
"""Two open days before the Thursday."""


def booked(stage: Stage) -> Reservation:
    return factories.reservation(signed_in(stage), THURSDAY_EIGHT, numbers(3))


def test_correct_and_cancel__nothing_can_be_withdrawn(stage: Stage) -> None:
    made = booked(stage)
    _one, two, three = numbers_of(made)
    page = stage.go(f"reservations/{made.reference}")
    page.get_by_role("link", name="予約を変更・キャンセルする").click()
    assert page.locator("[name=withdraw]").count() == 0
    assert "案件の一部だけを取り消すことはできません。" in main(page)
    assert "増やすこと" not in main(page)
    corrects_the_first(stage, "湊K00999")
    look(stage, "changes")
    stage.press("変更の内容を確認する")
    look(stage, "change-review")
    stage.press("この内容で変更する")
    assert "予約を変更しました" in main(page)
    assert numbers_of(made) == ["湊K00999", two, three]
    look(stage, "changed")
    page.get_by_role("link", name="予約を変更・キャンセルする").click()
    page.get_by_role("link", name="予約をすべて取り消す").click()
    look(stage, "cancellation")
    stage.press("この予約を取り消す")

    assert "予約を取り消しました" in main(page)
    look(stage, "cancelled")
    made.refresh_from_db()
    assert made.cancelled_at is not None


def corrects_the_first(stage: Stage, number: str) -> Locator:
    page = stage.page
    page.locator(".ledger__correct-summary").first.click()
    field = page.get_by_label("正しい申請番号").first
    field.fill(number)
    return field


@pytest.mark.parametrize("sent_at", [LAST_MINUTE, CLOSED])
def test_change__opened_before_and_sent_around_six_on_tuesday__what_was_typed_stays(
    stage: Stage, sent_at: str
) -> None:
    stage.set_clock("2026-06-09 17:50")
    made = booked(stage)
    before = numbers_of(made)
    page = stage.go(f"reservations/{made.reference}/changes")
    corrects_the_first(stage, "湊K00999")
    stage.press("変更の内容を確認する")
    stage.set_clock(sent_at)
    stage.press("この内容で変更する")

    if sent_at == LAST_MINUTE:
        assert numbers_of(made) == ["湊K00999", *before[1:]]
    else:
        assert numbers_of(made) == before
        assert page.locator("[data-refusal=CHANGE_CLOSED]").count() == 1
        assert "湊K00999" in page.inner_text("section[aria-labelledby=typed]")
        look(stage, "closed-with-what-was-typed")


def test_page__around_six_on_tuesday__afterwards_there_is_the_telephone(stage: Stage) -> None:
    stage.set_clock("2026-06-09 17:50")
    made = booked(stage)
    stage.set_clock(LAST_MINUTE)
    page = stage.go(f"reservations/{made.reference}")
    assert page.get_by_role("link", name="予約を変更・キャンセルする").count() == 1
    stage.set_clock(CLOSED)
    page.reload()
    assert page.get_by_role("link", name="予約を変更・キャンセルする").count() == 0
    assert "2026年6月9日（火）17時59分まで（過ぎました）" in main(page)
    look(stage, "show-closed")
    stage.go(f"reservations/{made.reference}/changes")

    told = " ".join(main(page).split())
    assert "6月9日（火）17時59分までの受付でした。いまは6月9日（火）18時" in told
    assert PHONE in told
    assert "みなと交付係" in told
    look(stage, "closed")


def test_my_data__renewed_and_taken_along(stage: Stage) -> None:
    made = booked(stage)
    page = stage.go("my-data")
    look(stage, "my-data")
    page.get_by_role("link", name="更新した証明書を登録する").click()
    page.get_by_label("新しい証明書の番号").fill("見取第20001号")
    for label, value in zip(("年", "月", "日"), ("2030", "3", "31"), strict=True):
        page.get_by_label(label, exact=True).fill(value)
    look(stage, "renewal")
    stage.press("登録する")

    assert "新しい証明書を登録しました" in main(page)
    look(stage, "renewed")
    assert CertificateClaim.objects.filter(number="見取第20001号").count() == 1
    held = downloaded(stage, "my-data/export")
    assert [one["reference"] for one in held["reservations"]] == [made.reference]
    stage.go("reservations/")
    look(stage, "list")
