"""The table of forms leaves nothing out."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.hostile.form import Form
from tests.hostile.forms import FORMS
from tests.hostile.requests import Sent, encoded
from tests.hostile.trial import send, undone
from tests.hostile.world import World
from tests.journeys.reading import Page
from uketori.staff.sessions import STAFF_PATH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_form_is_offered")]


def routes(
    resolver: URLResolver, names: tuple[str, ...] = (), path: str = "/"
) -> Iterator[tuple[str, str]]:
    """Every named route with an address that fits it."""
    for one in resolver.url_patterns:
        there = path + re.sub(r"<(\w+):\w+>", _example, str(one.pattern))
        if isinstance(one, URLResolver):
            inner = (*names, one.namespace) if one.namespace else names
            yield from routes(one, inner, there)
        elif isinstance(one, URLPattern):
            yield ":".join((*names, one.name or there)), there


def _example(found: re.Match[str]) -> str:
    return {
        "slug": "osaka",
        "day": "2026-06-11",
        "uuid": str(uuid4()),
        "int": "1",
        "str": "x",
        "reference": "K7M4-2QXP",
    }[found[1]]


def test_table__knows_every_address_that_takes_a_post(world: World) -> None:
    taking = set()
    for route, path in routes(get_resolver()):
        if path.startswith(STAFF_PATH):  # nobody of the public comes so far: tests/staff
            continue
        with undone(world.visitor):
            if world.visitor.post(path).status_code != 405:
                taking.add(route)
    assert taking == {form.route for form in FORMS}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_table__knows_every_field_of_the_form(world: World, form: Form) -> None:
    client, place = form.client(world), form.shown_on(world)
    if form.shown_after is None:
        answer = client.get(place)
    else:
        answer = send(client, place, Sent(encoded(form.shown_after(world))))
    page = Page(answer.content.decode())
    path = form.path(world)
    shown = [one for one in page.forms if urljoin(form.shown_on(world), one.action) == path]
    assert shown, f"no form for {path} on {form.shown_on(world)}"
    known = {re.sub(r"-\d+$", "-n", name) for name in form.typed(world)}
    known |= {"csrfmiddlewaretoken", "reentry-n", "reentry-all", "csv"}
    for one in shown:
        assert {re.sub(r"-\d+$", "-n", name) for name in one.names} <= known
        assert one.multipart == form.multipart
