"""The forms of the telephone desk × everything hostile: never our fault, nothing half written."""

import pytest
from django.test import Client

from tests.hostile.desk import FORMS, Desk, DeskForm, attack, make_desk, tell_hostile_values
from tests.hostile.requests import BODIES, METHODS, Sent, encoded
from tests.hostile.trial import first_line, rows, send, undone
from tests.policies import at
from tests.situations import AtMoment

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(at_moment: AtMoment) -> Desk:
    at_moment(at("2026-06-08 10:00"))
    return make_desk()


FIELDS = [pytest.param(form, one, id=f"{form} {one}") for form in FORMS for one in form.attacked]


@pytest.mark.parametrize(("form", "name"), FIELDS)
def test_hostile_value(desk: Desk, form: DeskForm, name: str) -> None:
    assert tell_hostile_values(desk, form, name) == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_hostile_body_and_missing_fields(desk: Desk, form: DeskForm) -> None:
    complaints, typed, before = [], form.typed(desk), rows()
    tries = {what: body(typed) for what, body in BODIES.items()}
    for missing in typed:
        rest = {name: values for name, values in typed.items() if name != missing}
        tries[f"without {missing}"] = Sent(encoded(rest))
    for what, sent in tries.items():
        with undone(desk.client):
            try:
                attack(desk, form, sent, {}, before)
            except AssertionError as error:
                complaints.append(f"{what}: {first_line(error)}")
    assert complaints == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_right__accepted__other_methods_and_no_token_are_not(desk: Desk, form: DeskForm) -> None:
    body, before = encoded(form.typed(desk)), rows()
    with undone(desk.client):
        assert attack(desk, form, Sent(body), {}, before) == form.right
    for method in METHODS:
        answer = send(desk.client, form.path(desk), Sent(b"", method=method))
        assert answer.status_code == 405, method
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = desk.client.cookies
    assert send(strict, form.path(desk), Sent(body)).status_code == 403
    assert rows() == before
