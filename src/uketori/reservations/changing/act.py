"""Correcting, withdrawing and putting back cases, all in one act.  利用案内 4(1), 4(3), D06."""

from dataclasses import replace
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.db.models import F

from uketori.audit.record import record
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import TAKE_ATTEMPTS, room_of, starts_on
from uketori.intermediaries.models import Intermediary
from uketori.outbox.enqueue import enqueue
from uketori.reservations.changing.edits import EditedCase, Edits, asked_for, lines_after
from uketori.reservations.changing.rows import digests_of, write_changes
from uketori.reservations.held import held_by
from uketori.reservations.mails.telling import CHANGED_EVENT
from uketori.reservations.models import CaseChange, Reservation, ReservedCase
from uketori.reservations.standing import UNTOUCHABLE, kept_of, refuse_stale
from uketori.rules.application_number import repeated_numbers
from uketori.rules.booking import Held, refuse_numbers_held
from uketori.rules.calendar import CalendarFacts
from uketori.rules.capacity import Room, refuse_more_cases
from uketori.rules.change import CallMoment, Change, refuse_change
from uketori.rules.eligibility import judge_case
from uketori.rules.number_key import compare_key
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Refused

LONGEST_TYPED = cast(int, ReservedCase._meta.get_field("number").max_length)  # noqa: SLF001 - Django's own word


@transaction.atomic(durable=True)
def change(
    *, reservation: Reservation, edits: Edits, policy: BureauPolicy, actor: str, at: datetime
) -> Reservation:
    """Change the cases of a reservation, or raise ``Refused`` with every reason.

    ``at`` is the moment the request arrived; ``policy`` the one the reservation was made under.
    Locks the intermediary, then the slot; places come free, or are taken, in the same transaction.
    """
    fresh = write_change(reservation=reservation, edits=edits, policy=policy, actor=actor, at=at)
    enqueue(
        bureau=fresh.bureau,
        event=CHANGED_EVENT,
        subject_id=fresh.reference,
        revision=fresh.revision,
        recipient=fresh.mail_address.address,
        at=at,
        message_domain=policy.mail_domain,
    )
    return fresh


def write_change(
    *,
    reservation: Reservation,
    edits: Edits,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
    call: CallMoment | None = None,
) -> Reservation:
    """Lock, look, ask the rules, write and record, inside the transaction of the caller's act.

    With ``call`` it is done for somebody who called, also after the deadline.  4(2)
    """
    Intermediary.objects.lock(reservation.intermediary_id)
    fresh = Reservation.objects.select_related("intermediary").get(pk=reservation.pk)
    cases = list(fresh.cases.filter(withdrawn_at=None).order_by("order"))
    lines = lines_after(cases, edits)
    asked = asked_for(lines, cases, edits)
    if reasons := reasons_against(fresh, lines, asked, edits, policy, at, call=call):
        raise Refused(reasons)
    _move_places(fresh, asked, at)
    changes = write_changes(fresh, cases, lines, edits, actor, at)
    Reservation.objects.filter(pk=fresh.pk).update(
        live_case_count=F("live_case_count") + asked.put_back - asked.withdrawn,
        revision=F("revision") + 1,
        revised_at=at,
    )
    fresh.refresh_from_db()
    _record(fresh, changes, actor, at)
    return fresh


def judge_lines(
    reservation: Reservation, lines: list[EditedCase], policy: BureauPolicy, at: datetime
) -> list[Reason]:
    """Return what the rules say of the cases as they would stand.

    ``case`` is the line's place, counted from one.  Only what the person touched is judged: what
    was booked once is not refused later.
    """
    kind = IntermediaryKind(reservation.intermediary.kind)
    touched = {place: line for place, line in enumerate(lines, start=1) if line.is_touched}
    judged = [
        reason
        for place, line in touched.items()
        for reason in _judge_line(line, kind, policy, place)
    ]
    keys = [compare_key(line.facts.number) if line.is_touched else "" for line in lines]
    others = _others(reservation, at.astimezone(policy.tz).date())
    return [*judged, *_repeated(lines), *refuse_numbers_held(keys, others)]


