"""Every form × everything hostile: never our fault, nothing typed lost, nothing else written."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.hostile import requests
from tests.hostile.form import Form
from tests.hostile.forms import FORMS
from tests.hostile.requests import Sent, encoded, values_for, with_value
from tests.hostile.trial import (
    Trial,
    assert_answered,
    assert_kept,
    cookies_of,
    first_line,
    page_of,
    rows,
    send,
    undone,
)
from tests.hostile.world import World
from tests.situations import AtMoment
from uketori.intermediaries.models import KeptInput

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_form_is_offered")]


def fields_of(forms: list[Form]) -> list[Any]:
    """Every form with every field into which hostile values go."""
    return [
        pytest.param(form, field, id=f"{form} {field}") for form in forms for field in form.attacked
    ]


@pytest.mark.parametrize(("form", "field"), fields_of(FORMS))
def test_hostile_value(world: World, form: Form, field: str) -> None:
    trial, typed = Trial(form, world), form.typed(world)
    for name, value in values_for(field).items():
        values = with_value(typed, field.format(case=world.case.pk), value)
        trial.attack(name, Sent(encoded(values)), values)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_hostile_body(world: World, form: Form) -> None:
    trial, typed = Trial(form, world), form.typed(world)
    for name, body in requests.BODIES.items():
        trial.attack(name, body(typed))
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_missing_field(world: World, form: Form) -> None:
    trial, typed = Trial(form, world), form.typed(world)
    for missing in typed:
        rest = {name: values for name, values in typed.items() if name != missing}
        kept = {} if (form.name, missing) == ("draft drop-1", "number-1") else rest
        trial.attack(missing, Sent(encoded(rest)), kept)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_right_form__is_accepted(world: World, form: Form) -> None:
    """The attacks start from something that works: they do not fail for another reason."""
    trial, typed = Trial(form, world), form.typed(world)
    trial.attack("right", Sent(encoded(typed)), typed, expected=302)
    trial.attack("as multipart", requests.multipart(typed), typed, expected=302)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_method__that_the_form_does_not_have(world: World, form: Form) -> None:
    trial = Trial(form, world)
    for method in requests.METHODS:
        trial.attack(method, Sent(b"", method=method), expected=405)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_without_a_csrf_token__refused_in_words(world: World, form: Form) -> None:
    trial = Trial(form, world)
    trial.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    trial.client.cookies = cookies_of(form.client(world))
    for token in ("", "x", "x" * 64, "é" * 32, "\x00"):
        typed = {**form.typed(world), "csrfmiddlewaretoken": [token] if token else []}
        trial.attack(repr(token), Sent(encoded(typed)), expected=403)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_wrong_host__refused(world: World, form: Form) -> None:
    trial, body = Trial(form, world), encoded(form.typed(world))
    for host in (
        "evil.example",
        "evil.example:80@testserver",
        "a b",
        "é",
        "testserver.evil.example",
    ):
        trial.attack(host, Sent(body, headers={"HTTP_HOST": host}), expected=400)
    trial.end()


SIGNED_IN = [form for form in FORMS if not form.is_public]


@pytest.mark.parametrize("form", SIGNED_IN, ids=str)
def test_without_a_session__led_to_the_entry(world: World, form: Form) -> None:
    trial, body = Trial(form, world), encoded(form.typed(world))
    trial.client = Client(raise_request_exception=False)
    for cookie in ("", "x", "a:b:c", "\x00", "é" * 100, "x" * 5000):
        # as a header: newer Pythons do not let a client make such a cookie
        trial.client.defaults["HTTP_COOKIE"] = f"uketori_session={cookie}"
        trial.attack(repr(cookie[:9]), Sent(body), expected=form.without_session)
    del trial.client.defaults["HTTP_COOKIE"]
    answer = send(trial.client, form.path(world), Sent(body))
    if answer.status_code == 302:
        assert urlsplit(answer.headers["Location"]).path in {"/osaka/entry", "/osaka/"}
    trial.end()
    assert rows() == trial.before


@pytest.mark.parametrize("form", SIGNED_IN, ids=str)
def test_session_over__only_what_was_typed_is_saved(
    world: World, form: Form, at_moment: AtMoment, monday_morning: datetime
) -> None:
    at_moment(monday_morning + timedelta(hours=2))
    before = rows()
    answer = send(form.client(world), form.path(world), Sent(encoded(form.typed(world))))
    assert_answered(answer)
    assert answer.status_code == form.without_session
    changed = {key for key, row in rows().items() if before.get(key) != row}
    saved = {("Draft", world.draft.pk)} if form.route == "reservations:draft" else set()
    if form.lasts:
        kept = KeptInput.objects.get(mail_address=world.claim.mail_address)
        assert kept.page == form.shown_on(world)
        saved = {("KeptInput", kept.pk)}
    assert {key for key in changed if key[0] != "MailProof"} == saved


LASTING = [form for form in FORMS if form.lasts and form.shown_after is None]


@pytest.mark.parametrize(("form", "field"), fields_of(LASTING))
def test_hostile_value__kept_and_shown_again(world: World, form: Form, field: str) -> None:
    """What is kept while more time is asked for comes back to the page, however hostile."""
    complaints, typed = [], form.typed(world)
    for name, value in values_for(field).items():
        if field == "do":
            continue
        with undone(world.visitor):
            field_name = field.format(case=world.case.pk)
            values = {**with_value(typed, field_name, value), "do": ["keep"]}
            answer = send(world.visitor, form.path(world), Sent(encoded(values)))
            shown = world.visitor.get(form.shown_on(world))
            try:
                assert_answered(answer)
                assert_answered(shown)
                if KeptInput.objects.exists():
                    assert_kept(form, values, page_of(shown.content.decode()))
            except AssertionError as error:
                complaints.append(f"{name}: {first_line(error)}")
    assert complaints == []
