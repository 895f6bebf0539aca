"""``uketori mails`` and ``uketori mail-test``: what operators ask of the mail.  R-19.

Import it after Django's set-up.  Addresses are shown as far as their owner would know them.
"""

import json
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction

from uketori import japanese
from uketori.audit.record import record
from uketori.bureaus.policies import bureau_codes, policy_in_force
from uketori.config.arguments import CannotRun
from uketori.intermediaries.entry.forms import EntryForm
from uketori.intermediaries.masking import masked
from uketori.intermediaries.rendering import rendered
from uketori.outbox.enqueue import message_id
from uketori.outbox.history import mails_about
from uketori.outbox.message import message_of
from uketori.outbox.models import OutgoingMail
from uketori.outbox.resend import resend
from uketori.outbox.retry import cause
from uketori.outbox.statistics import SENT_OF, figures

ACTOR = "operator:mails"
AN_HOUR = timedelta(hours=1)
STATES = {
    "waiting": "送信待ち",
    "sent": "送信済み",
    "superseded": "新しいメールに代えた",
    "dropped": "送らずに終えた",
    "dead": "送れずにあきらめた",
}


def queue_lines(at: datetime, *, as_json: bool) -> Iterator[str]:
    """Yield the state of the whole outbox."""
    now = figures(at)
    if as_json:
        facts = {
            "waiting": now.waiting,
            "planned": now.planned,
            "oldest_seconds": int(now.oldest.total_seconds()),
            "sent_last_hour": now.sent_last_hour,
            "dead_last_day": now.dead,
            "expired_last_day": now.expired,
            "failures_last_day": now.failures,
            "failures_by_domain": dict(now.failures_by_domain),
        }
        yield json.dumps(facts, ensure_ascii=False)
        return
    age = _age(now.oldest.total_seconds())
    yield f"送信待ち　　　　　{now.waiting}通（いちばん古いもの：{age}）"
    yield f"あとで送るもの　　{now.planned}通"
    yield f"送信したもの　　　{now.sent_last_hour}通（{SENT_OF // AN_HOUR}時間以内）"
    yield f"あきらめたもの　　{now.dead}通（24時間以内）"
    yield f"間に合わないもの　{now.expired}通（24時間以内）"
    yield f"失敗した回数　　　{now.failures}回（24時間以内）"
    for domain, times in now.failures_by_domain.items():
        yield f"　{domain}　{times}回"


def history_lines(subject: str, *, as_json: bool) -> Iterator[str]:
    """Yield every mail about a reservation (or another subject) with its failed attempts."""
    mails = [
        mail for code in bureau_codes() for mail in mails_about(bureau=code, subject_id=subject)
    ]
    if not mails:
        message = f"「{subject}」についてのメールはありません。"
        raise CannotRun(message)
    for mail in mails:
        yield json.dumps(_facts(mail), ensure_ascii=False) if as_json else _sentence(mail)
        if not as_json:
            yield from (
                f"　　{_moment(one.at, mail)}　失敗：{one.error}" for one in mail.failures.all()
            )


def resend_lines(number: int, at: datetime) -> Iterator[str]:
    """Let one mail leave again, and say so."""
    mail = OutgoingMail.objects.filter(pk=number).first()
    if mail is None:
        message = f"{number} という番号のメールはありません。"
        raise CannotRun(message)
    with transaction.atomic():
        again = resend(mail, at)
        record(
            bureau=mail.bureau,
            kind="mail_resent",
            actor=ACTOR,
            subject=f"mail:{mail.pk}",
            at=at,
            facts={"again": again.pk},
        )
    yield f"メール{again.pk}を送信待ちにしました（{masked(again.recipient)}）。"


def trial_lines(address: str, bureau: str | None, at: datetime) -> Iterator[str]:
    """Send one mail at once, beside the outbox, and tell how the server took it."""
    form = EntryForm({"address": address})
    if not form.is_valid():
        message = "".join(map(str, form.errors["address"]))
        raise CannotRun(message)
    policy = policy_in_force(bureau or bureau_codes()[0], at)
    words = rendered("web/mail/mail_test.txt", policy, {})
    mail = OutgoingMail(
        recipient=form.cleaned_data["address"],
        message_id=message_id(policy.mail_domain),
    )
    yield f"サーバー　{settings.EMAIL_HOST}:{settings.EMAIL_PORT}（{_protection()}）"
    yield f"差出人　　{words.from_address}"
    yield f"宛先　　　{mail.recipient}"
    try:
        message_of(mail, words, at).send()
    except (SMTPException, OSError) as error:
        message = f"送れませんでした：{cause(error)}　{_advice(error)}"
        raise CannotRun(message) from None
    yield f"サーバーが受け取りました。Message-ID：{mail.message_id}"
    yield "届いたメールで、SPF・DKIM・DMARC がすべて pass になっているかを確かめてください。"


def _protection() -> str:
    connection = get_connection()
    if getattr(connection, "use_ssl", False):
        return "TLS"
    return "STARTTLS" if getattr(connection, "use_tls", False) else "暗号化なし"


def _advice(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            "サーバーの証明書を確かめられません。名前と、認証局（SSL_CERT_FILE）をご確認ください。"
        )
    if isinstance(error, OSError) and not isinstance(error, SMTPException):
        return "UKETORI_MAIL_HOST と UKETORI_MAIL_PORT、通信の許可をご確認ください。"
    return "サーバーの答えの番号から、認証・差出人・宛先のどれが断られたかをご確認ください。"


def _facts(mail: OutgoingMail) -> dict[str, object]:
    return {
        "id": mail.pk,
        "event": mail.event,
        "revision": mail.revision,
        "recipient": masked(mail.recipient),
        "state": mail.state,
        "enqueued_at": mail.enqueued_at.isoformat(),
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
        "attempts": mail.attempts,
        "failures": [{"at": one.at.isoformat(), "error": one.error} for one in mail.failures.all()],
    }


def _sentence(mail: OutgoingMail) -> str:
    sent = f"　{_moment(mail.sent_at, mail)}" if mail.sent_at else ""
    return (
        f"{mail.pk}　{_moment(mail.enqueued_at, mail)}　{mail.event}　"
        f"{masked(mail.recipient)}　{STATES[mail.state]}{sent}"
    )


def _moment(moment: datetime, mail: OutgoingMail) -> str:
    return japanese.moment_words(moment, policy_in_force(mail.bureau, moment).tz, year=True)


def _age(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}時間{minutes}分前" if hours else f"{minutes}分{rest}秒前"
