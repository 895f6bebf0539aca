"""Forms with which what is held about a person is shared, renewed, moved and given back."""

from tests.hostile.form import Form, Typed, below
from tests.hostile.forms_of_people import PERSON, typed_person
from tests.hostile.world import PROVED, World, code_of_moving, link_of_moving
from tests.intermediaries.sharing import steps as sharing
from uketori.intermediaries.models import (
    AddressChange,
    Certificate,
    CertificateClaim,
    ClaimRequest,
    Limit,
    MailAddress,
    MailProof,
)
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Reservation

MOVED = (AddressChange, MailAddress, MailProof, CertificateClaim, ClaimRequest, Reservation)
MOVED = (*MOVED, OutgoingMail)
NEW_CERTIFICATE = ("number", "expires_on_year", "expires_on_month", "expires_on_day")


def _asking(here: World) -> Typed:
    person = typed_person(here)
    del person["next"]
    return {**person, "kind": ["org_staff"], "education": ["no"], "number": [PROVED]}


def _renewed(_here: World) -> Typed:
    return {
        "number": ["大取第20001号"],
        "expires_on_year": ["2030"],
        "expires_on_month": ["3"],
        "expires_on_day": ["31"],
    }


def _renewal(here: World) -> str:
    return here.path(f"holders/{here.claim.pk}/renewal")


def _removal(here: World) -> str:
    return here.path(f"holders/{here.spare.pk}/removal")


def _answer(here: World) -> str:
    return sharing.link_of(here.request)


def _link(here: World) -> str:
    return link_of_moving(here.moving)


FORMS = [
    Form(
        "ask to share",
        "claim_requests:new",
        below("requests/new"),
        below("holders/new"),
        _asking,
        shown_after=_asking,
        people_type=(*PERSON, "number"),
        attacked=(*PERSON, "number", "kind", "education"),
        lasts=True,
        writes=(ClaimRequest, OutgoingMail),
    ),
    Form(
        "answer",
        "claim_requests:answer",
        _answer,
        _answer,
        lambda _here: {"answer": ["grant"]},
        attacked=("answer",),
        writes=(ClaimRequest, CertificateClaim, OutgoingMail),
        is_public=True,
    ),
    Form(
        "renewal",
        "holders:renewal",
        _renewal,
        _renewal,
        _renewed,
        people_type=NEW_CERTIFICATE,
        attacked=NEW_CERTIFICATE,
        lasts=True,
        writes=(Certificate, CertificateClaim),
    ),
    Form(
        "removal",
        "holders:removal",
        _removal,
        _removal,
        writes=(CertificateClaim,),
    ),
    Form(
        "new address",
        "my_data:address",
        below("my-data/address"),
        below("my-data/address"),
        lambda _here: {"address": ["Aoki@Home.example.jp"]},
        people_type=("address",),
        attacked=("address", "settled"),
        lasts=True,
        writes=(AddressChange, OutgoingMail, Limit),
    ),
    Form(
        "code of the new address",
        "my_data:address_code",
        below("my-data/address/code"),
        below("my-data/address/code"),
        lambda here: {"code": [code_of_moving(here.moving)]},
        people_type=("code",),
        attacked=("code",),
        writes=MOVED,
        counts=(AddressChange,),
    ),
    Form(
        "link of the new address",
        "my_data:address_link",
        _link,
        _link,
        writes=MOVED,
        without_session=200,
    ),
]
