"""A dead mailbox: the staff move somebody to another address, and no stranger.  D03, R-29."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import untranslated
from tests.counter.address.steps import (
    NEW,
    NUMBER,
    OLD,
    SECOND,
    TEN,
    WEDNESDAY,
    ask,
    link,
    speaks_from,
    told,
)
from tests.counter.telephone.test_pages import page, url
from tests.policies import at
from uketori.audit.models import Event
from uketori.intermediaries.address.by_staff import MoveReason, ask_for, move_at_counter
from uketori.intermediaries.address.obstacles import AddressObstacle, NotMoved
from uketori.intermediaries.models import AddressChange, CertificateClaim, MailAddress
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db


def test_telephone__asked__nothing_moves_and_both_are_told(
    chief: Client, claim: CertificateClaim
) -> None:
    assert ask(chief, claim).status_code == 302

    assert speaks_from(claim) == OLD
    assert told("new_address_by_bureau") == [NEW]
    assert told("address_change_by_bureau_asked") == [OLD]
    html = page(chief, "address_for", claim_id=claim.pk)
    assert f"{untranslated(NEW)} に確認のメールを送りました。" in html
    assert "6月10日（水）10時20分まで" in html


def test_counter__seen_today__moves_at_once_and_both_are_told(
    chief: Client, claim: CertificateClaim
) -> None:
    CertificateClaim.objects.update(proved_at=WEDNESDAY - SECOND, place=None)

    assert ask(chief, claim, way="counter").status_code == 302

    assert speaks_from(claim) == NEW
    assert told("address_changed_by_bureau") == [OLD]
    assert told("address_entered_by_bureau") == [NEW]
    assert told("new_address_by_bureau") == []


@pytest.mark.parametrize(
    ("visit_day", "arrives", "moves"),
    [("2026-06-10", True, True), ("2026-06-10", False, False), ("2026-06-09", True, False)],
)
def test_counter__proved_earlier__only_who_came_today(
    chief: Client, claim: CertificateClaim, visit_day: str, arrives: bool, moves: bool
) -> None:
    CertificateClaim.objects.update(proved_at=at("2026-06-03 10:00"), place=None)
    starts_at = at(f"{visit_day} 09:00")
    made = factories.reservation(claim, starts_at, 1)
    if arrives:
        Reservation.objects.filter(pk=made.pk).update(arrived_at=starts_at)

    answer = ask(chief, claim, way="counter")

    assert answer.status_code == (302 if moves else 422)
    assert speaks_from(claim) == (NEW if moves else OLD)
    if not moves:
        assert "きょう窓口で証明書を確認した記録がありません。" in answer.content.decode()


def test_counter__never_proved__refused(chief: Client, claim: CertificateClaim) -> None:
    made = factories.reservation(claim, at("2026-06-10 09:00"), 1)
    Reservation.objects.filter(pk=made.pk).update(arrived_at=WEDNESDAY)

    assert ask(chief, claim, way="counter").status_code == 422
    assert speaks_from(claim) == OLD


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": "大取第99999号"}, "証明書の番号が、登録と合いません。"),
        ({"address": OLD}, "いまのメールアドレスと同じです。"),
        ({"address": "ＡＯＫＩ@example.jp"}, "いまのメールアドレスと同じです。"),
        ({"address": "aoki.example.jp"}, "メールアドレスの形を確かめてください。"),
        ({"address": "aoki@new.example.jp\nBcc: x@y.jp"}, "改行が入っています。"),
        ({"address": "aoki@gmial.com"}, "aoki@gmail.com ではありませんか。"),
        ({"reason": ""}, "変更の理由を選んでください。"),
        ({"way": "letter"}, "本人の確かめ方を、もう一度選んでください。"),
    ],
)
def test_ask__wrong__said_and_nothing_sent(
    chief: Client, claim: CertificateClaim, typed: dict[str, str], said: str
) -> None:
    answer = ask(chief, claim, **typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AddressChange.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert ask(chief, claim).status_code == 302


def test_ask__slip_that_was_meant__goes_as_typed(chief: Client, claim: CertificateClaim) -> None:
    ask(chief, claim, address="aoki@gmial.com", settled="aoki@gmial.com")

    assert told("new_address_by_bureau") == ["aoki@gmial.com"]


@pytest.mark.parametrize(("others", "is_sent"), [(19, True), (20, False)])
def test_ask__address_of_an_office__serves_twenty(
    chief: Client, claim: CertificateClaim, others: int, is_sent: bool
) -> None:
    for _one in range(others):
        factories.claim(NEW)

    answer = ask(chief, claim)

    assert answer.status_code == (302 if is_sent else 422)
    assert ("すでに20名の方が登録されています。" in answer.content.decode()) is not is_sent


@pytest.mark.parametrize("is_proved", [False, True])
def test_ask__rival__in_the_way_only_where_the_counter_has_seen_their_certificate(
    chief: Client, claim: CertificateClaim, *, is_proved: bool
) -> None:
    """Whoever types a number keeps nobody from the repair of a dead mailbox; the page shows it."""
    person = factories.intermediary("知らない人")
    rival = factories.claim(
        "other@example.jp", person=person, number=NUMBER, place=2, is_proved=is_proved
    )

    page = chief.get(url("address_for", claim_id=claim.pk)).content.decode()
    answer = ask(chief, claim)

    assert "同じ番号の証明書を、ほかの方も登録しています。" in page
    assert "知らない人" in page
    assert "other@example.jp" not in page
    assert answer.status_code == (422 if is_proved else 302)
    told = "証明書を持って窓口に来ていただいてください。" in answer.content.decode()
    assert told is is_proved
    if is_proved:
        return
    CertificateClaim.objects.filter(pk=claim.pk).update(proved_at=WEDNESDAY, place=None)
    assert ask(chief, claim, way="counter").status_code == 302
    assert (speaks_from(claim), speaks_from(rival)) == (NEW, "other@example.jp")


def test_ask__address_claims_the_same_number__refused(
    chief: Client, claim: CertificateClaim
) -> None:
    CertificateClaim.objects.filter(pk=claim.pk).update(proved_at=WEDNESDAY, place=None)
    factories.claim(NEW, number=NUMBER, place=2)

    answer = ask(chief, claim, way="counter")

    assert answer.status_code == 422
    assert "同じ番号の証明書がすでに登録されています。" in answer.content.decode()
    assert speaks_from(claim) == OLD


def test_ask__same_address_again__old_box_warned_once_and_five_links_at_most(
    chief: Client, claim: CertificateClaim
) -> None:
    answers = [ask(chief, claim).status_code for _one in range(6)]

    assert answers == [302] * 5 + [422]
    assert told("address_change_by_bureau_asked") == [OLD]


def test_warning__shown_in_my_data_of_the_old_address(
    chief: Client, claim: CertificateClaim
) -> None:
    holder = situations.signed_in_client(claim)
    ask(chief, claim)

    html = holder.get("/osaka/my-data").content.decode()

    assert "ほかのアドレスに変えたいとお電話でお申出がありました。" in html
    assert NEW not in html
    export = holder.get("/osaka/my-data/export").json()
    assert [one["new_address"] for one in export["address_changes"]] == ["a…@new.example.jp"]


def test_warning__code_of_the_staff_s_link__cannot_be_typed_in_the_old_session(
    chief: Client, claim: CertificateClaim
) -> None:
    holder = situations.signed_in_client(claim)
    ask(chief, claim)

    assert holder.get("/osaka/my-data/address/code").status_code == 302


@pytest.mark.parametrize("act", [ask_for, move_at_counter])
def test_act__moved_since_the_page_was_read__refused(
    claim: CertificateClaim, act: Callable[..., AddressChange]
) -> None:
    read = CertificateClaim.objects.get(pk=claim.pk)
    elsewhere = factories.mail_address("other@example.jp")
    CertificateClaim.objects.filter(pk=claim.pk).update(mail_address=elsewhere)

    with pytest.raises(NotMoved) as refused:
        act(
            claim=read,
            new_address=NEW,
            reason=MoveReason.GONE,
            policy=factories.policy(WEDNESDAY),
            actor="staff:1",
            at=WEDNESDAY,
        )

    assert refused.value.why is AddressObstacle.LEFT
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("way", ["telephone", "counter"])
def test_events__references_and_codes_only(
    chief: Client, claim: CertificateClaim, way: str
) -> None:
    CertificateClaim.objects.update(proved_at=WEDNESDAY, place=None)
    ask(chief, claim, way=way)
    if way == "telephone":
        Client().post(link())

    kinds = {one.kind: one.facts for one in Event.objects.filter(kind__contains="by_staff")}
    asked = {"way": way, "reason": "unreached", "claim": claim.pk}
    if way == "telephone":
        assert kinds["address_change_requested_by_staff"] == asked
        assert kinds["address_changed_by_staff"] == {"way": way, "claim": claim.pk}
    else:
        assert kinds == {"address_changed_by_staff": asked}
    assert "@" not in str(list(Event.objects.values_list("facts", "subject")))


def test_page__another_bureau_s_or_ended_claim__is_not_there(
    chief: Client, claim: CertificateClaim
) -> None:
    MailAddress.objects.update(bureau="minato")
    claim.certificate.bureau = "minato"
    claim.certificate.save()
    assert page(chief, "address_for", claim_id=claim.pk, status=404)
    claim.certificate.bureau = "osaka"
    claim.certificate.save()
    assert page(chief, "address_for", claim_id=claim.pk)

    CertificateClaim.objects.update(ended_at=WEDNESDAY, place=None)

    assert ask(chief, claim).status_code == 404


def test_page__tells_no_number__it_is_for_the_caller_to_say(
    chief: Client, claim: CertificateClaim
) -> None:
    assert NUMBER not in page(chief, "address_for", claim_id=claim.pk)


def test_links__for_the_supervisor_alone(chief: Client, claim: CertificateClaim) -> None:
    held = factories.reservation(claim, TEN, 1)
    clerk = situations.staff_client()
    pages = {
        "call": {"reference": held.reference},
        "show": {"reference": held.reference},
        "book_for_claim": {"claim_id": claim.pk},
    }

    for name, named in pages.items():
        where = url("address_for", claim_id=claim.pk)
        assert where in page(chief, name, **named), name
        assert where not in page(clerk, name, **named), name
