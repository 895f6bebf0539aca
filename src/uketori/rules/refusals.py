"""Every reason for which something is refused, each with its stable code and its clause.

The sentence for each stands in ``uketori.refusal_texts``; the code is shown in ``data-refusal``.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Refusal(StrEnum):
    """A reason.  The value is the stable code; it is never renamed."""

    # 利用案内 3(1): days and hours
    NO_SLOT_CHOSEN = "NO_SLOT_CHOSEN"  # 3(1) a day and an hour must be chosen
    DAY_NOT_DISPLAYED = "DAY_NOT_DISPLAYED"  # 3(1) only the displayed open days
    DAY_CLOSED = "DAY_CLOSED"  # 3(1) not an open day
    BOOKING_CLOSED = "BOOKING_CLOSED"  # 3(1), 4(1) the day can no longer be booked
    HOUR_NOT_OFFERED = "HOUR_NOT_OFFERED"  # 3(2) no slot starts then
    SLOT_STOPPED = "SLOT_STOPPED"  # staff have stopped the hour (受付終了)

    # 利用案内 3(2): how much
    TOO_MANY_SLOTS = "TOO_MANY_SLOTS"  # 3(2) two slots among the displayed days
    SAME_HOUR_TWICE = "SAME_HOUR_TWICE"  # 3(2), D02 one reservation for one hour
    NO_CASES = "NO_CASES"  # 3(2) at least one case
    TOO_MANY_CASES = "TOO_MANY_CASES"  # 3(2) fifteen cases
    SLOT_FULL = "SLOT_FULL"  # D09 no place left
    TOO_FEW_CASES_LEFT = "TOO_FEW_CASES_LEFT"  # D27 a place, but not for so many cases

    # the cases, D10, D11
    NUMBER_MISSING = "NUMBER_MISSING"
    NUMBER_TOO_SHORT = "NUMBER_TOO_SHORT"
    NUMBER_TOO_LONG = "NUMBER_TOO_LONG"
    NUMBER_FORBIDDEN_CHARACTERS = "NUMBER_FORBIDDEN_CHARACTERS"
    NUMBER_REPEATED = "NUMBER_REPEATED"  # the same number twice in one reservation
    NUMBER_IN_OTHER_RESERVATION = "NUMBER_IN_OTHER_RESERVATION"  # the holder's own other one
    TYPE_MISSING = "TYPE_MISSING"  # 1(1)–(6)
    TYPE_UNKNOWN = "TYPE_UNKNOWN"  # 1(1)–(6)
    CATEGORY_MISSING = "CATEGORY_MISSING"  # 1 ア–エ
    CATEGORY_UNKNOWN = "CATEGORY_UNKNOWN"  # 1 ア–エ
    CATEGORY_NOT_FOR_HOLDER = "CATEGORY_NOT_FOR_HOLDER"  # 1 ア–エ, R-08

    # 利用案内 1: who may come
    EDUCATION_INSTITUTION = "EDUCATION_INSTITUTION"  # 1, R-10
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"  # 1, R-09 today already
    CERTIFICATE_EXPIRES_BEFORE_VISIT = "CERTIFICATE_EXPIRES_BEFORE_VISIT"  # 1, R-09
    CERTIFICATE_NOT_OF_KIND = "CERTIFICATE_NOT_OF_KIND"  # 1, R-08
    KIND_PROVED = "KIND_PROVED"  # 1, R-08, D03 the counter knows the person by now
    CERTIFICATE_PROVED_ELSEWHERE = "CERTIFICATE_PROVED_ELSEWHERE"  # D03
    CERTIFICATE_SHOWN_BY_ANOTHER = "CERTIFICATE_SHOWN_BY_ANOTHER"  # D03 a rival was proved
    CERTIFICATE_TO_BE_SEEN = "CERTIFICATE_TO_BE_SEEN"  # 6(4), R-41 another's suspension binds
    TOO_MANY_CLAIMS = "TOO_MANY_CLAIMS"  # D03
    TOO_MANY_CERTIFICATES = "TOO_MANY_CERTIFICATES"  # D03 one address, many certificates
    TOO_MANY_NUMBERS_TODAY = "TOO_MANY_NUMBERS_TODAY"  # D03, R-17 numbers are not tried out

    SUSPENDED = "SUSPENDED"  # 6(4), R-41 the administrator has suspended the person

    # declarations and consent, R-01, D26
    DECLARATION_MISSING = "DECLARATION_MISSING"
    NOTICE_NOT_READ = "NOTICE_NOT_READ"
    NOTICE_CHANGED = "NOTICE_CHANGED"

    # 利用案内 4: change and cancel
    CHANGE_CLOSED = "CHANGE_CLOSED"  # 4(1) the promised moment has passed
    RESERVATION_CANCELLED = "RESERVATION_CANCELLED"  # 4(3), R-32 cannot be revived
    RESERVATION_ENDED = "RESERVATION_ENDED"  # 4 the visit is over, or has begun
    RESERVATION_CHANGED = "RESERVATION_CHANGED"  # D06, R-39 another tab changed it meanwhile
    MORE_THAN_FIRST_COUNT = "MORE_THAN_FIRST_COUNT"  # 4(3) never above the first count
    ALL_WITHDRAWN = "ALL_WITHDRAWN"  # 4(3), R-32 taking out all is cancelling
    CORRECTION_NOT_ALLOWED = "CORRECTION_NOT_ALLOWED"  # 4(3) where the bureau does not
    WITHDRAWAL_NOT_ALLOWED = "WITHDRAWAL_NOT_ALLOWED"  # 4(3) where the bureau does not
    PUTTING_BACK_NOT_ALLOWED = "PUTTING_BACK_NOT_ALLOWED"  # D06 where the bureau does not
    RESCHEDULING_NOT_ALLOWED = "RESCHEDULING_NOT_ALLOWED"  # D07 one cancels and books anew
    HOUR_UNCHANGED = "HOUR_UNCHANGED"  # D07 the hour that stands was chosen again
    NOTHING_CHANGED = "NOTHING_CHANGED"  # the form was sent as it was

    # 利用案内 4(2): the telephone
    CALL_NOT_YET_HAPPENED = "CALL_NOT_YET_HAPPENED"  # R-30 noted for a moment to come
    CALL_BEFORE_BOOKING = "CALL_BEFORE_BOOKING"  # R-30 there was nothing to call about
    CALL_AFTER_THE_HOUR = "CALL_AFTER_THE_HOUR"  # 4(2) called when the hour was over
    CALL_STAYS = "CALL_STAYS"  # 4(2), R-41 struck by who noted it, that day, or a supervisor
    VISIT_DAY_OVER = "VISIT_DAY_OVER"  # 4(2) nothing is left to prepare

    # the visit, 利用案内 6
    NOT_TODAY = "NOT_TODAY"  # 6(3) it is of another day
    NOT_YET_HAPPENED = "NOT_YET_HAPPENED"  # 6(3) an arrival in the future
    HOUR_NOT_OVER = "HOUR_NOT_OVER"  # 6(3), D15 whoever comes now is in time
    HAS_ARRIVED = "HAS_ARRIVED"  # 6(4), R-40 who came is no no-show
    CAME_IN_TIME = "CAME_IN_TIME"  # 6(3), D15 who came within the hour is not late
    HAS_NOT_ARRIVED = "HAS_NOT_ARRIVED"  # 6(4) absent when called is who came before
    NO_SHOW_BEFORE_HOUR = "NO_SHOW_BEFORE_HOUR"  # 6(4) nobody was to come before it
    VISIT_ENDED = "VISIT_ENDED"  # 6(3), R-39 it has another ending already
    CORRECTION_CLOSED = "CORRECTION_CLOSED"  # R-39 the visit day, or that of entry, is over
    REASON_MISSING = "REASON_MISSING"  # R-39 not issued, and not said why
    REASON_WITHOUT_MARK = "REASON_WITHOUT_MARK"  # R-39 said why, and not marked as not issued
    TIME_MISSING = "TIME_MISSING"  # R-39 of a past day only paper tells when somebody came
    TIME_UNREADABLE = "TIME_UNREADABLE"  # R-39 the time from paper
    TIME_RECORDED = "TIME_RECORDED"  # R-39 paper tells another minute than was recorded
    TIME_OUT_OF_ORDER = "TIME_OUT_OF_ORDER"  # R-39 come, called up, served: in this order
    CERTIFICATE_OF_ANOTHER = "CERTIFICATE_OF_ANOTHER"  # D03 proved for another person
    CERTIFICATE_BEFORE_ARRIVAL = "CERTIFICATE_BEFORE_ARRIVAL"  # D03 shown by who has come
    CERTIFICATE_UNSEEN = (
        "CERTIFICATE_UNSEEN"  # D03, R-38 about to be issued to; pressed again it is
    )
    PROVED_ON_ANOTHER_DAY = "PROVED_ON_ANOTHER_DAY"  # D03 it was seen at another visit
    PROOF_RELIED_ON = "PROOF_RELIED_ON"  # D03 another claim was ended or made since
    NOTHING_PROVED = "NOTHING_PROVED"  # D03 no certificate was seen, so no claim is ended

    # the form itself
    TOO_MANY_DRAFTS = "TOO_MANY_DRAFTS"  # D13 one person's; nobody's is thrown away unasked
    DRAFT_CHANGED = "DRAFT_CHANGED"  # another tab changed what is about to be confirmed


class Warned(StrEnum):
    """Something unusual that does not stop anybody.  D10."""

    NUMBER_UNUSUAL_FORM = "NUMBER_UNUSUAL_FORM"
    NUMBER_MAYBE_KANJI_ONE = "NUMBER_MAYBE_KANJI_ONE"
    TYPE_NOT_OF_LETTER = "TYPE_NOT_OF_LETTER"


NEEDED_FACTS: dict[Refusal | Warned, tuple[str, ...]] = {
    Refusal.DAY_NOT_DISPLAYED: ("visit_day",),
    Refusal.DAY_CLOSED: ("visit_day", "reason"),
    Refusal.BOOKING_CLOSED: ("visit_day", "closed_at"),
    Refusal.HOUR_NOT_OFFERED: ("visit_day",),
    Refusal.TOO_MANY_SLOTS: ("held",),
    Refusal.SAME_HOUR_TWICE: ("starts_at",),
    Refusal.TOO_MANY_CASES: ("cases",),
    Refusal.TOO_FEW_CASES_LEFT: ("left",),
    Refusal.NUMBER_FORBIDDEN_CHARACTERS: ("character",),
    Refusal.NUMBER_REPEATED: ("first",),
    Refusal.NUMBER_IN_OTHER_RESERVATION: ("starts_at",),
    Refusal.CATEGORY_NOT_FOR_HOLDER: ("category", "holder"),
    Refusal.CERTIFICATE_EXPIRED: ("expires_on",),
    Refusal.CERTIFICATE_EXPIRES_BEFORE_VISIT: ("expires_on", "visit_day"),
    Refusal.CERTIFICATE_NOT_OF_KIND: ("holder", "certificate"),
    Refusal.TOO_MANY_NUMBERS_TODAY: ("again_at",),
    Refusal.SUSPENDED: ("last_day",),
    Refusal.DECLARATION_MISSING: ("text",),
    Refusal.TOO_MANY_DRAFTS: ("most",),
    Refusal.CHANGE_CLOSED: ("closed_at",),
    Refusal.MORE_THAN_FIRST_COUNT: ("first", "wanted"),
    Refusal.CALL_AFTER_THE_HOUR: ("ends_at",),
    Refusal.NOT_TODAY: ("starts_at",),
    Refusal.HOUR_NOT_OVER: ("ends_at",),
    Refusal.HAS_ARRIVED: ("arrived_at",),
    Refusal.CAME_IN_TIME: ("arrived_at",),
    Refusal.NO_SHOW_BEFORE_HOUR: ("starts_at",),
    Refusal.VISIT_ENDED: ("ending",),
    Refusal.TIME_RECORDED: ("recorded_at",),
    Refusal.TIME_OUT_OF_ORDER: ("recorded_at",),
    Warned.TYPE_NOT_OF_LETTER: ("suggested", "chosen"),
}
"""The facts without which the sentence of a code cannot be said; the others need none."""


@dataclass(frozen=True)
class Reason:
    """A refusal or warning with the facts its sentence needs and the place where it stands.

    ``case`` is the order of the row (1 …) it belongs to, or None; ``facts`` fill the sentence
    beside the numbers of the policy, e.g. ``{"left": 2}``.  ``NEEDED_FACTS`` says which.
    """

    code: Refusal | Warned
    case: int | None = None
    facts: dict[str, object] = field(default_factory=dict)


class Refused(Exception):
    """An act was refused; ``reasons`` tells all of them at once."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(", ".join(str(reason.code) for reason in reasons))
        self.reasons = reasons

    @property
    def codes(self) -> list[str]:
        """The stable codes, in the order of the notice."""
        return [reason.code.value for reason in self.reasons]
