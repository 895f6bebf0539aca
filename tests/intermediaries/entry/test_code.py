"""The six digits: only on the device that asked, five tries a mail, a cap a day.  R-15."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests import factories
from tests.answers import Answer
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.models import MailProof

pytestmark = pytest.mark.django_db

SENT = "/osaka/entry/sent"
MONDAY = at("2026-06-08 10:00")
NO_MORE = "確認コードは、これ以上お試しになれません。"


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime) -> None:
    factories.first_notice()


@pytest.fixture
def asking() -> Client:
    """The device on which the mail was asked for."""
    client = Client()
    client.post("/osaka/entry", {"address": "aoki@example.jp"})
    return client


def right() -> str:
    return factories.code_of(MailProof.objects.order_by("-pk")[0])


def wrong() -> str:
    return f"{(int(right()) + 1) % 10**6:06d}"


def type_code(client: Client, code: str) -> Answer:
    return client.post(SENT, {"code": code})


def is_inside(client: Client) -> bool:
    return client.get("/osaka/reservations/").status_code == 200


@pytest.mark.parametrize("form", ["{0}", " {0} ", "{1} {2}", "{1}-{2}", "{3}"])
def test_code__right_on_the_asking_device__inside(asking: Client, form: str) -> None:
    code = right()
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    type_code(asking, form.format(code, code[:3], code[3:], wide))

    assert is_inside(asking)
    assert MailProof.objects.get().spent_at == MONDAY


def test_code__wrong__told_and_counted(asking: Client) -> None:
    response = type_code(asking, wrong())

    assert response.status_code == 422
    assert "確認コードが違います。" in response.content.decode()
    assert not is_inside(asking)
    assert MailProof.objects.get().wrong_codes == 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345x"])
def test_code__not_six_digits__told_and_not_counted(asking: Client, typed: str) -> None:
    assert type_code(asking, typed).status_code == 422
    assert MailProof.objects.get().wrong_codes == 0


@pytest.mark.parametrize(("wrong_before", "enters"), [(4, True), (5, False)])
def test_code__right_after_wrong_ones__five_wrong_are_the_last(
    asking: Client, wrong_before: int, enters: bool
) -> None:
    for _ in range(wrong_before):
        type_code(asking, wrong())

    type_code(asking, right())

    assert is_inside(asking) is enters


def test_code__fifth_wrong_one__says_to_use_the_link_which_still_works(asking: Client) -> None:
    answers = [type_code(asking, wrong()).content.decode() for _ in range(5)]

    assert [NO_MORE in answer for answer in answers] == [False, False, False, False, True]
    asking.post(factories.link_of(MailProof.objects.get()))
    assert is_inside(asking)


def test_code__another_device__cannot_try_at_all(asking: Client) -> None:
    other = Client()

    response = type_code(other, right())

    assert (response.status_code, response["Location"]) == (302, "/osaka/entry")
    assert not is_inside(other)
    assert MailProof.objects.get().wrong_codes == 0


def test_code__another_device_that_asked_for_the_same_address__has_its_own_code(
    asking: Client,
) -> None:
    """A stranger who asks for 青木's address too can only try the code of his own mail."""
    first = right()
    stranger = Client()
    stranger.post("/osaka/entry", {"address": "aoki@example.jp"})
    assert right() != first

    type_code(stranger, first)

    assert not is_inside(stranger)
    type_code(asking, first)
    assert is_inside(asking)


@pytest.mark.parametrize(
    ("after", "enters"),
    [(timedelta(minutes=59, seconds=59), True), (timedelta(minutes=60), False)],
)
def test_code__some_time_after__right_for_one_hour(
    asking: Client, at_moment: AtMoment, after: timedelta, enters: bool
) -> None:
    at_moment(MONDAY + after)

    response = type_code(asking, right())

    assert is_inside(asking) is enters
    assert ("もう使えません" in response.content.decode()) is not enters


def test_code__link_was_used_before__over(asking: Client) -> None:
    Client().post(factories.link_of(MailProof.objects.get()))

    response = type_code(asking, right())

    assert "もう使えません" in response.content.decode()
    assert not is_inside(asking)


def wrong_tries(how_many: int) -> None:
    """Use up tries of 青木's address, five a mail, from new browsers."""
    done = 0
    while done < how_many:
        client = Client()
        client.post("/osaka/entry", {"address": "aoki@example.jp"})
        for _ in range(min(5, how_many - done)):
            type_code(client, wrong())
            done += 1


@pytest.mark.parametrize(("tries", "enters"), [(19, True), (20, False)])
def test_code__wrong_ones_of_a_day__twenty_are_the_last(tries: int, enters: bool) -> None:
    wrong_tries(tries)
    client = Client()
    client.post("/osaka/entry", {"address": "aoki@example.jp"})

    response = type_code(client, right())

    assert is_inside(client) is enters
    assert (NO_MORE in response.content.decode()) is not enters


def test_code__cap_of_the_day_reached__link_and_next_day_work(at_moment: AtMoment) -> None:
    wrong_tries(20)
    client = Client()
    client.post(factories.link_of(MailProof.objects.order_by("-pk")[0]))
    assert is_inside(client)

    at_moment(MONDAY + timedelta(days=1))
    tomorrow = Client()
    tomorrow.post("/osaka/entry", {"address": "aoki@example.jp"})
    type_code(tomorrow, right())
    assert is_inside(tomorrow)


def test_code__cap_of_one_address__another_address_is_free() -> None:
    wrong_tries(20)
    client = Client()
    client.post("/osaka/entry", {"address": "beppu@example.jp"})

    type_code(client, right())

    assert is_inside(client)
