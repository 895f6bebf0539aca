"""The states of a mail that was asked for: asked back, on its way, late, refused, over.  R-15."""

from tests import factories
from tests.browser.stage import AOKI, THURSDAY_TEN, Stage
from tests.browser.states import ask, state
from tests.browser.states_my_data import move_asked
from uketori import clock
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.mails.again import MOST_AN_HOUR, send_again

LONG = f"{'aoki.hanako.' * 5}0@gmial.com"


@state
def entry_slip(stage: Stage) -> None:
    slip(stage, "aoki@gmial.com")
    stage.page.get_by_role("button", name="入力のまま aoki@gmial.com へ送る").wait_for()


@state
def entry_slip_long(stage: Stage) -> None:
    slip(stage, LONG)


@state
def entry_slip_no_address(stage: Stage) -> None:
    slip(stage, "aoki@gmail")


@state
def sent(stage: Stage) -> None:
    ask(stage)
    told(stage, "sent", state=MailState.SENT, sent_at=clock.now())


@state
def sent_waiting(stage: Stage) -> None:
    ask(stage)
    told(stage, "waiting")


@state
def sent_delayed(stage: Stage) -> None:
    ask(stage)
    told(stage, "delayed", last_error="SMTPServerDisconnected")


@state
def sent_refused(stage: Stage) -> None:
    ask(stage)
    told(stage, "refused", state=MailState.DEAD)


@state
def sent_dropped(stage: Stage) -> None:
    ask(stage)
    stage.set_clock("2026-06-08 11:20")
    told(stage, "dropped")


@state
def sent_over(stage: Stage) -> None:
    ask(stage)
    run_once(clock.now())
    stage.set_clock("2026-06-08 11:20")
    told(stage, "over")


@state
def sent_to_an_old_form(stage: Stage) -> None:
    stage.go("entry").get_by_label("メールアドレス").fill("aoki..hanako.@docomo.ne.jp")
    stage.press("確認のメールを送る")
    told(stage, "sent", state=MailState.SENT, sent_at=clock.now())
    stage.page.get_by_text("届かないことがある形のアドレスです").wait_for()


@state
def sent_nothing_new(stage: Stage) -> None:
    too_often(stage)
    run_once(clock.now())
    told(stage, "sent")
    assert "先に送ったメール" in stage.page.inner_text("h1")


@state
def sent_nothing_new_and_late(stage: Stage) -> None:
    too_often(stage)
    told(stage, "delayed", last_error="SMTPServerDisconnected")


@state
def new_address_slip(stage: Stage) -> None:
    stage.signed_in()
    stage.go("my-data/address").get_by_label("新しいメールアドレス").fill("aoki@yahoo.co.jo")
    stage.press("確認のメールを送る")
    stage.page.get_by_text("aoki@yahoo.co.jp ではありませんか。").first.wait_for()


@state
def new_address_code_sent(stage: Stage) -> None:
    move_asked(stage)
    told(stage, "sent", "my-data/address/code", state=MailState.SENT, sent_at=clock.now())


@state
def new_address_code_refused(stage: Stage) -> None:
    move_asked(stage)
    told(stage, "refused", "my-data/address/code", state=MailState.DEAD)


def slip(stage: Stage, address: str) -> None:
    stage.go("entry").get_by_label("メールアドレス").fill(address)
    stage.press("確認のメールを送る")
    stage.page.get_by_text("メールは、まだ送っていません").wait_for()


def too_often(stage: Stage) -> None:
    for _ in range(stage.policy.max_live_links_per_address):
        factories.proof(AOKI)
    ask(stage)


def told(stage: Stage, expected: str, path: str = "entry/sent", **outbox: object) -> None:
    """Let the outbox say this of every mail, and look at the page after asking again."""
    if outbox:
        OutgoingMail.objects.update(**outbox)
    stage.go(path)
    assert stage.page.locator(f"[data-delivery={expected}]").count() == 1


@state
def show_mails(stage: Stage) -> None:
    """Every state of a mail, and the limit of sending again used up."""
    held = factories.reservation(stage.signed_in(), THURSDAY_TEN)
    became: list[tuple[str, dict[str, object]]] = [
        ("reservation_booked", {"state": MailState.SENT, "sent_at": clock.now()}),
        ("reservation_changed", {"state": MailState.SUPERSEDED}),
        ("reservation_changed", {"state": MailState.DEAD}),
        ("reminder_first", {"state": MailState.DROPPED}),
        ("reminder_second", {"last_error": "SMTPServerDisconnected"}),
        ("reservation_booked", {"recipient": LONG}),
    ]
    for event, columns in became:
        mail = enqueue(
            bureau="osaka",
            message_domain="@example.jp",
            event=event,
            subject_id=held.reference,
            recipient=AOKI,
            at=clock.now(),
        )
        OutgoingMail.objects.filter(pk=mail.pk).update(**columns)
    while send_again(reservation=held, recipient=AOKI, actor="mail:1", at=clock.now()):
        pass
    stage.go(f"reservations/{held.reference}")
    assert stage.page.locator("[data-delivery]").count() == len(became) + MOST_AN_HOUR
    stage.page.get_by_text("次は11時0分から送れます").wait_for()
