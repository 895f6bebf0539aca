"""Finding a reservation by whatever somebody shows or says at the counter.  R-38.

Each way in is answered by an index: the reference, the key of an application number, the key of a
certificate, and names only from some days before today on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from uketori.counter.board import name_key
from uketori.intermediaries.models import Certificate
from uketori.reservations.models import Reservation
from uketori.reservations.references import ALPHABET, HALF
from uketori.rules.certificate_number import certificate_key
from uketori.rules.folding import Dashes, fold
from uketori.rules.number_key import compare_key
from uketori.rules.policy import BureauPolicy, CertificateKind

BACK = timedelta(days=15)
"""How far back from today names and certificates are looked for; what is booked is found always."""
MOST = 20
LONGEST = 200
MOST_MISHEARD = HALF
"""Of more signs that no reference has nothing is left to know it by: what was typed is no one."""
_SIGNS = re.compile(f"[^{ALPHABET}]")
_NO_SIGN = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True)
class Found:
    """What was found: today's first, then the nearest days."""

    reservations: list[Reservation]
    by_reference: bool = False
    """Whether a whole reference was shown or said."""

    def today(self, day: date) -> list[Reservation]:
        """Return those of today."""
        return [one for one in self.reservations if one.visit_day == day]


def find(typed: str, policy: BureauPolicy, at: datetime) -> Found:
    """Return the reservations of the bureau that are meant, at most twenty."""
    day = at.astimezone(policy.tz).date()
    plain = fold(typed[:LONGEST], dashes=Dashes.AS_TYPED)
    words = "".join(filter(str.isprintable, plain)).strip()
    rows = Reservation.objects.filter(bureau=policy.code).select_related("intermediary")
    spoken = _NO_SIGN.sub("", words.upper())
    if len(spoken) == 2 * HALF and (found := _by_reference(rows, spoken, day)):
        return Found(found, by_reference=not _SIGNS.search(spoken))
    if not name_key(words):
        return Found([])
    ways = (
        _by_number(rows, words),
        _by_certificate(rows, words, policy, day),
        _by_name(rows, words, day),
    )
    return Found(_nearest_first((one for way in ways for one in way), day))


def _by_reference(rows: QuerySet[Reservation], spoken: str, day: date) -> list[Reservation]:
    """Return the one of this reference; a sign that references never have may be any, today."""
    if not _SIGNS.search(spoken):
        return list(rows.filter(reference=f"{spoken[:HALF]}-{spoken[HALF:]}"))
    if len(_SIGNS.findall(spoken)) > MOST_MISHEARD:
        return []
    misheard = re.compile(_SIGNS.sub(".", spoken))
    return [
        one
        for one in rows.filter(visit_day=day)
        if misheard.fullmatch(one.reference.replace("-", ""))
    ]


def _by_number(rows: QuerySet[Reservation], words: str) -> list[Reservation]:
    return list(
        rows.filter(cases__number_key=compare_key(words), cases__withdrawn_at=None)
        .order_by("-visit_day", "-pk")
        .distinct()[:MOST]
    )


def _by_certificate(
    rows: QuerySet[Reservation], words: str, policy: BureauPolicy, day: date
) -> list[Reservation]:
    """Return what the people of this certificate hold; a renewed one is the same person."""
    people = Certificate.objects.filter(
        bureau=policy.code, kind__in=list(CertificateKind), number_key=certificate_key(words)
    ).values_list("claims__intermediary", flat=True)
    known = [one for one in people if one is not None]
    if not known:
        return []
    return list(_recent(rows, day).filter(intermediary__in=known))


def _by_name(rows: QuerySet[Reservation], words: str, day: date) -> list[Reservation]:
    """Return those whose name or kana holds what was typed."""
    wanted = name_key(words)
    names = _recent(rows, day).values_list(
        "visit_day", "pk", "holder_name", "intermediary__name_kana"
    )
    same = [
        (_distance(visit_day, day), pk)
        for visit_day, pk, *names_of in names
        if any(wanted in name_key(one) for one in names_of)
    ]
    return list(rows.filter(pk__in=[pk for _, pk in sorted(same)[:MOST]])) if same else []


def _recent(rows: QuerySet[Reservation], day: date) -> QuerySet[Reservation]:
    return rows.filter(visit_day__gte=day - BACK)


def _distance(visit_day: date, day: date) -> tuple[bool, timedelta]:
    """Return what sorts coming days before past ones, and near before far."""
    return visit_day < day, abs(visit_day - day)


def _nearest_first(found: Iterable[Reservation], day: date) -> list[Reservation]:
    """Return each once: today's by the hour, then coming days, then past ones."""
    once = {one.pk: one for one in found}.values()
    return sorted(
        once,
        key=lambda one: (
            _distance(one.visit_day, day),
            one.cancelled_at is not None,
            one.starts_at,
        ),
    )[:MOST]
