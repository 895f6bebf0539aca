"""How fast the counter finds a reservation among a million past ones, and a caller.  R-38, R-29.

Run by itself (`make bench-growth`): loading takes a minute or two.  Rows are written past the ORM;
what is measured goes through it, as a page does.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django

from bench.targets import report

PAST = 1_000_000
PEOPLE = 168
"""And as many reservations a day: four times what a bureau offers."""
CASES = 3
CALLERS = 20_000
"""People with an open claim: more than Osaka has intermediaries."""
TRIES = 40
FIRST_NUMBER = 10_000_000
NOBODY = "nobody"
"""The one key that is to find nothing."""


def load(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows the shortest way there is."""
    from django.db import connection, transaction

    names = ", ".join(f'"{name}"' for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["?"] * len(columns))
            raw = connection.connection.cursor()
            raw.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)  # noqa: S608 - our own names


def pattern_of(table: str, pk: int) -> dict[str, Any]:
    """Return one row as the database itself holds it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE id = %s', [pk])  # noqa: S608 - our own names
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def past_reservations(pattern: dict[str, Any], people: list[int]) -> Iterator[list[Any]]:
    """Yield a million rows like the pattern, one day after the other back into the past."""
    from django.db import connection
    from django.db.models import DateTimeField

    field = DateTimeField()
    began = _as_moment(pattern["starts_at"])
    for number in range(PAST):
        day, place = divmod(number, PEOPLE)
        starts_at = began - timedelta(days=day + 1, minutes=5 * (place % 12))
        changed = {
            "id": FIRST_NUMBER + number,
            "reference": past_reference(number),
            "starts_at": field.get_db_prep_value(starts_at, connection),
            "visit_day": connection.ops.adapt_datefield_value(starts_at.date()),
            "intermediary_id": people[place],
            "idempotency_key": _uuid(number),
        }
        yield [*(pattern | changed).values()]


def past_cases(pattern: dict[str, Any]) -> Iterator[list[Any]]:
    """Yield the cases of all of them, each with a number of its own."""
    for number in range(PAST):
        for order in range(1, CASES + 1):
            key = f"阪労一E{number:07d}{order}"
            changed = {
                "id": FIRST_NUMBER + number * CASES + order,
                "reservation_id": FIRST_NUMBER + number,
                "order": order,
                "number": key,
                "number_key": key,
            }
            yield [*(pattern | changed).values()]


def load_callers(claim_id: int) -> None:
    """Write as many more people, each with an address, a certificate and an open claim."""
    claim = pattern_of("intermediaries_certificateclaim", claim_id)
    person = pattern_of("intermediaries_intermediary", claim["intermediary_id"])
    address = pattern_of("intermediaries_mailaddress", claim["mail_address_id"])
    certificate = pattern_of("intermediaries_certificate", claim["certificate_id"])
    keys = [FIRST_NUMBER + number for number in range(CALLERS)]
    for table, pattern, changed in (
        ("intermediary", person, lambda pk: {"name": f"知念 {pk}", "name_kana": f"チネン {pk}"}),
        ("mailaddress", address, lambda pk: {"address": f"caller{pk}@example.jp"}),
        ("certificate", certificate, lambda pk: {"number_key": f"大取{pk}"}),
        (
            "certificateclaim",
            claim,
            lambda pk: {"intermediary_id": pk, "mail_address_id": pk, "certificate_id": pk},
        ),
    ):
        rows = [[*(pattern | {"id": pk} | changed(pk)).values()] for pk in keys]
        load(f"intermediaries_{table}", list(pattern), rows)


def _as_moment(raw: datetime) -> datetime:
    """Return the moment with its zone: SQLite keeps UTC without saying so."""
    return raw if raw.tzinfo else raw.replace(tzinfo=UTC)


def past_reference(number: int) -> str:
    """Return the reference of the row of this number, in the signs that references have."""
    signs = f"{number:08d}".translate(str.maketrans("0123456789", "ABCDEFGHJK"))
    return f"{signs[:4]}-{signs[4:]}"


def _uuid(number: int) -> object:
    from django.db import connection

    made = UUID(int=number)
    return made if connection.vendor == "postgresql" else made.hex


def seed() -> None:
    """Make the people, today's reservations, and the million."""
    from django.db import connection

    from tests import factories, situations
    from uketori import clock
    from uketori.bureaus.availability import availability
    from uketori.intermediaries.models import Intermediary
    from uketori.reservations.models import Reservation, ReservedCase

    situations.aoki()
    claims = [
        factories.claim(f"n{place}@example.jp", number=f"大取第{20000 + place}号")
        for place in range(PEOPLE)
    ]
    people = [claim.intermediary_id for claim in claims]
    Intermediary.objects.filter(pk=people[0]).update(name="Nguyễn Thị Hoa")
    load_callers(claims[0].pk)
    starts_at = min(availability("osaka", clock.now()).by_start)
    for claim in claims[:6]:
        factories.reservation(claim, starts_at, 10)
    first = Reservation.objects.earliest("pk")
    pattern = pattern_of("reservations_reservation", first.pk)
    load("reservations_reservation", list(pattern), past_reservations(pattern, people))
    case = pattern_of("reservations_reservedcase", first.cases.get(order=1).pk)
    load("reservations_reservedcase", list(case), past_cases(case))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert Reservation.objects.count() > PAST  # noqa: S101 - else nothing is measured
    assert ReservedCase.objects.count() > PAST * CASES  # noqa: S101 - the same