def _judge_line(
    line: EditedCase, kind: IntermediaryKind, policy: BureauPolicy, place: int
) -> list[Reason]:
    if len(line.facts.number) > LONGEST_TYPED:  # blanks, most of it: the row has no room for them
        return [Reason(Refusal.NUMBER_TOO_LONG, place)]
    return judge_case(line.facts, kind, policy, case=place)


def _repeated(lines: list[EditedCase]) -> list[Reason]:
    """Refuse a number that stands twice, at the line that was touched; ``first`` is a place."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].is_touched)
    found = repeated_numbers([compare_key(lines[index].facts.number) for index in order])
    return [
        Reason(
            reason.code,
            order[cast(int, reason.case) - 1] + 1,
            {"first": order[cast(int, reason.facts["first"]) - 1] + 1},
        )
        for reason in found
    ]


def _others(reservation: Reservation, today: date) -> list[Held]:
    """Return the person's other live reservations from today on.  D11."""
    held = held_by(reservation.intermediary_id, today)
    return [one for one in held if one.reference != reservation.reference]


def reasons_against(
    reservation: Reservation,
    lines: list[EditedCase],
    asked: Change,
    edits: Edits,
    policy: BureauPolicy,
    at: datetime,
    *,
    call: CallMoment | None = None,
) -> list[Reason]:
    """Return every reason to refuse the edits, as far as can be told without taking a place."""
    refusals = refuse_change(asked, kept_of(reservation), policy, at, call)
    if UNTOUCHABLE & {reason.code for reason in refusals}:
        return refusals
    if stale := refuse_stale(reservation, edits.revision):
        return stale
    judged = judge_lines(reservation, lines, policy, at)
    return refusals + [reason for reason in judged if isinstance(reason.code, Refusal)]


def refuse_places(reservation: Reservation, asked: Change, at: datetime) -> list[Reason]:
    """Return why the hour is known to have no room for what is put back; taking it decides."""
    more = asked.count_after(kept_of(reservation)) - reservation.live_case_count
    return refuse_more_cases(room_for_more(reservation, at), more) if more > 0 else []


def room_for_more(reservation: Reservation, at: datetime) -> Room:
    """Return what is left of the reservation's hour; none if it was closed since, or its day."""
    facts = facts_at(reservation.bureau, at)
    room = room_of(Slot.objects.get(pk=reservation.slot_id), facts.policy)
    if _is_offered(reservation, facts):
        return room
    return replace(room, free_cases=0, stopped=True)


def _is_offered(reservation: Reservation, facts: CalendarFacts) -> bool:
    return reservation.starts_at in starts_on(reservation.visit_day, facts)


def _move_places(reservation: Reservation, asked: Change, at: datetime) -> None:
    """Take or give back the places of the difference, or raise ``Refused``."""
    more = asked.count_after(kept_of(reservation)) - reservation.live_case_count
    if more < 0:
        Slot.objects.give_back(slot_id=reservation.slot_id, reservations=0, cases=-more)
    elif more > 0:
        _take(reservation, more, at)


def _take(reservation: Reservation, more: int, at: datetime) -> None:
    """Take places for more cases; the place of the reservation itself is held already.  D06."""
    if not _is_offered(reservation, facts_at(reservation.bureau, at)):
        raise Refused([Reason(Refusal.SLOT_STOPPED)])  # the day was closed since, or the hour
    for _attempt in range(TAKE_ATTEMPTS):
        if Slot.objects.take_cases(slot_id=reservation.slot_id, cases=more):
            return
        if reasons := refuse_more_cases(room_for_more(reservation, at), more):
            raise Refused(reasons)
        # places came free between the two looks: ask again
    raise Refused([Reason(Refusal.TOO_FEW_CASES_LEFT, facts={"left": 0})])


def _record(reservation: Reservation, changes: list[CaseChange], actor: str, at: datetime) -> None:
    """Record the change with digests only."""
    record(
        bureau=reservation.bureau,
        kind="reservation_changed",
        actor=actor,
        subject=reservation.reference,
        at=at,
        facts={
            "revision": reservation.revision,
            "cases": reservation.live_case_count,
            "changes": [digests_of(entry) for entry in changes],
        },
    )
