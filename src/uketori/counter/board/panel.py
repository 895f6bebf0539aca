"""An opened reservation as the page shows it: everything the counter needs of one person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from uketori import japanese, refusal_texts
from uketori.counter.board.outcome_form import Typed
from uketori.counter.board.outcome_table import CaseLine, case_lines
from uketori.counter.board.panel_certificates import CertificateFacts, certificate_facts
from uketori.counter.visit.arrivals import inferred_from
from uketori.counter.visit.facts import THAT_END, with_record
from uketori.counter.visit.history_words import HistoryLine, history_of
from uketori.counter.visit.same_numbers import remarks_on_numbers
from uketori.counter.visit.stale_page import last_entry_of
from uketori.counter.visit.standing_remarks import remarks_on
from uketori.counter.visit.state import (
    ARRIVE_ON_PAPER,
    TAKES_BACK,
    Button,
    Seen,
    all_buttons,
    may_record_outcome,
    seen,
)
from uketori.counter.words import reason_choices
from uketori.reservations.cases.words import case_facts
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.eligibility import required_documents
from uketori.rules.permissions import Act
from uketori.rules.policy import BureauPolicy, CertificateKind, Document
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.showing_certificate import remind_of_certificate
from uketori.rules.visit import (
    Ending,
    Visit,
    VisitState,
    is_early,
    is_late,
    refuse_arrival,
    refuse_correction,
)
from uketori.staff.access import Staff

FORMS = frozenset({Document.RECEIPT_FORM, Document.REQUEST_FORM})
"""Papers that only some of the cases need, and without which nothing is issued."""


@dataclass(frozen=True)
class PanelRemark:
    """Something to know before anything is pressed."""

    kind: str
    text: str
    code: str = ""


@dataclass(frozen=True)
class Opened:
    """Everything of the panel."""

    reservation: Reservation
    policy: BureauPolicy
    seen: Seen
    remarks: list[PanelRemark]
    certificates: list[CertificateFacts]
    """The one to be shown, and after it the one that was booked with, where that is another."""
    papers: str
    cases: list[CaseLine]
    reasons: list[tuple[str, str]]
    buttons: list[Button]
    may_record: bool
    is_marked: bool
    """Whether cases were marked ahead, so that the form begins with them as not issued."""
    may_move_address: bool
    is_correction: bool
    unseen: bool
    """Whether cards are about to be issued to whoever's certificate nobody has seen."""
    was_told: bool
    """Whether the page says so, and another press goes on."""
    closes_tonight: bool
    """Whether everybody at the counter may still correct: afterwards no evening is named."""
    clock: str
    is_of_today: bool
    last_entry: int
    history: list[HistoryLine]

    @property
    def certificate(self) -> CertificateFacts:
        """The one to be shown."""
        return self.certificates[0]

    @property
    def takes_clock(self) -> bool:
        """Whether anything here is recorded with a time from paper: what is taken back has none."""
        records = any(one.url_name not in TAKES_BACK for one in self.buttons)
        return records or self.may_record or self.certificate.may_see


def opened(
    reservation: Reservation,
    staff: Staff,
    *,
    typed: Typed | None = None,
    problems: Sequence[Reason] = (),
) -> Opened:
    """Gather the panel; ``typed`` is what came back with a form that was refused."""
    policy, at = reservation.made_under, staff.at
    one = seen(reservation, at)
    one = replace(one, visit=with_record(one.visit, reservation, THAT_END, at))
    cases = live_cases(reservation)
    of_past_days = staff.may(Act.CORRECT_PAST_OUTCOME)
    is_served = one.state is VisitState.SERVED
    certificates = certificate_facts(reservation, one, staff)
    unseen = bool(
        remind_of_certificate(one.visit, is_proved=certificates[0].is_proved, was_told=False)
    )
    told_of = str(certificates[0].claim_id)
    begun = Typed.of_record(cases) if is_served else Typed.of_marks(cases)
    form = typed if typed and typed.of_cases else begun
    return Opened(
        reservation=reservation,
        policy=policy,
        seen=one,
        remarks=_remarks(reservation, cases, one, at),
        certificates=certificates,
        papers=_papers(reservation, cases, policy),
        cases=case_lines(cases, form, problems, policy),
        reasons=reason_choices(),
        buttons=_buttons(reservation, one, at, of_past_days=of_past_days),
        may_record=may_record_outcome(one.visit, at, of_past_days=of_past_days),
        is_marked=not is_served and any(case.ahead_mark for case in cases),
        may_move_address=reservation.claim.ended_at is None and staff.may(Act.MOVE_ADDRESS),
        is_correction=is_served,
        unseen=unseen,
        was_told=unseen and (is_told(problems) or bool(typed and typed.unseen == told_of)),
        closes_tonight=is_served and not refuse_correction(one.visit, at, of_past_days=False),
        clock=typed.clock if typed else "",
        is_of_today=reservation.visit_day == at.astimezone(policy.tz).date(),
        last_entry=last_entry_of(reservation),
        history=history_of(reservation, policy),
    )