def milliseconds(act: Callable[[], object]) -> dict[str, float]:
    """Return how long it takes, from forty times."""
    taken = []
    for _ in range(TRIES):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    ordered = sorted(taken)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "worst_ms": round(ordered[-1], 1),
    }


def measure() -> Iterator[dict[str, Any]]:
    """Find by each key, and yield a line for each."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    seed()
    loaded = {"loaded_in_seconds": round(time.monotonic() - began)}
    for line in (*measure_search(), *measure_callers()):
        yield {**line, **loaded}


def measure_search() -> Iterator[dict[str, Any]]:
    """Find reservations by each key."""
    from django.db import connection

    from uketori import clock
    from uketori.bureaus.policies import policy_in_force
    from uketori.counter.lookup.search import find
    from uketori.reservations.models import Reservation

    now = clock.now()
    policy = policy_in_force("osaka", now)
    coming = Reservation.objects.latest("starts_at")
    keys = {
        "reference_of_today": coming.reference,
        "reference_of_the_past": past_reference(501_234),
        "number_of_today": coming.cases.earliest("pk").number,
        "number_of_the_past": f"阪労一E{400_000:07d}2",
        "certificate": "大取第20003号",
        "part_of_a_number": coming.cases.earliest("pk").number[-5:],
        "name": coming.holder_name,
        "name_in_other_kanji": coming.holder_name.replace("青", "靑"),
        "kana": coming.intermediary.name_kana,
        NOBODY: "そんな人はいない",
    }
    tries = {name: (typed, now) for name, typed in keys.items()}
    full = Reservation.objects.get(reference=past_reference(12))
    noon = datetime.combine(full.visit_day, datetime.min.time(), policy.tz) + timedelta(hours=12)
    tries["misheard_reference_on_a_full_day"] = (f"O{full.reference[1:]}", noon)
    for name, (typed, at) in tries.items():
        found = find(typed, policy, at)
        yield {
            "benchmark": "search",
            "database": connection.vendor,
            "past": PAST,
            "key": name,
            "found": len(found.reservations),
            "is_somebody": name != NOBODY,
            **milliseconds(lambda words=typed, moment=at: find(words, policy, moment)),
        }


def measure_callers() -> Iterator[dict[str, Any]]:
    """Find people with an open claim by each key."""
    from django.db import connection

    from tests import situations
    from uketori import clock
    from uketori.bureaus.policies import policy_in_force
    from uketori.counter.lookup.people import find_claims, open_claims_of
    from uketori.rules.permissions import Role
    from uketori.staff.access import Staff

    now = clock.now()
    staff = Staff(situations.staff(Role.CLERK), Role.CLERK, policy_in_force("osaka", now), now)
    oldest = open_claims_of(staff).earliest("pk")
    keys = {
        "certificate": "大取第20003号",
        "address": "n3@example.jp",
        "name_of_the_oldest": oldest.intermediary.name,
        "kana_of_the_oldest": oldest.intermediary.name_kana,
        "name_with_accents": "NGUYEN",
        "name_of_all": "知念",
        NOBODY: "そんな人はいない",
    }
    for name, typed in keys.items():
        yield {
            "benchmark": "callers",
            "database": connection.vendor,
            "people": CALLERS,
            "key": name,
            "found": len(find_claims(typed, staff)),
            "is_somebody": name != NOBODY,
            **milliseconds(lambda words=typed: find_claims(words, staff)),
        }


if __name__ == "__main__":
    django.setup()
    sys.exit(report(measure()))
