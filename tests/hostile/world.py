"""Who is there when the attacks begin: 青木, 知念, 別府, and the browsers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.test import Client

from tests import factories, situations
from tests.intermediaries.sharing import steps as sharing
from uketori import clock
from uketori.intermediaries.address import by_person
from uketori.intermediaries.address import change as address_change
from uketori.intermediaries.models import AddressChange, CertificateClaim, ClaimRequest, MailProof
from uketori.intermediaries.proof import tokens
from uketori.reservations.models import Draft, Reservation, ReservedCase

PROVED = "大取第10235号"
"""別府's certificate, proved at an address of his own: others must ask to share it."""


@dataclass(frozen=True)
class World:
    """青木 is signed in and has a draft and a reservation; 知念's are somebody else's."""

    hours: list[datetime]
    """Those displayed."""
    visitor: Client
    stranger: Client
    """Nobody yet: a browser that has just asked for a link."""
    asked_for: MailProof
    """What the stranger asked for."""
    claim: CertificateClaim
    spare: CertificateClaim
    """A second person of 青木's address; at Osaka one who never booked."""
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

    def path(self, rest: str) -> str:
        """Return the address of a page of the bureau's."""
        return f"/{self.reservation.bureau}/{rest}"

    def cell(self, order: int) -> str:
        """Return what the cell of a displayed hour sends."""
        return f"{self.hours[order]:%Y-%m-%dT%H:%M}"

    def number(self, digits: int) -> str:
        """Return an application number as the bureau writes them."""
        return number_of(digits)


def number_of(digits: int) -> str:
    """Return an application number of the bureau's usual form."""
    example = factories.policy().number_example
    return f"{example[:-5]}{digits:05d}"


def make_world() -> World:
    """Make the rows and the two browsers."""
    claim, rival = situations.aoki(), _chinen()
    person = factories.intermediary("青木 太郎")
    spare = factories.claim(claim.mail_address.address, person=person)
    hours = factories.displayed_hours(clock.now())
    draft = factories.draft(claim, hours[7], [number_of(digits) for digits in (1, 2, 3)])
    rival_draft = factories.draft(rival, hours[7], ["知念の番号E00001"])
    # who holds the only hour that one may hold cannot book another
    held_by = claim if factories.policy().max_slots_in_window > 1 else spare
    reservation = factories.reservation(held_by, hours[0], [number_of(900)])
    rival_reservation = factories.reservation(rival, hours[0], [number_of(901)])
    stranger = Client()
    stranger.post(f"/{factories.BUREAU}/entry", {"address": "new@example.jp"})
    asked_for = MailProof.objects.get(address="new@example.jp")
    visitor = situations.signed_in_client(claim)
    return World(
        hours=hours,
        visitor=visitor,
        stranger=stranger,
        asked_for=asked_for,
        claim=claim,
        spare=spare,
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


def _chinen() -> CertificateClaim:
    """Whom every bureau knows: not all know 行政書士."""
    person = factories.intermediary("知念 ゆい", name_kana="チネン ユイ", organisation="ちねん商会")
    return factories.claim("chinen@example.jp", person=person, number="見取第101号")


def _moving(claim: CertificateClaim) -> AddressChange:
    change = by_person.request_change(
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
