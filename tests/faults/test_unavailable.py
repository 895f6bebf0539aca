"""While the database cannot serve: a page that keeps what was typed, and a press that works.

No transaction of the test is around the requests: connections are closed and opened as in service.
"""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import situations
from tests.faults.databases import away, let_it_be_read_only
from tests.faults.polite import AGAIN, OPEN_AGAIN, as_many_times, assert_polite, repeating, typed_in
from tests.hostile import requests
from tests.hostile.form import Form
from tests.hostile.forms import FORMS, form_named
from tests.hostile.requests import Sent, encoded
from tests.hostile.trial import send
from tests.hostile.world import World, make_world
from tests.situations import AtMoment, an_osaka_that_reschedules, staff_client
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db(transaction=True)

ONLY_READS = {"guide"}
"""Forms that write nothing: they work while nothing can be written."""


def world_of(at_moment: AtMoment) -> World:
    at_moment(situations.MONDAY_MORNING)
    here = make_world()
    for client in (here.visitor, here.stranger):
        client.raise_request_exception = False
    return here


@pytest.mark.parametrize("form", [one for one in FORMS if one.name not in ONLY_READS], ids=str)
def test_form__while_nothing_can_be_written__comes_back_and_is_sent_by_one_press(
    form: Form, at_moment: AtMoment, settings: Any, tmp_path: Path
) -> None:
    settings.BUREAUS_FOLDER = str(an_osaka_that_reschedules(tmp_path))
    here = world_of(at_moment)
    client, path, typed = form.client(here), form.path(here), form.typed(here)
    sent = requests.multipart(typed) if form.multipart else Sent(encoded(typed))
    let_it_be_read_only()

    shown = repeating(assert_polite(send(client, path, sent)))

    assert shown.action == path
    assert as_many_times(typed_in(shown)) == as_many_times(typed)
    again = client.post(shown.action, typed_in(shown))
    assert again.status_code == 302  # the connection was opened anew


def test_booking__while_the_database_is_away__comes_back_and_is_sent_by_one_press(
    at_moment: AtMoment,
) -> None:
    form, here = form_named("confirm"), world_of(at_moment)
    before = Reservation.objects.count()

    with away():
        first = assert_polite(send(here.visitor, form.path(here), Sent(encoded(form.typed(here)))))
        shown = repeating(first)
        second = here.visitor.post(shown.action, typed_in(shown))
        assert typed_in(repeating(assert_polite(second))) == typed_in(shown)

    booked = here.visitor.post(shown.action, typed_in(shown))
    twice = here.visitor.post(shown.action, typed_in(shown))
    assert booked.status_code == 302
    assert twice.headers["Location"] == booked.headers["Location"]
    assert Reservation.objects.count() == before + 1


@pytest.mark.parametrize("path", ["/osaka/", "/osaka/reservations/", "/staff/osaka/counter/"])
def test_page__while_the_database_is_away__can_be_opened_again(
    path: str, at_moment: AtMoment
) -> None:
    here = world_of(at_moment)
    client = staff_client() if path.startswith("/staff/") else here.visitor
    client.raise_request_exception = False

    with away():
        page = assert_polite(client.get(path))

    assert path in [one.href for one in page.links if one.text == OPEN_AGAIN]
    assert client.get(path).status_code == 200


def test_forged_form__while_the_database_is_away__is_not_offered_to_be_sent(
    at_moment: AtMoment,
) -> None:
    """A press would send it with a right token."""
    here = world_of(at_moment)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = here.visitor.cookies

    with away():
        answer = client.post(form_named("confirm").path(here), {"revision": "1"})

    assert AGAIN not in answer.content.decode()


def test_file__while_nothing_can_be_written__is_said_to_be_lost_and_the_rest_is_kept(
    at_moment: AtMoment,
) -> None:
    here = world_of(at_moment)
    form = form_named("draft add-paste")
    typed = form.typed(here)
    let_it_be_read_only()

    sent = {**typed, "csv": SimpleUploadedFile("cases.csv", "阪労一E01234\n".encode())}
    page = assert_polite(here.visitor.post(form.path(here), sent))

    assert "選んだファイルは残せませんでした" in page.text
    assert repeating(page).value("paste") == typed["paste"][0]
