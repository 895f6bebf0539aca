"""Finding a reservation by whatever somebody shows or says at the counter.  R-38.

Each way in is answered by an index: the reference, the key of an application number, the key of a
certificate; names and parts of numbers only from some days before today on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from uketori.counter.lookup.name_forms import folded_name, name_pattern
from uketori.counter.lookup.reader_text import SIGNS, references_meant, signs_of
from uketori.intermediaries.models import Certificate
from uketori.reservations.models import Reservation
from uketori.reservations.references import ALPHABET, HALF
from uketori.rules.certificate_number import certificate_key
from uketori.rules.folding import Dashes, fold
from uketori.rules.number_key import compare_key
from uketori.rules.policy import BureauPolicy, CertificateKind

BACK = timedelta(days=15)
"""How far back from today names, certificates and parts of numbers are looked for; what is booked
is found always."""
MOST = 20
LONGEST = 200
MOST_MISHEARD = HALF
"""Of more signs that no reference has nothing is left to know it by: what was typed is no one."""
SHORTEST_PART = 4
"""So many signs, a digit among them, may be part of a number."""
_SIGNS = re.compile(f"[^{ALPHABET}]")
_DIGIT = re.compile(r"[0-9]")


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
    if found := list(rows.filter(reference__in=references_meant(words))):
        return Found(found, by_reference=len(found) == 1)
    if found := _by_misheard(rows, signs_of(words), day):
        return Found(found)
    if not folded_name(words):
        return Found([])
    exact = [*_by_number(rows, words), *_by_certificate(rows, words, policy, day)]
    if not exact and _may_be_part(words):
        exact = _by_part_of_number(rows, words, day)
    return Found(_nearest_first(exact or _by_name(rows, words, day), day))


def _by_misheard(rows: QuerySet[Reservation], spoken: str, day: date) -> list[Reservation]:
    """Return today's whose reference this is, if each sign that references lack may be any."""
    others = len(_SIGNS.findall(spoken))
    if len(spoken) != SIGNS or not spoken.isascii() or not 0 < others <= MOST_MISHEARD:
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


def _by_part_of_number(rows: QuerySet[Reservation], words: str, day: date) -> list[Reservation]:
    """Return those with a live case, or a certificate, whose number holds what was typed."""
    cases = Q(cases__number_key__contains=compare_key(words), cases__withdrawn_at=None)
    certificate = Q(claim__certificate__number_key__contains=certificate_key(words))
    found = {
        pk: visit_day
        for part in (cases, certificate)
        for visit_day, pk in _recent(rows, day).filter(part).values_list("visit_day", "pk")
    }
    return _nearest(rows, [(visit_day, pk) for pk, visit_day in found.items()], day)


def _may_be_part(words: str) -> bool:
    signs = folded_name(words)
    return len(signs) >= SHORTEST_PART and _DIGIT.search(signs) is not None


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
    wanted = name_pattern(words)
    if wanted is None:
        return []
    names = _recent(rows, day).values_list(
        "visit_day", "pk", "holder_name", "intermediary__name_kana"
    )
    same = [
        (visit_day, pk)
        for visit_day, pk, *names_of in names
        if any(wanted.search(folded_name(one)) for one in names_of)
    ]
    return _nearest(rows, same, day)


def _nearest(
    rows: QuerySet[Reservation], found: Iterable[tuple[date, int]], day: date
) -> list[Reservation]:
    """Return the nearest of these days and keys, as many as are listed."""
    nearest = sorted((_distance(visit_day, day), pk) for visit_day, pk in found)[:MOST]
    return list(rows.filter(pk__in=[pk for _, pk in nearest])) if nearest else []


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
