"""What the table says of one form."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.test import Client

from tests.hostile.world import World

Typed = dict[str, list[str]]
Place = Callable[[World], str]


def below(path: str) -> Place:
    """Return the place of a page of the bureau's."""
    return lambda here: here.path(path)


@dataclass(frozen=True)
class Form:
    """One form: where it goes, what a person sends with it, what it may write."""

    name: str
    route: str
    path: Place
    shown_on: Place
    typed: Callable[[World], Typed] = lambda _world: {}
    people_type: tuple[str, ...] = ()
    """Fields whose content must stand in the page again when something is refused."""
    writes: tuple[type[models.Model], ...] = ()
    """Tables that may change when it is accepted, beside events."""
    counts: tuple[type[models.Model], ...] = ()
    """Tables in which a refused try is counted."""
    shown_after: Callable[[World], Typed] | None = None
    """What has to be sent to ``shown_on`` to be shown the form."""
    is_public: bool = False
    """Sent by a browser in which nobody is signed in."""
    lasts: bool = False
    """Kept under the address of ``shown_on`` when the time ends or is lengthened."""
    without_session: int = 302
    """The answer to a browser without a session, where one is needed: to the entry, mostly."""
    multipart: bool = False
    attacked: tuple[str, ...] = ()
    """Fields into which hostile values go; ``{case}`` stands for the case that is held."""

    def __str__(self) -> str:
        return self.name

    def client(self, here: World) -> Client:
        """The browser from which it is sent."""
        return here.stranger if self.is_public else here.visitor
