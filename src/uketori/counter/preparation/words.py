"""The preparation list in words: by hour, by number, and the sheet for the desk."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.counter.preparation.day import Day, cases_of
from uketori.counter.visit.certificate_brought import is_of_the_booking
from uketori.counter.visit.same_numbers import issued_words
from uketori.counter.visit.state import seen
from uketori.counter.words import MARK_WORDS
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.same_number import Twin
from uketori.reservations.cases.words import case_facts, case_words
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import BureauPolicy, CertificateKind, ReceiptCategory
from uketori.rules.shelf_order import prefix_of, shelf_key
from uketori.rules.visit import AheadMark


@dataclass(frozen=True)
class CardRow:
    """One card to fetch."""

    pk: int
    number: str
    number_key: str
    type: str
    letter: str
    papers: str
    """What is received for it at the counter, by its category; empty for ア."""
    mark: str
    twins: list[str]
    """Where else the number stands, e.g. 6月12日（金）10時 W3CJ-7HPA.  D11."""
    issued: list[tuple[str, str]]
    """When it was issued, and in which reservation: 6月11日に交付済み, W3CJ-7HPA.  D11."""


@dataclass(frozen=True)
class VisitorRows:
    """One reservation with its cards, in the order of the shelf."""

    reference: str
    starts_at: datetime
    hour: str
    name: str
    kana: str
    organisation: str
    certificate: str
    expires_on: str
    state: str
    """What was recorded of the visit already; empty while the person is expected."""
    cards: list[CardRow]


@dataclass(frozen=True)
class HourRows:
    """One hour with its visitors, in the order of the reading of their names."""

    anchor: str
    hour: str
    visitors: list[VisitorRows]

    @property
    def card_count(self) -> int:
        """How many cards the hour needs."""
        return sum(len(one.cards) for one in self.visitors)


@dataclass(frozen=True)
class Stretch:
    """Cards of one prefix: they stand side by side on the shelf."""

    cards: list[tuple[CardRow, VisitorRows]]


def hours_of(day: Day) -> list[HourRows]:
    """Return the list by hour; an hour without reservations is left out."""
    rows = [_visitor(one, day) for one in day.reservations]
    tz = day.facts.policy.tz
    return [
        HourRows(f"h{starts_at.astimezone(tz):%H%M}", together[0].hour, together)
        for starts_at, group in groupby(rows, key=lambda one: one.starts_at)
        if (together := list(group))
    ]


def shelf_of(hours: Iterable[HourRows]) -> list[Stretch]:
    """Return the same cards in the order of the shelf, stretch by stretch."""
    cards = [(card, one) for hour in hours for one in hour.visitors for card in one.cards]
    cards.sort(key=lambda pair: (shelf_key(pair[0].number_key), pair[1].starts_at))
    by_prefix = groupby(cards, key=lambda pair: prefix_of(pair[0].number_key))
    return [Stretch(list(group)) for _prefix, group in by_prefix]


def gone_of(hours: Iterable[HourRows]) -> list[tuple[VisitorRows, CardRow]]:
    """Return the cards that were issued in another reservation: there is nothing to fetch.  D11"""
    cards = [(one, card) for hour in hours for one in hour.visitors for card in one.cards]
    return [(one, card) for one, card in cards if card.issued]


def papers_legend(policy: BureauPolicy) -> str:
    """Say which category brings which paper, from the policy.  利用案内 1 イ–エ."""
    letters = defaultdict(list)
    for category, letter in policy.categories.items():
        if papers := papers_of(category, policy):
            letters[papers].append(letter)
    told = [
        _("{letters}は{papers}").format(letters="・".join(which), papers=papers)
        for papers, which in letters.items()
    ]
    return _("区分{papers}を受け取ります。").format(papers="、".join(told)) if told else ""


def papers_of(category: str, policy: BureauPolicy) -> str:
    """Return the papers that a case of this category is issued for."""
    if category not in set(ReceiptCategory):
        return ""
    documents = policy.documents_of_category.get(ReceiptCategory(category), ())
    return "・".join(policy.documents[one] for one in documents)


def certificate_words(reservation: Reservation, claim: CertificateClaim) -> str:
    """Return kind and number of the certificate, and of the booking's if it was renewed since."""
    kind = reservation.made_under.certificate_kinds[CertificateKind(claim.certificate.kind)]
    words = f"{kind}　{claim.number}"
    if is_of_the_booking(claim, reservation):
        return words
    return _("{words}（予約のときは{number}）").format(
        words=words, number=reservation.certificate_number
    )


def _visitor(one: Reservation, day: Day) -> VisitorRows:
    policy = one.made_under
    return VisitorRows(
        reference=one.reference,
        starts_at=one.starts_at,
        hour=japanese.hour_words(one.starts_at, policy.slot_minutes, policy.tz),
        name=one.holder_name,
        kana=one.intermediary.name_kana,
        organisation=one.intermediary.organisation or kind_words(one, policy),
        certificate=certificate_words(one, day.certificates[one.pk]),
        expires_on=_date(day.certificates[one.pk].expires_on),
        state=_state(one, day.read_at),
        cards=[_card(case, day, policy) for case in cases_of(one)],
    )


def _state(reservation: Reservation, at: datetime) -> str:
    found = seen(reservation, at)
    return "" if found.since is None else str(found.word)


def kind_words(reservation: Reservation, policy: BureauPolicy) -> str:
    """Return what kind of intermediary comes."""
    names = {one.value: name for one, name in policy.intermediary_kinds.items()}
    return names.get(reservation.intermediary.kind, "")


def _card(case: ReservedCase, day: Day, policy: BureauPolicy) -> CardRow:
    words = case_words(case_facts(case), policy)
    return CardRow(
        pk=case.pk,
        number=case.number,
        number_key=case.number_key,
        type=words.type,
        letter=words.letter,
        papers=papers_of(case.category, policy),
        mark=str(MARK_WORDS[AheadMark(case.ahead_mark)]) if case.ahead_mark else "",
        twins=[_twin(one, policy.tz) for one in day.twins.get(case.pk, [])],
        issued=[
            (issued_words(one, policy.tz), one.reference) for one in day.issued.get(case.pk, [])
        ],
    )


def _twin(twin: Twin, tz: tzinfo) -> str:
    return f"{japanese.moment_words(twin.starts_at, tz)} {twin.reference}"


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
