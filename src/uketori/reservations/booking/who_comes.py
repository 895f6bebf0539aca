"""Who comes with a draft, also where its page was opened before something changed.  D03, D13."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from uketori.intermediaries.certificates.seen_elsewhere import is_shown_by_another
from uketori.intermediaries.models import AddressChange, CertificateClaim
from uketori.intermediaries.session.visitor import Visitor
from uketori.reservations.models import Draft

CLAIM_KEY = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Named:
    """What became of the holder whom a page names."""

    claim: CertificateClaim | None
    """The person's newest claim at this address; None if nobody comes under that name any more."""
    is_known_here: bool
    """Whether the address ever spoke for this holder."""


def named_by(wanted: str, visitor: Visitor) -> Named:
    """Return who comes according to a page, which may be older than the newest certificate.

    A renewal, a last day that has passed, a claim given back or a person moved by the staff changes
    what the page should say, and nothing typed there may be lost for it.
    """
    claims = visitor.claims()
    for claim in claims:
        if str(claim.pk) == wanted:
            return Named(claim, is_known_here=True)
    known = _known_once(wanted, visitor)
    if known is None:
        return Named(None, is_known_here=False)
    return Named(_of_the_same_person(known, claims), is_known_here=True)


def holder_of(draft: Draft | None, wanted: str, visitor: Visitor) -> CertificateClaim | None:
    """Return who comes with the draft, or else whom the page's address names; None if unclear."""
    if draft is None or draft.claim is None:
        return named_by(wanted, visitor).claim
    if draft.claim.expires_on >= visitor.today and not is_shown_by_another(draft.claim):
        return draft.claim
    return _of_the_same_person(draft.claim, visitor.claims())


def address_of(draft: Draft) -> str:
    """Return where the page of the draft stands."""
    return reverse("reservations:draft", kwargs={"bureau": draft.bureau, "key": draft.key})


def ask_who_comes(visitor: Visitor, draft: Draft | None) -> HttpResponse:
    """Lead to choosing or entering who comes, and from there back to the draft."""
    bureau = visitor.policy.code
    is_choice = bool(visitor.claims())
    response = redirect("holders:choose" if is_choice else "holders:new", bureau=bureau)
    if draft is not None:
        query = {"draft": str(draft.key)} if is_choice else {"next": address_of(draft)}
        response["Location"] += f"?{urlencode(query)}"
    return response


def _of_the_same_person(
    known: CertificateClaim, claims: list[CertificateClaim]
) -> CertificateClaim | None:
    same = (one for one in claims if one.intermediary_id == known.intermediary_id)
    return next(same, None)


def _known_once(wanted: str, visitor: Visitor) -> CertificateClaim | None:
    """Return the claim if this address has or had it, also when staff moved the person away."""
    if not CLAIM_KEY.fullmatch(wanted):
        return None
    moved = AddressChange.objects.filter(
        mail_address=visitor.mail_address, spent_at__isnull=False, claim__isnull=False
    )
    here = Q(mail_address=visitor.mail_address)
    went = Q(intermediary__in=moved.values("claim__intermediary"))
    return CertificateClaim.objects.filter(here | went, pk=int(wanted)).first()
