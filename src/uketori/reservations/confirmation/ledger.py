"""The ledger of a reservation in words: who changed what from what to what, when.  R-33."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from uketori import japanese
from uketori.intermediaries.masking import masked
from uketori.intermediaries.models import BY_MAIL, MailProof
from uketori.reservations.cases.words import case_words
from uketori.reservations.hour_models import HourChange
from uketori.reservations.models import CaseChange, CaseChangeKind, Reservation
from uketori.reservations.visits.taken_out_words import taken_out_words
from uketori.rules.eligibility import CaseFacts
from uketori.rules.policy import BureauPolicy

Change = CaseChange | HourChange


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
    """Return what was changed of the reservation, oldest first; all, or what made a revision.

    Every change makes a revision of its own, so the revisions are the order.
    """
    of_revision = {} if revision is None else {"revision": revision}
    hours = reservation.hour_changes.filter(**of_revision)
    cases = reservation.changes.filter(**of_revision).order_by("changed_at", "pk")
    policy, others = reservation.made_under, _other_addresses(reservation, [*hours, *cases])
    entries = [(one.revision, _of_hour(one, policy, others)) for one in hours]
    entries += [(one.revision, _of_case(one, policy, others)) for one in cases]
    return [entry for _revision, entry in sorted(entries, key=itemgetter(0))]


def _of_hour(entry: HourChange, policy: BureauPolicy, others: Mapping[str, str]) -> LedgerEntry:
    return LedgerEntry(
        moment=japanese.moment_words(entry.moved_at, policy.tz),
        who=_who(entry, others),
        kind=pgettext("ledger", "時間を変えた"),
        before=japanese.slot_words(entry.old_starts_at, policy.slot_minutes, policy.tz),
        after=japanese.slot_words(entry.new_starts_at, policy.slot_minutes, policy.tz),
    )


def _of_case(entry: CaseChange, policy: BureauPolicy, others: Mapping[str, str]) -> LedgerEntry:
    kinds = {
        CaseChangeKind.CORRECTED: pgettext("ledger", "なおした"),
        CaseChangeKind.WITHDRAWN: pgettext("ledger", "取り消した"),
        CaseChangeKind.PUT_BACK: pgettext("ledger", "戻した"),
        CaseChangeKind.TAKEN_OUT: pgettext("ledger", "窓口で除いた"),
    }
    return LedgerEntry(
        moment=japanese.moment_words(entry.changed_at, policy.tz),
        who=_who(entry, others),
        kind=kinds[CaseChangeKind(entry.kind)],
        before=_values(entry.before, policy),
        after=_values(entry.after, policy),
        why=taken_out_words(entry.because),
    )


def _who(entry: Change, others: Mapping[str, str]) -> str:
    if address := others.get(entry.actor):
        return _("ご本人（{address}から）").format(address=masked(address))
    return _("ご本人") if entry.actor.startswith(BY_MAIL) else _("窓口")


def _other_addresses(reservation: Reservation, changes: Iterable[Change]) -> Mapping[str, str]:
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
