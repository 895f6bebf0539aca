"""What later apps hang on addresses and claims, so that this app need not know them.

``reservations`` registers in ``AppConfig.ready``: what to export, how to follow a person to another
address or certificate, and whether a claim was booked with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uketori.intermediaries.models import CertificateClaim, Intermediary, MailAddress

Exporter = Callable[[MailAddress], Any]
"""Returns JSON-ready values of everything held about the people of an address, no secret in it."""


@dataclass(frozen=True, kw_only=True)
class Follower:
    """How one app's rows follow the rows of this one; each is called within a transaction."""

    to_address: Callable[[MailAddress, MailAddress, datetime], None]
    """From the first address to the second."""
    person_to_address: Callable[[Intermediary, MailAddress, MailAddress], None]
    """What is of one person goes from the first address to the second; all else stays."""
    empty: Callable[[MailAddress, MailAddress | None], None]
    """Nobody is at the first address any more: what is nobody's goes to the second, or away."""
    pages_of: Callable[[Intermediary], list[str]]
    """Where the pages about what is one person's begin."""
    to_claim: Callable[[CertificateClaim, CertificateClaim], None]
    """What is not settled yet goes from the old certificate to the renewed one."""
    is_booked: Callable[[CertificateClaim], bool]
    """Whether this claim was ever booked with."""
    let_go: Callable[[CertificateClaim], None]
    """The claim ends: what is not settled is for another claim of the person here, or waits."""
    adopt: Callable[[CertificateClaim], None]
    """A holder was entered: what waits at the address is for this one, if nobody else is here."""
    after_expiry: Callable[[CertificateClaim, datetime], str]
    """What to say of what comes after the certificate's last day; empty if nothing does.  R-09"""


_exporters: dict[str, Exporter] = {}
_followers: dict[str, Follower] = {}


def register_exporter(name: str, function: Exporter) -> None:
    """Let ``function`` fill the part ``name`` of an export."""
    if _exporters.setdefault(name, function) is not function:
        message = f"the export has a part {name!r} already"
        raise ValueError(message)


def register_follower(name: str, follower: Follower) -> None:
    """Let the rows of the app ``name`` follow."""
    if _followers.setdefault(name, follower) is not follower:
        message = f"{name!r} follows already"
        raise ValueError(message)


def exported_parts(mail_address: MailAddress) -> dict[str, Any]:
    """Return what each app holds, by the names of the parts."""
    return {name: export(mail_address) for name, export in _exporters.items()}


def move_to_address(old: MailAddress, new: MailAddress, at: datetime) -> None:
    """Let every app's rows go from one address to the other."""
    for follower in _followers.values():
        follower.to_address(old, new, at)


def move_person_to_address(person: Intermediary, old: MailAddress, new: MailAddress) -> None:
    """Let every app's rows of one person go from one address to the other."""
    for follower in _followers.values():
        follower.person_to_address(person, old, new)


def empty(old: MailAddress, new: MailAddress | None) -> None:
    """Let what is nobody's leave an address at which nobody is any more."""
    for follower in _followers.values():
        follower.empty(old, new)


def pages_of(person: Intermediary) -> list[str]:
    """Return where the pages about every app's rows of one person begin."""
    return [page for follower in _followers.values() for page in follower.pages_of(person)]


def move_to_claim(old: CertificateClaim, new: CertificateClaim) -> None:
    """Let what is not settled go from one certificate of a person to the newer one."""
    for follower in _followers.values():
        follower.to_claim(old, new)


def is_booked(claim: CertificateClaim) -> bool:
    """Return whether the claim was ever booked with."""
    return any(follower.is_booked(claim) for follower in _followers.values())


def let_go(claim: CertificateClaim) -> None:
    """Take off the claim whatever is not settled."""
    for follower in _followers.values():
        follower.let_go(claim)


def adopt(claim: CertificateClaim) -> None:
    """Give what waits at the claim's address to the claim."""
    for follower in _followers.values():
        follower.adopt(claim)


def told_of_expiry(claim: CertificateClaim, at: datetime) -> list[str]:
    """Return what to say of whatever is arranged for after the certificate's last day."""
    told = (follower.after_expiry(claim, at) for follower in _followers.values())
    return [one for one in told if one]
