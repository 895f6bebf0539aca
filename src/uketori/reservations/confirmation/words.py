"""A reservation in words: confirmation page, mail and calendar entry.  R-03, R-13, R-36."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from uketori import japanese
from uketori.mail_wrapping import columns_of
from uketori.reservations.cases.words import CaseWords, case_facts, case_words
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.visits.ahead_words import Marks, mark_words, marks_of
from uketori.rules.eligibility import CaseFacts, form_names, required_documents
from uketori.rules.policy import BureauPolicy, CertificateKind

WIDEST_NAME, WIDEST_NUMBER, WIDEST_PLACE = 48, 26, 48
"""Columns, a full-width character taking two, that find room on a sheet as it is set."""


@dataclass(frozen=True)
class Paper:
    """One paper to bring."""

    name: str
    note: str


@dataclass(frozen=True)
class Confirmation:
    """Everything that stands on the 予約確認画面, on paper and in the mail."""

    reference: str
    year: str
    day: str
    hour: str
    ends: str
    holder: str
    certificate: str
    count: int
    cases: list[CaseWords]
    marks: Marks
    papers: list[Paper]
    forms: str
    """The names of those papers that are forms of the agency.  R-14"""
    deadline: str
    short_deadline: str
    """Without the year, for a subject."""
    as_of: str
    """Which state this is: page and mail of one revision say the same."""
    policy: BureauPolicy

    @property
    def has_long_name(self) -> bool:
        """Whether the name wants a line of its own."""
        return columns_of(self.holder) > WIDEST_NAME

    @property
    def has_long_numbers(self) -> bool:
        """Whether a number wants a line of its own."""
        return any(columns_of(case.number) > WIDEST_NUMBER for case in self.cases)

    @property
    def is_long(self) -> bool:
        """Whether the sheet must be set smaller to stay one.  利用案内 5."""
        places = (self.policy.bureau_name, self.policy.counter, self.policy.ordinary_counter)
        has_long_place = any(columns_of(one) > WIDEST_PLACE for one in places)
        return self.has_long_name or self.has_long_numbers or has_long_place


def confirmation(reservation: Reservation, cases: Sequence[ReservedCase]) -> Confirmation:
    """Put the committed rows into words, by the policy the reservation was made under."""
    policy = reservation.made_under
    starts_at = reservation.starts_at
    facts = [case_facts(case) for case in cases]
    kind = CertificateKind(reservation.claim.certificate.kind)
    span = japanese.hour_words(starts_at, policy.slot_minutes, policy.tz)
    return Confirmation(
        reference=reservation.reference,
        year=_("{year}年").format(year=reservation.visit_day.year),
        day=japanese.day_words(reservation.visit_day),
        hour=span,
        ends=span.split("～")[1],
        holder=reservation.holder_name,
        certificate=f"{policy.certificate_kinds[kind]}　{reservation.certificate_number}",
        count=len(facts),
        cases=[
            replace(case_words(case_facts(case), policy), mark=mark_words(case)) for case in cases
        ],
        marks=marks_of(cases),
        papers=papers(kind, facts, policy),
        forms="・".join(form_names(required_documents(kind, facts, policy))),
        deadline=japanese.last_minute_words(reservation.change_closes_at, policy.tz, year=True),
        short_deadline=japanese.last_minute_words(reservation.change_closes_at, policy.tz),
        as_of=as_of_words(reservation),
        policy=policy,
    )


def as_of_words(reservation: Reservation) -> str:
    """Say when the reservation became what it is, so that two mails can be told apart."""
    moment = japanese.moment_words(
        reservation.revised_at or reservation.booked_at, reservation.made_under.tz
    )
    if reservation.cancelled_at is not None:
        return _("{moment}に取り消しました").format(moment=moment)
    changes = reservation.revision - 1
    if not changes:
        return _("{moment}に予約した内容です（変更なし）").format(moment=moment)
    return _("{moment}に変更した内容です（{changes}回目の変更）").format(
        moment=moment, changes=changes
    )


def papers(kind: CertificateKind, cases: Sequence[CaseFacts], policy: BureauPolicy) -> list[Paper]:
    """Return what to bring, the certificate first.  R-13."""
    found = [
        Paper(one.name, _paper_note(one.note, one.cases))
        for one in required_documents(kind, cases, policy)
    ]
    return [*found, Paper(_("この画面、または予約のメール"), _("印刷でも構いません。"))]


def _paper_note(note: str, orders: tuple[int, ...] | None) -> str:
    if orders is None:
        return note
    which = _("案件{orders}").format(orders="・".join(str(order) for order in orders))
    return _("{which}。{note}").format(which=which, note=note) if note else which


def reference_code(reference: str) -> SafeString:
    """Return the two-dimensional code as SVG; it holds the reference and nothing else."""
    code = segno.make(reference, micro=False, error="m")
    svg = code.svg_inline(
        svgclass="ticket__code", lineclass=None, omitsize=True, border=2, title=reference
    )
    return mark_safe(svg)  # noqa: S308 - drawn by the library from our own reference
