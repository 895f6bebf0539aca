"""What the apps hang on the outbox: a renderer for each kind of mail, and periodic jobs.

The outbox knows no app: ``reservations/mails/own.py`` and the like register here in
``AppConfig.ready``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from uketori.outbox.models import MailState, OutgoingMail


@dataclass(frozen=True)
class Rendered:
    """A mail in words, made at the moment it leaves."""

    subject: str
    body: str
    from_address: str
    from_name: str
    reply_to: str = ""
    """Where answers are read; empty: nowhere."""


Outcome = Rendered | Literal[MailState.SUPERSEDED] | None
"""None: the mail is no longer true and is dropped.  Superseded: a newer mail tells it better."""

Renderer = Callable[[OutgoingMail, datetime], Outcome]

JobFunction = Callable[[datetime], None]


@dataclass(frozen=True)
class PeriodicJob:
    """A function run about every so often by one worker at a time; it bears being run twice."""

    name: str
    every: timedelta
    function: JobFunction


_renderers: dict[str, Renderer] = {}
_jobs: dict[str, PeriodicJob] = {}


def register(event: str, function: Renderer) -> None:
    """Let ``function`` render the mails of ``event``."""
    if _renderers.setdefault(event, function) is not function:
        message = f"the mail {event!r} has a renderer already"
        raise ValueError(message)


def renderer(event: str) -> Callable[[Renderer], Renderer]:
    """Register the decorated function as the renderer of ``event``."""

    def decorate(function: Renderer) -> Renderer:
        register(event, function)
        return function

    return decorate


def renderer_of(event: str) -> Renderer:
    """Return the renderer of ``event``; LookupError if no app brought one."""
    return _renderers[event]


def registered_renderers() -> Mapping[str, Renderer]:
    """Return the renderers by the names of their events."""
    return MappingProxyType(_renderers)


def job(name: str, every: timedelta) -> Callable[[JobFunction], JobFunction]:
    """Register the decorated function as a periodic job; the first run is due at once."""

    def decorate(function: JobFunction) -> JobFunction:
        known = _jobs.setdefault(name, PeriodicJob(name, every, function))
        if known.function is not function:
            message = f"there is a job {name!r} already"
            raise ValueError(message)
        return function

    return decorate


def periodic_jobs() -> tuple[PeriodicJob, ...]:
    """Return the registered jobs in the order of their registration."""
    return tuple(_jobs.values())
