"""A sample of bad input at another bureau: never our fault, and nothing of Osaka's answered."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests import situations
from tests.every_bureau.bureaus import FOLDER, go_to
from tests.every_bureau.reading import only_its_own_words
from tests.hostile import desk as telephone
from tests.hostile.desk import Desk, DeskForm, attack, make_desk, tell_hostile_values
from tests.hostile.forms import form_named
from tests.hostile.requests import BODIES, VALUES, Sent, encoded, values_for, with_value
from tests.hostile.trial import Trial, rows
from tests.hostile.world import World
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.models import VisitEntry
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.permissions import Role

pytestmark = pytest.mark.django_db

FIELDS = {
    "entry": ["address"],
    "code": ["code"],
    "draft keep": ["slot", "number-1", "type-1", "category-1", "paste"],
    "confirm": ["slot", "declared"],
    "hour": ["revision", "slot"],
    "change": ["revision", "withdraw", "new-number-{case}", "new-type-{case}"],
    "cancellation": [],
    "holder revise": ["phone"],
    "renewal": ["number", "expires_on_year"],
    "new address": ["address"],
    "code of the new address": ["code"],
}
DESK_FIELDS = {
    "search": ["find"],
    "record": ["kind", "called_clock"],
    "cancellation": ["note"],
    "changes": ["withdraw", "new-number-{case}", "new-type-{case}"],
    "address on the telephone": ["address"],
    "outcome": ["except", "why-{case}", "clock", "seen", "unseen"],
}
SOME = ("NUL", "lone surrogate", "turned direction", "markup", "more headers", "nothing")
SOME = (*SOME, "other digits", "negative", "huge number", "endless number", "uuid")
SOME_BODIES = ("unknown fields", "everything twice", "surrogates", "nothing at all")
OUTCOME = DeskForm(
    "outcome",
    lambda here: f"{here.root}{here.reservation.reference}/outcome",
    lambda here: {
        "opened": [here.reservation.reference],
        "seen": [""],
        "unseen": [str(here.reservation.claim_id)],
        "except": [str(here.case.pk)],
        f"why-{here.case.pk}": ["paper_missing"],
        "clock": ["8:05"],
    },
    (Reservation, ReservedCase, VisitEntry),
)


@pytest.fixture(autouse=True)
def _at_minato(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everybody is at みなと; what is hostile is written as there."""
    settings.BUREAUS_FOLDER = str(FOLDER)
    go_to("minato", monkeypatch)
    for name, value in list(VALUES.items()):
        if name in SOME:
            monkeypatch.setitem(VALUES, name, value.replace("阪労一", "湊"))
        else:
            monkeypatch.delitem(VALUES, name)
    with only_its_own_words("minato", monkeypatch):
        yield


@pytest.mark.parametrize("name", FIELDS)
def test_hostile_form__at_minato(world: World, name: str) -> None:
    form = form_named(name)
    trial, typed = Trial(form, world), form.typed(world)
    trial.attack("right", Sent(encoded(typed)), typed, expected=302)
    for field in FIELDS[name]:
        for what, value in values_for(field).items():
            values = with_value(typed, field.format(case=world.case.pk), value)
            trial.attack(f"{field}: {what}", Sent(encoded(values)), values)
    for what in SOME_BODIES:
        trial.attack(what, BODIES[what](typed))
    trial.end()


@pytest.fixture
def desk(at_moment: AtMoment) -> Desk:
    at_moment(at("2026-06-08 10:00"))
    return make_desk()


@pytest.mark.parametrize("name", DESK_FIELDS)
def test_hostile_form_of_the_counter__at_minato(desk: Desk, name: str, at_moment: AtMoment) -> None:
    form = next(one for one in (*telephone.FORMS, OUTCOME) if one.name == name)
    if form is OUTCOME:
        at_moment(at("2026-06-11 08:10"))
        client = situations.staff_client(Role.SUPERVISOR, "minato")
        client.raise_request_exception = False
        desk = replace(desk, client=client)
    complaints = [tell_hostile_values(desk, form, field) for field in DESK_FIELDS[name]]

    assert complaints == [[] for _field in DESK_FIELDS[name]]
    typed = form.typed(desk)
    assert attack(desk, form, Sent(encoded(typed)), typed, rows()) == form.right
