"""Asking to share a proved certificate, and answering."""

import re
from datetime import date

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.holders.steps import entry
from uketori import clock
from uketori.intermediaries.models import CertificateClaim, ClaimRequest
from uketori.intermediaries.proof import tokens
from uketori.intermediaries.sharing import asking
from uketori.intermediaries.sharing.asking import RequestOutcome
from uketori.outbox.worker import run_once
from uketori.rules.eligibility import HolderFacts
from uketori.rules.policy import IntermediaryKind

NEW = "/osaka/requests/new"


def ask(client: Client, **changes: str) -> Answer:
    """Press 「登録済みのメールアドレスに確認を送る」 on the form as 青木 fills it in."""
    return client.post(NEW, entry(**changes))


def asks(address: str = "aoki@office.example.jp", number: str = "大取第10234号") -> RequestOutcome:
    """The act itself, without a page."""
    policy = factories.policy()
    kind = IntermediaryKind.ORG_STAFF
    return asking.request_claim(
        policy=policy,
        mail_address=factories.mail_address(address),
        name="青木 花子",
        holder=HolderFacts(
            kind=kind,
            certificate_kind=policy.certificate_of[kind],
            expires_on=date(2028, 3, 31),
            is_education_institution=False,
        ),
        number=number,
        actor="mail:1",
        at=clock.now(),
    )


def a_request(
    address: str = "aoki@office.example.jp", proved: CertificateClaim | None = None
) -> ClaimRequest:
    """A request for 青木's proved certificate that nobody has answered yet."""
    if proved is None and not CertificateClaim.objects.exists():
        situations.a_proved_certificate()
    assert asks(address) is RequestOutcome.SENT
    return ClaimRequest.objects.order_by("-pk")[0]


def token_of(request: ClaimRequest) -> str:
    return tokens.token_of(bytes(request.seed), asking.PURPOSE)


def link_of(request: ClaimRequest) -> str:
    """The path of the link in the mail."""
    return f"/{request.bureau}/requests/{token_of(request)}"


def state_of(path: str) -> str:
    """What a fresh browser is shown."""
    (state,) = re.findall(r'data-link-state="(\w+)"', Client().get(path).content.decode())
    return str(state)


def answer(request: ClaimRequest, how: str) -> Answer:
    return Client().post(link_of(request), {"answer": how})


def delivered() -> list[EmailMessage]:
    """Let the worker send what waits; return the new mails."""
    before = len(mail.outbox)
    run_once(clock.now())
    return list(mail.outbox[before:])
