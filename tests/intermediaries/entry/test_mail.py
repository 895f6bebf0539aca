"""The verification mail, and that the database keeps nothing usable of it.  R-15, R-16."""

import re
import unicodedata
from base64 import b64encode
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from tests import factories
from tests.answers import untranslated
from tests.policies import at
from uketori.intermediaries.entry.mails import forget_unproved
from uketori.intermediaries.models import MailProof
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail
from uketori.outbox.worker import run_once

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.first_notice()


def sent_mail(client: Client | None = None) -> EmailMessage:
    (client or Client()).post("/osaka/entry", {"address": "aoki@example.jp"})
    run_once(MONDAY)
    (message,) = mail.outbox
    return message


def columns_of(line: str) -> int:
    """Full-width signs take two columns."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in line)


def test_mail__link__alone_on_a_line_under_76_columns() -> None:
    lines = sent_mail().body.split("\n")

    (place,) = [index for index, line in enumerate(lines) if "/entry/" in line]
    assert lines[place] == f"http://testserver{factories.link_of(MailProof.objects.get())}"
    assert (lines[place - 1], lines[place + 1]) == ("", "")


def test_mail__link_of_the_real_site__under_76_columns(settings: Any) -> None:
    settings.SITE_URL = "https://immi-cardyoyaku.moj.go.jp"

    (line,) = [one for one in sent_mail().body.split("\n") if "/entry/" in one]

    assert len(line) < 76


def test_mail__every_line__at_most_35_full_width_signs() -> None:
    long = [one for one in sent_mail().body.split("\n") if columns_of(one) > 70]

    assert [one for one in long if "/entry/" not in one] == []


def test_mail__code_and_moment__both_said() -> None:
    message = sent_mail()

    assert f"確認コード　{factories.code_of(MailProof.objects.get())}" in message.body
    assert "6月8日（月）11時まで" in message.body
    assert "メールアドレスの確認" in message.subject
    assert "aoki@example.jp" not in message.body
    assert message.to == ["aoki@example.jp"]


def test_mail__from_header__the_address_that_the_pages_name() -> None:
    """R-16: what is allowed is what comes."""
    client = Client()
    shown = client.get("/osaka/entry").content.decode()
    message = sent_mail(client)
    shown_after = client.get("/osaka/entry/sent").content.decode()

    _name, address = parseaddr(str(message.message()["From"]))

    for text in (shown, shown_after):
        assert untranslated(address) in text
        assert untranslated(f"@{address.split('@')[1]}") in text


def test_mail__unofficial_site__says_so_in_subject_and_body() -> None:
    message = sent_mail()

    assert message.subject.startswith("［見本］")
    assert "これは公式のサービスではありません。" in message.body


def test_mail__official_site__says_nothing(settings: Any) -> None:
    settings.OFFICIAL = True
    message = sent_mail()

    assert "見本" not in message.subject + message.body
    assert "公式のサービスではありません" not in message.body


@pytest.mark.parametrize(
    ("after", "leaves"),
    [(timedelta(minutes=59, seconds=59), True), (timedelta(minutes=60), False)],
)
def test_mail__still_queued_when_its_hour_ends__dropped(after: timedelta, leaves: bool) -> None:
    Client().post("/osaka/entry", {"address": "aoki@example.jp"})

    run_once(MONDAY + after)

    assert len(mail.outbox) == int(leaves)
    state = OutgoingMail.objects.get().state
    assert state == (MailState.SENT if leaves else MailState.DROPPED)


def test_mail__link_used_before_it_left__dropped() -> None:
    factories.signed_in_client()

    run_once(MONDAY)

    assert mail.outbox == []


def stored_values() -> list[bytes]:
    """Every value of every table, as bytes; not the moments of the migrations, which are chance."""
    found: list[bytes] = []
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - {"django_migrations"}:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                found += [
                    bytes(value)
                    if isinstance(value, bytes | bytearray | memoryview)
                    else str(value).encode()
                    for value in row
                ]
    return found


def is_stored(secret: str, values: list[bytes]) -> bool:
    """Tell whether it stands anywhere, and is no part of a digest or of a moment."""
    whole = re.compile(rb"(?<![0-9a-zA-Z.])" + re.escape(secret.encode()) + rb"(?![0-9a-zA-Z])")
    return any(whole.search(value) for value in values)


def test_database__mail_sent_and_another_link_used__no_usable_token_or_code() -> None:
    client = Client()
    text = sent_mail(client).body
    proof = MailProof.objects.get()
    token, code = factories.token_of(proof), factories.code_of(proof)
    client.post("/osaka/entry/sent", {"code": f"{(int(code) + 1) % 10**6:06d}"})
    factories.signed_in_client("beppu@example.jp")
    assert token in text
    assert code in text

    values = stored_values()

    secrets = [token, b64encode(token.encode()).decode(), code, token.encode().hex()]
    assert [one for one in secrets if is_stored(one, values)] == []
    assert any(proof.token_digest.encode() in value for value in values)


def test_database__token__128_bits_and_never_twice() -> None:
    tokens = {factories.token_of(factories.proof(f"a{index}@example.jp")) for index in range(20)}

    assert len(tokens) == 20
    assert {len(one) for one in tokens} == {22}


def test_token__another_secret__another_token(settings: Any) -> None:
    """A stolen database alone opens nothing."""
    proof = factories.proof()
    before = factories.token_of(proof), factories.code_of(proof)

    settings.SECRET_KEY = "a second secret"  # noqa: S105 - invented

    assert factories.token_of(proof) != before[0]


@pytest.mark.parametrize(
    ("after", "is_kept"),
    [(timedelta(hours=25), True), (timedelta(hours=25, seconds=1), False)],
)
def test_forget__address_never_proved__gone_a_day_after_its_hour(
    after: timedelta, is_kept: bool
) -> None:
    factories.proof()
    factories.signed_in_client("beppu@example.jp")

    forget_unproved(MONDAY + after)

    known = {"aoki@example.jp", "beppu@example.jp"} if is_kept else {"beppu@example.jp"}
    assert set(MailProof.objects.values_list("address", flat=True)) == known
    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == known


def test_forget__mail_that_failed__its_failures_go_along() -> None:
    """The domain of a recipient is personal, too.  D23."""
    factories.proof()
    mail_row = OutgoingMail.objects.get()
    FailedAttempt.objects.create(mail=mail_row, at=MONDAY, error="X", domain="example.jp")

    forget_unproved(MONDAY + timedelta(hours=25, seconds=1))

    assert not FailedAttempt.objects.exists()
    assert not [value for value in stored_values() if b"aoki@example.jp" in value]


def test_forget__mails_of_other_subjects_with_the_same_number__stay() -> None:
    proof = factories.proof()
    enqueue(
        bureau="osaka",
        message_domain="@example.jp",
        event="claim_rival",
        subject_id=str(proof.pk),
        recipient="beppu@example.jp",
        at=MONDAY,
    )

    forget_unproved(MONDAY + timedelta(days=2))

    assert OutgoingMail.objects.get().recipient == "beppu@example.jp"
