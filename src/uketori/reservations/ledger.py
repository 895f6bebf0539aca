"""The ledger of a reservation in words: who changed what from what to what, when.  R-33."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from uketori import japanese
from uketori.intermediaries.claim_mails import masked
from uketori.intermediaries.models import MailProof
from uketori.reservations.confirmation import case_words, policy_of
from uketori.reservations.models import CaseChange, CaseChangeKind, Reservation
from uketori.reservations.taken_out_words import taken_out_words
from uketori.rules.eligibility import CaseFacts
from uketori.rules.policy import BureauPolicy

BY_MAIL = "mail:"
"""How the actor of whoever acted in a session begins; the proof's key follows."""


@dataclass(frozen=True)
class LedgerEntry:
    """One line of the ledger."""

    moment: str
    who: str
    kind: str
    before: str
    after: str
    why: str = ""
    """Why the bureau took it out; empty for every other change."""


def ledger_of(reservation: Reservation, *, revision: int | None = None) -> list[LedgerEntry]:
    """Return the changes of the reservation's cases, oldest first; all, or those of a revision."""
    policy = policy_of(reservation)
    kinds = {
        CaseChangeKind.CORRECTED: pgettext("ledger", "なおした"),
        CaseChangeKind.WITHDRAWN: pgettext("ledger", "取り消した"),
        CaseChangeKind.PUT_BACK: pgettext("ledger", "戻した"),
        CaseChangeKind.TAKEN_OUT: pgettext("ledger", "窓口で除いた"),
    }
    changes = reservation.changes.order_by("changed_at", "pk")
    if revision is not None:
        changes = changes.filter(revision=revision)
    others = _other_addresses(reservation, changes)
    return [
        LedgerEntry(
            moment=japanese.moment_words(entry.changed_at, policy.tz),
            who=_who(entry, others),
            kind=kinds[CaseChangeKind(entry.kind)],
            before=_values(entry.before, policy),
            after=_values(entry.after, policy),
            why=taken_out_words(entry.because),
        )
        for entry in changes
    ]


def _who(entry: CaseChange, others: Mapping[str, str]) -> str:
    if address := others.get(entry.actor):
        return _("ご本人（{address}から）").format(address=masked(address))
    return _("ご本人") if entry.actor.startswith(BY_MAIL) else _("窓口")


def _other_addresses(reservation: Reservation, changes: Iterable[CaseChange]) -> Mapping[str, str]:
    """Return, by actor, the addresses beside the reservation's own that changed it.

    A person may stand at two addresses: each has to see what was done at the other.
    """
    proofs = {one.actor.removeprefix(BY_MAIL) for one in changes if one.actor.startswith(BY_MAIL)}
    found = MailProof.objects.filter(pk__in=proofs).exclude(mail_address=None)
    elsewhere = found.exclude(mail_address=reservation.mail_address_id)
    return {
        f"{BY_MAIL}{pk}": address
        for pk, address in elsewhere.values_list("pk", "mail_address__address")
    }


def _values(values: dict[str, object] | None, policy: BureauPolicy) -> str:
    if values is None:
        return ""
    facts = CaseFacts(
        number=str(values["number"]),
        type=str(values["type"]),
        category=str(values["category"]),
        with_reentry_permit=bool(values["with_reentry_permit"]),
    )
    words = case_words(facts, policy)
    return f"{words.number}　{words.type}　{words.letter}"
