"""Who is there when the attacks begin: 青木, 知念, 別府, and the browsers."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.test import Client

from tests import factories, situations
from tests.intermediaries import sharing
from tests.policies import at
from uketori import clock
from uketori.intermediaries import address_change, address_in_session, tokens
from uketori.intermediaries.models import AddressChange, CertificateClaim, ClaimRequest, MailProof
from uketori.reservations.models import Draft, Reservation, ReservedCase

WEDNESDAY_10 = at("2026-06-10 10:00")
PROVED = "大取第10235号"
"""別府's certificate, proved at an address of his own: others must ask to share it."""


@dataclass(frozen=True)
class World:
    """青木 is signed in and has a draft and a reservation; 知念's are somebody else's."""

    visitor: Client
    stranger: Client
    """Nobody yet: a browser that has just asked for a link."""
    asked_for: MailProof
    """What the stranger asked for."""
    claim: CertificateClaim
    spare: CertificateClaim
    """A second person of 青木's address, who never booked."""
    draft: Draft
    reservation: Reservation
    link: str
    fresh_key: UUID
    case: ReservedCase
    moving: AddressChange
    """青木 is about to move to another address."""
    request: ClaimRequest
    """Somebody asked to share 別府's certificate."""
    rival_claim: CertificateClaim
    rival_draft: Draft
    rival_reservation: Reservation


def make_world() -> World:
    """Make the rows and the two browsers."""
    claim, rival = situations.aoki(), situations.chinen()
    draft = factories.draft(claim, WEDNESDAY_10, 3)
    rival_draft = factories.draft(rival, WEDNESDAY_10, ["知念の番号E00001"])
    reservation = factories.reservation(claim, at("2026-06-09 09:00"), ["阪労一E00900"])
    rival_reservation = factories.reservation(rival, at("2026-06-09 09:00"), ["阪労一E00901"])
    stranger = Client()
    stranger.post("/osaka/entry", {"address": "new@example.jp"})
    asked_for = MailProof.objects.get(address="new@example.jp")
    person = factories.intermediary("青木 太郎")
    visitor = situations.signed_in_client(claim)
    return World(
        visitor=visitor,
        stranger=stranger,
        asked_for=asked_for,
        claim=claim,
        spare=factories.claim(claim.mail_address.address, person=person),
        draft=draft,
        reservation=reservation,
        case=reservation.cases.get(),
        link=factories.link_of(factories.proof("fresh@example.jp")),
        fresh_key=uuid4(),
        moving=_moving(claim),
        request=_request(),
        rival_claim=rival,
        rival_draft=rival_draft,
        rival_reservation=rival_reservation,
    )


def code_of_moving(change: AddressChange) -> str:
    """The six digits in the mail to the new address."""
    return tokens.code_of(bytes(change.seed), address_change.CODE_PURPOSE)


def link_of_moving(change: AddressChange) -> str:
    """The link in the mail to the new address."""
    token = tokens.token_of(bytes(change.seed), address_change.PURPOSE)
    return f"/{change.bureau}/address/{token}"


def _moving(claim: CertificateClaim) -> AddressChange:
    change = address_in_session.request_change(
        policy=factories.policy(),
        mail_address=claim.mail_address,
        new_address="aoki@new.example.jp",
        actor="mail:1",
        at=clock.now(),
    )
    assert change is not None
    return change


def _request() -> ClaimRequest:
    person = factories.intermediary("別府 次郎", name_kana="ベップ ジロウ")
    factories.claim("beppu@example.jp", person=person, number=PROVED, is_proved=True)
    sharing.asks("office@example.jp", number=PROVED)
    return ClaimRequest.objects.get()
