"""Times copied from paper when the network was away: the order of entering them does not matter.

R-39.  A person comes, is called up, is served: what is entered must fit what stands already, and
is refused aloud where it does not.  Paper knows whole minutes, a press of a button seconds: times
are compared by the minute, and within one the later is written, so that the order stays true.
"""

from dataclasses import dataclass
from datetime import datetime

from uketori.rules.refusals import Reason, Refusal


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The moments of a visit that are recorded already."""

    arrived_at: datetime | None = None
    called_at: datetime | None = None
    ended_at: datetime | None = None
    """When the person was served, was absent when called, or was found to be late."""
    is_inferred: bool = False
    """Nobody said when the person came; being called up, or the ending, told that they had."""

    @property
    def said_at(self) -> datetime | None:
        """The arrival that somebody recorded; None where it was inferred."""
        return None if self.is_inferred else self.arrived_at


def refuse_arrival_time(recorded: Recorded, told_at: datetime) -> list[Reason]:
    """Return why the person cannot have come at ``told_at``.

    What was inferred gives way to paper; what somebody recorded has to be taken back first.
    """
    return _refuse_another(recorded.said_at, told_at) or refuse_disorder(
        told_at, until=(recorded.called_at, recorded.ended_at)
    )


def refuse_call_time(recorded: Recorded, told_at: datetime) -> list[Reason]:
    """Return why the person cannot have been called up at ``told_at``."""
    return _refuse_another(recorded.called_at, told_at) or refuse_disorder(
        told_at, since=(recorded.said_at,), until=(recorded.ended_at,)
    )


def refuse_outcome_time(recorded: Recorded, told_at: datetime) -> list[Reason]:
    """Return why ``told_at`` cannot stand beside the outcome."""
    if tells_arrival(recorded, told_at):
        return refuse_arrival_time(recorded, told_at)
    return refuse_disorder(told_at, since=(recorded.said_at,))


def tells_arrival(recorded: Recorded, told_at: datetime) -> bool:
    """Tell whether the time typed with an outcome is that of the arrival.

    The list has a person's arrival; who was called up later, or was served before, came by it.
    """
    if recorded.ended_at is not None:
        return not is_same_minute(told_at, recorded.ended_at)
    return recorded.called_at is not None and _minute(told_at) < _minute(recorded.called_at)


def called_at(recorded: Recorded, told_at: datetime) -> datetime:
    """Return when the person was called up: never before coming."""
    return latest(told_at, recorded.said_at)


def served_at(recorded: Recorded, told_at: datetime) -> datetime:
    """Return when the person was served: never before the call, and the first record stays."""
    return recorded.ended_at or latest(told_at, recorded.said_at, recorded.called_at)


def latest(told_at: datetime, *recorded: datetime | None) -> datetime:
    """Return the latest of these moments: within a minute, what was recorded to the second."""
    return max([told_at, *(one for one in recorded if one is not None)])


def is_same_minute(one: datetime | None, told_at: datetime | None) -> bool:
    """Tell whether paper and record tell the same time."""
    return one is not None and told_at is not None and _minute(one) == _minute(told_at)


def refuse_disorder(
    told_at: datetime,
    *,
    since: tuple[datetime | None, ...] = (),
    until: tuple[datetime | None, ...] = (),
) -> list[Reason]:
    """Refuse a time before one of ``since`` or after one of ``until``, naming the first of them."""
    told = _minute(told_at)
    wrong = [one for one in until if one is not None and told > _minute(one)]
    wrong += [one for one in since if one is not None and told < _minute(one)]
    return [Reason(Refusal.TIME_OUT_OF_ORDER, facts={"recorded_at": one}) for one in wrong[:1]]


def _refuse_another(stands: datetime | None, told_at: datetime) -> list[Reason]:
    if stands is None or is_same_minute(stands, told_at):
        return []
    return [Reason(Refusal.TIME_RECORDED, facts={"recorded_at": stands})]


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
