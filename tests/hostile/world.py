"""Who is there when the attacks begin: 青木, 知念, and the browsers."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.test import Client

from tests import factories, situations
from tests.policies import at
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Draft, Reservation, ReservedCase

WEDNESDAY_10 = at("2026-06-10 10:00")


@dataclass(frozen=True)
class World:
    """青木 is signed in and has a draft and a reservation; 知念's are somebody else's."""

    visitor: Client
    stranger: Client
    """Nobody yet: a browser that has just asked for a link."""
    claim: CertificateClaim
    draft: Draft
    reservation: Reservation
    link: str
    fresh_key: UUID
    case: ReservedCase
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
    return World(
        visitor=situations.signed_in_client(claim),
        stranger=stranger,
        claim=claim,
        draft=draft,
        reservation=reservation,
        case=reservation.cases.get(),
        link=factories.link_of(factories.proof("fresh@example.jp")),
        fresh_key=uuid4(),
        rival_claim=rival,
        rival_draft=rival_draft,
        rival_reservation=rival_reservation,
    )
