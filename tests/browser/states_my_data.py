"""The states of 「登録内容」 and of the links that share a certificate or move an address.  D03."""

from tests import factories
from tests.browser.stage import AOKI, THURSDAY_TEN, Stage
from tests.browser.states import state
from tests.intermediaries.sharing import steps as sharing
from uketori import clock
from uketori.intermediaries.address import by_staff
from uketori.intermediaries.address import change as address_change
from uketori.intermediaries.models import AddressChange, CertificateClaim, ClaimRequest
from uketori.intermediaries.proof import tokens
from uketori.intermediaries.sharing import asking
from uketori.rules.policy import IntermediaryKind

OFFICE = "aoki@office.example.jp"


@state
def my_data(stage: Stage) -> None:
    claim = stage.signed_in()
    factories.claim(person=claim.intermediary, number="大取第20001号")
    person = factories.intermediary(
        "WILLIAMS Alexandra Jane", kind=IntermediaryKind.LAWYER, organisation=""
    )
    factories.claim(person=person, number="（大）弁26第7号", is_proved=True)
    a_proved_certificate("別府 次郎", "大取第10235号")
    asked_by(AOKI, "大取第10235号")
    stage.go("my-data")
    stage.page.get_by_text("確認を待っている証明書").wait_for()
    assert stage.page.get_by_text("更新した証明書を登録する").count() == 2


@state
def my_data_empty(stage: Stage) -> None:
    stage.sign_in()
    stage.go("my-data")


@state
def renewal(stage: Stage) -> None:
    stage.go(f"holders/{stage.signed_in().pk}/renewal")


@state
def renewal_errors(stage: Stage) -> None:
    a_proved_certificate("別府 次郎", "大取第10235号")
    page = stage.go(f"holders/{stage.signed_in().pk}/renewal")
    page.get_by_label("新しい証明書の番号").fill("大取第10235号")
    for label, value in zip(("年", "月", "日"), ("2030", "3", "31"), strict=True):
        page.get_by_label(label, exact=True).fill(value)
    stage.press("登録する")
    assert page.locator("[data-refusal=CERTIFICATE_PROVED_ELSEWHERE]").count() == 2


@state
def removal(stage: Stage) -> None:
    stage.go(f"holders/{stage.signed_in().pk}/removal")


@state
def removal_refused(stage: Stage) -> None:
    claim = stage.signed_in()
    factories.reservation(claim, THURSDAY_TEN)
    stage.go(f"holders/{claim.pk}/removal")
    stage.page.get_by_text("予約したことがあるため").wait_for()


@state
def new_address(stage: Stage) -> None:
    stage.signed_in()
    stage.go("my-data/address")


@state
def new_address_error(stage: Stage) -> None:
    stage.signed_in()
    stage.go("my-data/address").get_by_label("新しいメールアドレス").fill(AOKI)
    stage.press("確認のメールを送る")
    stage.page.locator(".error-summary").wait_for()


@state
def new_address_code(stage: Stage) -> None:
    move_asked(stage)


@state
def new_address_wrong_code(stage: Stage) -> None:
    move_asked(stage)
    stage.page.get_by_role("textbox", name="確認コード").fill("12345")
    stage.press("このアドレスに変える")
    stage.page.locator(".error-summary").wait_for()


@state
def new_address_moved(stage: Stage) -> None:
    open_move(stage, move_asked(stage), "fresh")
    stage.press("このアドレスに変える")
    stage.page.get_by_text("メールアドレスを変えました").wait_for()


@state
def new_address_in_use(stage: Stage) -> None:
    change = move_asked(stage)
    factories.claim(change.new_address)
    open_move(stage, change, "fresh")
    stage.press("このアドレスに変える")
    assert "すでに登録があります" in stage.page.inner_text("h1")


@state
def new_address_link(stage: Stage) -> None:
    open_move(stage, move_asked(stage), "fresh")


@state
def new_address_link_elsewhere(stage: Stage) -> None:
    change = move_asked(stage)
    stage.page.context.clear_cookies()
    open_move(stage, change, "elsewhere")


@state
def new_address_link_used(stage: Stage) -> None:
    change = move_asked(stage)
    AddressChange.objects.update(spent_at=clock.now())
    open_move(stage, change, "used")


@state
def new_address_link_expired(stage: Stage) -> None:
    change = move_asked(stage)
    stage.set_clock("2026-06-08 11:20")
    open_move(stage, change, "expired")


