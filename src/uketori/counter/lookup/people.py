"""Who a caller is: a holder the bureau knows, or one who is entered by telephone.  D03, R-29."""

import re
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import Http404

from uketori.counter.lookup.name_forms import folded_name, name_pattern, stored_forms
from uketori.counter.lookup.search import LONGEST, MOST
from uketori.intermediaries.holders.fields import read_address
from uketori.intermediaries.models import CertificateClaim
from uketori.rules.certificate_number import certificate_key
from uketori.rules.folding import Dashes, fold
from uketori.staff.access import Staff

MOST_COMPARED = 500
"""So many names that hold all signs of what was typed are looked at one by one, newest first."""
MOST_FORMS = 60
"""Signs are asked for in so many forms together, those with the fewest first."""
SEVERAL_FORMS = frozenset("is")
"""What ``casefold`` makes of letters that do not hold them: İ, ß."""
_KANA = re.compile("[ァ-ヺー]")
"""Else it is no フリガナ, and the database is not asked for it there."""


def find_claims(typed: str, staff: Staff) -> list[CertificateClaim]:
    """Return whom a certificate, a mail address or a name means, at most twenty."""
    words = fold(typed[:LONGEST], dashes=Dashes.AS_TYPED).replace("\x00", "").strip()
    if not folded_name(words):
        return []
    rows = open_claims_of(staff)
    exact = list(rows.filter(certificate__number_key=certificate_key(words))[:MOST])
    exact += list(rows.filter(mail_address__address__in=_addresses(words))[:MOST])
    found = {one.pk: one for one in [*exact, *_by_name(rows, words)]}
    return list(found.values())[:MOST]


def _addresses(words: str) -> list[str]:
    """Return the address in each form in which it may be on record."""
    read = read_address(words)
    return [one for one in (read.typed, read.as_typed, read.meant) if one]


def _by_name(rows: QuerySet[CertificateClaim], words: str) -> list[CertificateClaim]:
    """Return those whose name or kana holds the words; the database sifts, few are read."""
    wanted = name_pattern(words)
    if wanted is None:
        return []
    sifted = _holds_every_sign("intermediary__name", words)
    if _KANA.search(folded_name(words)):
        sifted |= _holds_every_sign("intermediary__name_kana", words)
    names = rows.filter(sifted).values_list("pk", "intermediary__name", "intermediary__name_kana")[
        :MOST_COMPARED
    ]
    same = [pk for pk, *known in names if any(wanted.search(folded_name(one)) for one in known)]
    return list(rows.filter(pk__in=same[:MOST]))


def _holds_every_sign(field: str, words: str) -> Q:
    """Ask for the signs that have few forms, each in any of them."""
    signs = [one for one in dict.fromkeys(folded_name(words)) if one not in SEVERAL_FORMS]
    forms = sorted(map(stored_forms, signs), key=len)
    condition, asked = Q(), 0
    for one in forms:
        asked += len(one)
        if condition and asked > MOST_FORMS:
            break
        condition &= reduce(or_, (Q(**{f"{field}__contains": form}) for form in sorted(one)))
    return condition


def claim_at(staff: Staff, claim_id: int) -> CertificateClaim:
    """Return the bureau's open claim; another bureau's is not there."""
    found = open_claims_of(staff).filter(pk=claim_id).first()
    if found is None:
        raise Http404
    return found


def open_claims_of(staff: Staff) -> QuerySet[CertificateClaim]:
    """Return the claims of the bureau that stand, the newest first."""
    rows = CertificateClaim.objects.filter(certificate__bureau=staff.policy.code, ended_at=None)
    return rows.select_related("certificate", "intermediary", "mail_address").order_by("-pk")
