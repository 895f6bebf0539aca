"""Reservations of invented people, so that the pages of a development site live."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from uketori.bureaus.availability import Availability, availability
from uketori.bureaus.notice import notice_at
from uketori.bureaus.policies import bureau_codes
from uketori.intermediaries.holders.act import PersonDetails, enter_holder
from uketori.intermediaries.models import CertificateClaim, MailAddress
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.booking.act import Order, book
from uketori.reservations.cases.typed import DraftContent, DraftRow
from uketori.rules.eligibility import HolderFacts, kinds_that_book, required_declarations
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Refused


@dataclass(frozen=True)
class Invented:
    """A person who does not exist."""

    name: str
    kana: str
    organisation: str
    kind: IntermediaryKind
    address: str
    number: str


SURNAMES = dict(
    zip(
        "東西南北関林谷森岡堀原星泉滝浜沢沖島丘辻",
        [
            "ヒガシ",
            "ニシ",
            "ミナミ",
            "キタ",
            "セキ",
            "ハヤシ",
            "タニ",
            "モリ",
            "オカ",
            "ホリ",
            "ハラ",
            "ホシ",
            "イズミ",
            "タキ",
            "ハマ",
            "サワ",
            "オキ",
            "シマ",
            "オカ",
            "ツジ",
        ],
        strict=True,
    )
)
GIVEN_NAMES = {"みほん": "ミホン", "さくら": "サクラ", "まもる": "マモル"}


def people(kinds: Iterable[IntermediaryKind]) -> list[Invented]:
    """Return sixty invented people of these kinds, each at each call the same."""
    offered = tuple(kinds)
    return [
        Invented(
            name=f"{surname} {given}",
            kana=f"{SURNAMES[surname]} {GIVEN_NAMES[given]}",
            organisation=f"見本{surname}事務所",
            kind=offered[order % len(offered)],
            address=f"mihon{order:02d}@example.jp",
            number=f"見取第{20000 + order}号",
        )
        for order, (given, surname) in enumerate(product(GIVEN_NAMES, SURNAMES))
    ]


def fill(at: datetime) -> int:
    """Let invented people hold up to two hours each of the displayed days; return how many new.

    The same at each start of the same day; weeks later it fills the days that are shown then.
    """
    return sum(_fill_bureau(code, at) for code in bureau_codes())


def _fill_bureau(code: str, at: datetime) -> int:
    free = availability(code, at)
    moments = [hour.starts_at for hour in free.by_start.values() if hour.room is not None]
    made = 0
    if not moments:
        return made
    for person in people(kinds_that_book(free.facts.policy)):
        claim = claim_of(person, free.facts.policy, at)
        # the same choice at each start: seeded by the person and the first displayed day
        dice = random.Random(f"{person.number} {free.window.first_day}")  # noqa: S311 - a demo
        for starts_at in {_pick(dice, moments), _pick(dice, moments)}:
            made += _book(
                claim,
                person,
                starts_at,
                dice.randint(1, free.facts.policy.max_cases_per_slot),
                free,
                at,
            )
    keep_mails(code, people(kinds_that_book(free.facts.policy)))
    return made


def _pick(dice: random.Random, moments: list[datetime]) -> datetime:
    """Pick an hour; the early ones more often, as people do."""
    return moments[min(dice.randrange(len(moments)), dice.randrange(len(moments)))]


def keep_mails(code: str, invented: Iterable[Invented]) -> None:
    """Let the mails of invented people stay: the mailbox page is for those of the visitor."""
    addresses = [person.address for person in invented]
    OutgoingMail.objects.filter(
        bureau=code, recipient__in=addresses, state=MailState.WAITING
    ).update(state=MailState.DROPPED)


def claim_of(person: Invented, policy: BureauPolicy, at: datetime) -> CertificateClaim:
    """Return the person's claim, made if need be."""
    address, _made = MailAddress.objects.get_or_create(
        bureau=policy.code, address=person.address, defaults={"proved_at": at}
    )
    return enter_holder(
        policy=policy,
        mail_address=address,
        person=PersonDetails(
            name=person.name,
            name_kana=person.kana,
            organisation=person.organisation,
            phone="000-0000-0000",
        ),
        holder=HolderFacts(
            kind=person.kind,
            certificate_kind=policy.certificate_of[person.kind],
            expires_on=at.date() + timedelta(days=700),
            is_education_institution=False,
        ),
        number=person.number,
        actor="system:demo",
        at=at,
    )


def _book(
    claim: CertificateClaim,
    person: Invented,
    starts_at: datetime,
    count: int,
    free: Availability,
    at: datetime,
) -> int:
    order = order_of(claim, person, starts_at, count, free.facts.policy, at)
    try:
        book(order=order, facts=free.facts, actor="system:demo", at=at)
    except Refused:
        return 0
    return 1


def order_of(
    claim: CertificateClaim,
    person: Invented,
    starts_at: datetime,
    count: int,
    policy: BureauPolicy,
    at: datetime,
) -> Order:
    """Return what the person asks for: so many cases with numbers that do not exist."""
    first = crc32(f"{person.number} {starts_at.isoformat()}".encode()) % 80000
    letter = next(iter(policy.number_letters), "E")
    rows = tuple(DraftRow(number=f"見本一{letter}{first + order:05d}") for order in range(count))
    content = DraftContent(
        slot=f"{starts_at:%Y-%m-%dT%H:%M}",
        rows=rows,
        type_for_all="" if policy.number_letters else next(iter(policy.application_types)),
        category_for_all=policy.categories_of[person.kind][0],
    )
    types = {case.type for case in content.cases(policy)}
    return Order(
        mail_address=claim.mail_address,
        claim=claim,
        content=content,
        declared=frozenset(one.code for one in required_declarations(types, policy)),
        notice_version=notice_at(policy.code, at).number,
        key=uuid5(NAMESPACE_URL, f"{policy.code} {person.number} {starts_at.isoformat()}"),
    )