@state
def my_data_moved_by_bureau(stage: Stage) -> None:
    stage.sign_in()
    moved = move_by_bureau(stage, AOKI, since="aoki@old.example.jp")
    AddressChange.objects.filter(pk=moved.pk).update(spent_at=clock.now())
    CertificateClaim.objects.update(mail_address=factories.mail_address(AOKI))
    move_by_bureau(stage, "stranger@example.com")
    stage.go("my-data")
    assert stage.page.get_by_text("お心当たりのないとき").count()


@state
def address_by_bureau(stage: Stage) -> None:
    open_move(stage, move_by_bureau(stage), "fresh")


@state
def address_by_bureau_expired(stage: Stage) -> None:
    change = move_by_bureau(stage)
    stage.set_clock("2026-06-08 11:20")
    open_move(stage, change, "expired")


@state
def address_by_bureau_not_moved(stage: Stage) -> None:
    change = move_by_bureau(stage)
    open_move(stage, change, "fresh")
    CertificateClaim.objects.update(mail_address=factories.mail_address("other@example.jp"))
    stage.press("このアドレスに変える")
    assert "変えられませんでした" in stage.page.inner_text("h1")


@state
def new_address_link_unknown(stage: Stage) -> None:
    stage.go(f"address/{'a' * 22}")
    assert stage.page.locator("[data-link-state=unknown]").count()


@state
def new_address_link_malformed(stage: Stage) -> None:
    stage.go("address/abc")
    assert stage.page.locator("[data-link-state=malformed]").count()


@state
def share_link(stage: Stage) -> None:
    open_request(stage, a_request(), "fresh")


@state
def share_granted(stage: Stage) -> None:
    open_request(stage, a_request(), "fresh")
    stage.press("認める")
    assert stage.page.locator("[data-link-state=used]").count()


@state
def share_declined(stage: Stage) -> None:
    open_request(stage, a_request(), "fresh")
    stage.press("認めない")
    assert stage.page.locator("[data-link-state=used]").count()


@state
def share_full(stage: Stage) -> None:
    row = a_request()
    for _ in range(stage.policy.max_certificates_per_address):
        factories.claim(OFFICE)
    open_request(stage, row, "fresh")
    stage.press("認める")
    stage.page.locator("[data-refusal=TOO_MANY_CERTIFICATES]").wait_for()


@state
def share_expired(stage: Stage) -> None:
    row = a_request()
    stage.set_clock("2026-06-08 11:20")
    open_request(stage, row, "expired")


@state
def share_void(stage: Stage) -> None:
    row = a_request()
    CertificateClaim.objects.update(ended_at=clock.now())
    open_request(stage, row, "void")


@state
def share_unknown(stage: Stage) -> None:
    stage.go(f"requests/{'a' * 22}")
    assert stage.page.locator("[data-link-state=unknown]").count()


@state
def share_malformed(stage: Stage) -> None:
    stage.go("requests/abc")
    assert stage.page.locator("[data-link-state=malformed]").count()


def a_proved_certificate(name: str, number: str) -> None:
    """A certificate that a clerk has seen, claimed from an address of its own."""
    person = factories.intermediary(name)
    factories.claim("proved@example.jp", person=person, number=number, is_proved=True)


def asked_by(address: str, number: str) -> ClaimRequest:
    assert sharing.asks(address, number) is asking.RequestOutcome.SENT
    return ClaimRequest.objects.order_by("-pk")[0]


def a_request() -> ClaimRequest:
    a_proved_certificate("青木 花子", "大取第10234号")
    return asked_by(OFFICE, "大取第10234号")


def open_request(stage: Stage, row: ClaimRequest, expected: str) -> None:
    stage.page.goto(stage.root + sharing.link_of(row))
    assert stage.page.locator(f"[data-link-state={expected}]").count()


def move_asked(stage: Stage) -> AddressChange:
    """Ask to move from 青木's address, as the page does."""
    stage.signed_in()
    stage.go("my-data/address").get_by_label("新しいメールアドレス").fill("aoki@new.example.jp")
    stage.press("確認のメールを送る")
    return AddressChange.objects.get()


def move_by_bureau(
    _stage: Stage, address: str = "aoki@new.example.jp", since: str = AOKI
) -> AddressChange:
    """A supervisor asks for 青木 on the telephone."""
    claim = CertificateClaim.objects.first() or factories.claim(since)
    return by_staff.ask_for(
        claim=claim,
        new_address=address,
        reason=by_staff.MoveReason.GONE,
        policy=factories.policy(),
        actor="staff:1",
        at=clock.now(),
    )


def open_move(stage: Stage, change: AddressChange, expected: str) -> None:
    token = tokens.token_of(bytes(change.seed), address_change.PURPOSE)
    stage.go(f"address/{token}")
    assert stage.page.locator(f"[data-link-state={expected}]").count()
