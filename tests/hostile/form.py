"""What the table says of one form."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.test import Client

from tests.hostile.world import World

Typed = dict[str, list[str]]
Place = Callable[[World], str]


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
    is_public: bool = False
    multipart: bool = False
    attacked: tuple[str, ...] = ()
    """Fields into which hostile values go."""

    def __str__(self) -> str:
        return self.name

    def client(self, here: World) -> Client:
        """The browser from which it is sent."""
        return here.stranger if self.is_public else here.visitor
