"""The hours to which a reservation can go, in words.  R-26, D07."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from uketori.bureaus.availability import Availability
from uketori.bureaus.hours_table import HoursTable, hours_table, value_of
from uketori.reservations.cases.controls import CaseRemark, remark_of
from uketori.reservations.hours.choice import first_choice, own_states
from uketori.reservations.hours.offers import NearChoices, near_choices, near_hours
from uketori.rules.capacity import SlotState
from uketori.rules.refusals import Reason
from uketori.rules.rescheduling import Standing, others_of
from uketori.web.form_problems import Problem


@dataclass(frozen=True)
class HourPage:
    """Everything the template shows of the choice."""

    table: HoursTable
    problems: list[Problem]
    remarks: list[CaseRemark]
    """The same where the hour is chosen."""
    near: NearChoices | None


def hour_page(
    *,
    free: Availability,
    standing: Standing,
    chosen: datetime | None,
    reasons: Sequence[Reason],
) -> HourPage:
    """Put the free hours into words; the reservation itself takes none of the allowance."""
    own = own_states(free, others_of(standing))
    if stands := free.by_start.get(standing.starts_at):
        own[value_of(stands)] = SlotState.YOURS
    table = hours_table(free, own)
    remarks = [remark_of(reason, free.facts.policy) for reason in reasons]
    anchor = first_choice(table)
    near = near_places(free, standing, chosen)
    return HourPage(
        table=table,
        problems=[Problem(anchor, one.text, one.code) for one in remarks],
        remarks=remarks,
        near=near_choices(reasons=reasons, near=near, table=table, free=free),
    )


def near_places(free: Availability, standing: Standing, chosen: datetime | None) -> list[datetime]:
    """Return the nearest hours that have room for the whole reservation."""
    count = standing.kept.live_count
    return near_hours(free, standing.held, standing.expires_on, chosen, count)
