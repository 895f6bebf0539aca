"""Every address of the site, at every bureau: what it answers in HTML says the banner."""

import html
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from tests import factories
from tests.every_bureau.conftest import both_bureaus, policy
from tests.hostile.world import World, link_of_moving, make_world
from tests.intermediaries.sharing import steps as sharing
from tests.repository.test_urls import OWN_ACCOUNT, VIEWS
from tests.situations import staff_client
from tests.staff.test_permissions import path_of
from tests.staff.walking import ONLY_POST
from uketori.bureaus.banners import set_banner
from uketori.counter.models import CallKind
from uketori.counter.telephone.calls import Noted, record_call
from uketori.outbox.models import MailState, OutgoingMail
from uketori.rules.permissions import Role
from uketori.rules.policy import BureauPolicy

__all__ = ["both_bureaus", "policy"]

pytestmark = pytest.mark.django_db

TEXT = "停電のため、<午後>は閉庁します。"
LINKS: dict[str, Callable[[World], str]] = {
    "<slug:bureau>/entry/<str:token>": lambda here: here.link,
    "<slug:bureau>/requests/<str:token>": lambda here: sharing.link_of(here.request),
    "<slug:bureau>/address/<str:token>": lambda here: link_of_moving(here.moving),
}
"""Addresses of which every link of a mail is another one."""

SAYS_NOTHING = {
    "dev/mailbox": "the developers' own, at no bureau",
    "dev/staff": "the same",
    "staff/sign-in": "before it is known at which bureau somebody works",
    "staff/<slug:bureau>/counter/list": "a part of the board, set into the page that says it",
    **dict.fromkeys(OWN_ACCOUNT, "an account's own, and not at one bureau"),
}
"""Addresses whose HTML never says it, and why."""

NO_PAGE = {
    "livez": "text for the operators",
    "readyz": "the same",
    "metrics": "the same",
    "dev/mailbox.json": "for scripts",
    "staff/sign-out": "leads to the sign-in",
    "staff/sign-in/second-factor": "leads back to the first step, or on",
    "staff/<slug:bureau>/counter/preparation": "leads to the day",
    "<slug:bureau>/session/ending": "takes a POST only",
    "<slug:bureau>/session/extension": "takes a POST only",
    "<slug:bureau>/requests/new": "takes a POST only",
    "<slug:bureau>/my-data/export": "a file",
    "<slug:bureau>/reservations/new": "leads to the draft, or to whom it is for",
    "<slug:bureau>/reservations/drafts/<uuid:key>/deletion": "takes a POST only",
    "<slug:bureau>/reservations/<reference:reference>/calendar.ics": "a file",
    "<slug:bureau>/reservations/<reference:reference>/mails": "takes a POST only",
    "<slug:bureau>/reservations/<reference:reference>/copy": "takes a POST only",
}
"""Addresses that show no page to a GET, and what they answer."""


def samples(here: World, now: datetime) -> dict[str, str]:
    """What stands in the addresses: 青木's, who has called, and whose mail came back."""
    told = Noted(called_at=now, caller="", note="", key=uuid4())
    call = record_call(
        reservation=here.reservation, kind=CallKind.OTHER, noted=told, actor="staff:0", at=now
    )
    mail = OutgoingMail.objects.create(
        bureau=here.reservation.bureau,
        subject_id=here.reservation.reference,
        event="reservation_booked",
        recipient="aoki@example.jp",
        message_id="<1@example.jp>",
        enqueued_at=now,
        not_before=now,
        state=MailState.DEAD,
        given_up_at=now,
    )
    return {
        "reference:reference": here.reservation.reference,
        "int:claim_id": str(here.claim.pk),
        "int:mail_id": str(mail.pk),
        "int:call_id": str(call.pk),
        "day:day": str(here.reservation.visit_day),
        "int:number": "1",
        "int:pk": "1",
        "uuid:key": str(here.draft.key),
    }


@dataclass(frozen=True)
class Walked:
    """What every address answered in HTML, to whomever."""

    pages: set[str] = field(default_factory=set)
    """Addresses that opened for somebody (200)."""
    told: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """How often the banner was said, also by refusals."""


def walk(code: str, now: datetime) -> Walked:
    """Let a newcomer, somebody on the way in, 青木 and a member of staff open every address."""
    here = make_world()
    stands = samples(here, now)
    people = [Client(), here.stranger, here.visitor, staff_client(Role.ADMINISTRATOR, code)]
    walked = Walked()
    for pattern in VIEWS:
        link = LINKS.get(pattern)
        path = link(here) if link else path_of(pattern, stands, code)
        for client in people:
            answer = client.get(path)
            if answer.content and answer.headers["Content-Type"].startswith("text/html"):
                walked.told[pattern].add(answer.content.decode().count(html.escape(TEXT)))
                if answer.status_code == 200:
                    walked.pages.add(pattern)
    return walked


def test_every_address__whoever_comes__says_it_once(
    policy: BureauPolicy, monday_morning: datetime
) -> None:
    """What is not there, or not theirs, says it, too."""
    factories.first_notice()
    set_banner(bureau=policy.code, text=TEXT, actor="system:test", at=monday_morning)

    walked = walk(policy.code, monday_morning)

    otherwise = {one: times for one, times in walked.told.items() if times != {1}}
    assert otherwise == {one: {0} for one in set(SAYS_NOTHING) & set(walked.told)}
    unopened = set(VIEWS) - walked.pages
    assert unopened - OWN_ACCOUNT == set(NO_PAGE) | set(ONLY_POST)
    assert set(SAYS_NOTHING) <= set(VIEWS)