def is_told(problems: Sequence[Reason]) -> bool:
    """Tell whether the page says that nobody has seen the certificate."""
    return any(one.code is Refusal.CERTIFICATE_UNSEEN for one in problems)


def live_cases(reservation: Reservation) -> list[ReservedCase]:
    """Return the cases that were not taken out, in order."""
    return list(reservation.cases.filter(withdrawn_at=None).order_by("order"))


def _buttons(
    reservation: Reservation, one: Seen, at: datetime, *, of_past_days: bool
) -> list[Button]:
    """Return what may be recorded; of who was late or absent also the arrival that paper tells.

    (Of who was served the outcome's own form takes it.)
    """
    buttons = all_buttons(one, at, of_past_days=of_past_days)
    is_marked = one.visit.ending in {Ending.LATE, Ending.ABSENT}
    if buttons and is_marked and inferred_from(reservation) is not None:
        return [ARRIVE_ON_PAPER, *buttons]
    return buttons


def _remarks(
    reservation: Reservation, cases: Sequence[ReservedCase], one: Seen, at: datetime
) -> list[PanelRemark]:
    """Say what stands against checking in, whoever opened it and however."""
    policy, visit = reservation.made_under, one.visit
    known = [*remarks_on(reservation, at), *remarks_on_numbers(reservation, cases, visit.ending)]
    found = [PanelRemark("caution", text) for text in known]
    if visit.ending is None and at >= visit.day_ends_at:
        return [*found, PanelRemark("caution", _("過ぎた日の予約で、結果の記録がありません。"))]
    if visit.ending is None and visit.arrived_at is not None:
        return [*found, *_untimely(visit.arrived_at, one, policy, at)]
    against = [_against(reason, one, policy) for reason in refuse_arrival(visit, at, at)]
    return [*found, *(against or _untimely(at, one, policy, at))]


def _untimely(
    arrived_at: datetime, one: Seen, policy: BureauPolicy, at: datetime
) -> list[PanelRemark]:
    """Say that whoever comes at this moment is late, or early as long as the hour is to come."""
    if is_late(arrived_at, one.visit):
        return [_told_late(policy)]
    return [_told_early(one.visit, policy)] if is_early(at, one.visit) else []


def _told_early(visit: Visit, policy: BureauPolicy) -> PanelRemark:
    begins = japanese.begin_words(visit.starts_at, policy.tz)
    told = (
        _(
            "予約は{begins}からです。来庁は記録していません。受け付けるときは「来庁」を押してください。"
        )
        if visit.arrived_at is None
        else _("予約は{begins}からです。予約の時間より早くお越しです。")
    )
    return PanelRemark("caution", told.format(begins=begins))


def _told_late(policy: BureauPolicy) -> PanelRemark:
    told = _("予約の時間を過ぎてお越しの方は遅刻です。{ordinary_counter}をご案内ください。")
    return PanelRemark("caution", told.format(ordinary_counter=policy.ordinary_counter))


def _against(reason: Reason, one: Seen, policy: BureauPolicy) -> PanelRemark:
    if reason.code is Refusal.NOT_TODAY and one.visit.ending is not None:
        hour = japanese.slot_words(one.visit.starts_at, policy.slot_minutes, policy.tz)
        told = _("この予約は{hour}のものです。きょうの予約ではありません。").format(hour=hour)
        return PanelRemark("info", told, reason.code)  # nobody is to come at that hour
    if one.state is VisitState.SERVED and one.since is not None:
        told = _("この予約は、{clock}に完了しています。").format(clock="".join(one.since_words))
        return PanelRemark("info", told, reason.code)
    kind = "wrong" if reason.code is Refusal.RESERVATION_CANCELLED else "info"
    return PanelRemark(kind, refusal_texts.refusal_text(reason, policy), reason.code)


def _papers(reservation: Reservation, cases: Sequence[ReservedCase], policy: BureauPolicy) -> str:
    """Say the papers that only some cases need, each with its cases."""
    kind = CertificateKind(reservation.claim.certificate.kind)
    told = []
    for paper in required_documents(kind, [case_facts(case) for case in cases], policy):
        if paper.document in FORMS:
            orders = paper.cases or tuple(case.order for case in cases)
            told.append(
                _("{paper} {count}件（{cases}）").format(
                    paper=paper.name, count=len(orders), cases="・".join(map(str, orders))
                )
            )
    return "　".join(told)
