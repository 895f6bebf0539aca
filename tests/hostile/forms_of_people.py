"""Forms on which people find out, prove their address and say who they are."""

from urllib.parse import urlencode

from tests import factories
from tests.hostile.form import Form, Typed, below
from tests.hostile.world import World
from tests.rules.test_guide import AOKI
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    Intermediary,
    Limit,
    MailAddress,
    MailProof,
)
from uketori.outbox.models import OutgoingMail

PERSON = ("expires_on_year", "expires_on_month", "expires_on_day", "name", "name_kana")
PERSON = (*PERSON, "organisation", "phone")


def typed_person(here: World) -> Typed:
    return {
        "expires_on_year": ["2028"],
        "expires_on_month": ["3"],
        "expires_on_day": ["31"],
        "name": ["別府 次郎"],
        "name_kana": ["ベップ ジロウ"],
        "organisation": ["株式会社あおぞら製作所"],
        "phone": ["06-1234-5678"],
        "next": [here.path("reservations/")],
    }


FORMS = [
    Form(
        "guide",
        "bureaus:eligibility",
        below("eligibility"),
        below(f"eligibility?{urlencode(AOKI)}"),
        lambda _here: {question: [answer] for question, answer in AOKI.items()},
        attacked=tuple(AOKI),
        is_public=True,
    ),
    Form(
        "entry",
        "entry:start",
        below("entry"),
        below("entry"),
        lambda here: {"address": ["Beppu@Example.jp"], "next": [here.path("reservations/")]},
        people_type=("address",),
        attacked=("address", "next", "settled"),
        writes=(MailProof, OutgoingMail, Limit),
        is_public=True,
    ),
    Form(
        "code",
        "entry:sent",
        below("entry/sent"),
        below("entry/sent"),
        lambda here: {"code": [factories.code_of(here.asked_for)]},
        people_type=("code",),
        attacked=("code",),
        writes=(MailProof, MailAddress, Limit),
        counts=(MailProof,),
        is_public=True,
    ),
    Form(
        "link",
        "entry:link",
        lambda here: here.link,
        lambda here: here.link,
        writes=(MailProof, MailAddress),
        is_public=True,
    ),
    Form(
        "logout",
        "entry:logout",
        below("session/ending"),
        below("reservations/"),
        writes=(MailProof,),
    ),
    Form(
        "extend",
        "entry:extend",
        below("session/extension"),
        below("reservations/"),
        lambda here: {"next": [here.path("holders/")]},
        attacked=("next",),
        writes=(MailProof,),
    ),
    Form(
        "holder new",
        "holders:new",
        below("holders/new"),
        below("holders/new"),
        lambda here: {
            **typed_person(here),
            "kind": ["org_staff"],
            "education": ["no"],
            "number": ["大取第10999号"],
        },
        people_type=(*PERSON, "number"),
        attacked=(*PERSON, "number", "kind", "education", "next"),
        lasts=True,
        writes=(Intermediary, Certificate, CertificateClaim),
    ),
    Form(
        "holder revise",
        "holders:revise",
        lambda here: here.path(f"holders/{here.claim.pk}"),
        lambda here: here.path(f"holders/{here.claim.pk}"),
        lambda here: {**typed_person(here), "kind": ["org_staff"]},
        people_type=PERSON,
        attacked=(*PERSON, "kind", "next"),
        lasts=True,
        writes=(Intermediary, CertificateClaim),
    ),
]
