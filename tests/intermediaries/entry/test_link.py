"""The link of the mail: one hour, one use, seven states.  利用案内 2(1), R-15, R-18."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests import factories
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.models import MailAddress, MailProof

pytestmark = pytest.mark.django_db

ASKED = at("2026-06-08 10:00")
LIST = "/osaka/reservations/"


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime) -> None:
    factories.first_notice()


def state_of(path: str, client: Client | None = None) -> str:
    text = (client or Client()).get(path).content.decode()
    (state,) = re.findall(r'data-link-state="(\w+)"', text)
    return str(state)


def is_inside(client: Client) -> bool:
    return client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(0), "fresh"),
        (timedelta(minutes=59, seconds=59), "fresh"),
        (timedelta(minutes=59, seconds=59, milliseconds=999), "fresh"),
        (timedelta(minutes=60), "expired"),
        (timedelta(days=3), "expired"),
    ],
)
def test_link__opened_some_time_after__fresh_for_one_hour(
    at_moment: AtMoment, after: timedelta, state: str
) -> None:
    path = factories.link_of(factories.proof())
    at_moment(ASKED + after)
    client = Client()

    assert state_of(path, client) == state
    client.post(path)
    assert is_inside(client) is (state == "fresh")


def test_link__fresh_page_left_open_beyond_the_hour__post_refused(at_moment: AtMoment) -> None:
    path = factories.link_of(factories.proof())
    client = Client()
    at_moment(ASKED + timedelta(minutes=59))
    assert state_of(path, client) == "fresh"

    at_moment(ASKED + timedelta(minutes=60))
    text = client.post(path).content.decode()

    assert 'data-link-state="expired"' in text
    assert not is_inside(client)


def test_link__used_at_minute_59__session_has_its_own_hour(at_moment: AtMoment) -> None:
    """R-18: the input is not cut off with the link's hour."""
    path = factories.link_of(factories.proof())
    client = Client()
    at_moment(ASKED + timedelta(minutes=59))
    client.post(path)

    at_moment(ASKED + timedelta(minutes=118, seconds=59))
    assert is_inside(client)


@pytest.mark.parametrize("method", ["get", "head"])
def test_link__looked_at_by_scanners__still_fresh(method: str) -> None:
    path = factories.link_of(factories.proof())

    for _ in range(3):
        assert getattr(Client(), method)(path).status_code == 200

    assert MailProof.objects.get().spent_at is None
    assert state_of(path) == "fresh"
    client = Client()
    client.post(path)
    assert is_inside(client)


def test_link__asked_here_opened_there__other_device_works() -> None:
    asking, other = Client(), Client()
    asking.post("/osaka/entry", {"address": "aoki@example.jp"})
    path = factories.link_of(MailProof.objects.get())

    other.post(path)

    assert is_inside(other)
    assert not is_inside(asking)


def test_link__every_unspent_one__works_for_its_own_hour(at_moment: AtMoment) -> None:
    """A stranger who asks for more links shuts nobody out."""
    first = factories.link_of(factories.proof())
    at_moment(ASKED + timedelta(minutes=30))
    second = factories.link_of(factories.proof())
    at_moment(ASKED + timedelta(minutes=59))
    assert [state_of(first), state_of(second)] == ["fresh", "fresh"]

    at_moment(ASKED + timedelta(minutes=60))
    assert [state_of(first), state_of(second)] == ["expired", "fresh"]


def test_link__second_of_three_used__retires_the_earlier_not_the_later() -> None:
    first, second, third = (factories.link_of(factories.proof()) for _ in range(3))
    other_person = factories.link_of(factories.proof("beppu@example.jp"))

    client = Client()
    client.post(second)

    assert [state_of(one) for one in (first, second, third)] == [
        "retired",
        "spent_elsewhere",
        "fresh",
    ]
    assert state_of(other_person) == "fresh"
    late = Client()
    late.post(first)
    assert not is_inside(late)


def test_link__used_twice_in_one_browser__leads_on() -> None:
    path = factories.link_of(factories.proof())
    client = Client()
    client.post(path)

    again = client.post(path)

    assert (again.status_code, again["Location"]) == (302, LIST)
    assert MailAddress.objects.count() == 1


def fresh() -> tuple[str, Client]:
    return factories.link_of(factories.proof()), Client()


def spent_here() -> tuple[str, Client]:
    path, client = fresh()
    client.post(path)
    return path, client


def spent_elsewhere() -> tuple[str, Client]:
    return spent_here()[0], Client()


def expired() -> tuple[str, Client]:
    return factories.link_of(factories.proof(at=ASKED - timedelta(hours=1))), Client()


def retired() -> tuple[str, Client]:
    path = factories.link_of(factories.proof())
    Client().post(factories.link_of(factories.proof()))
    return path, Client()


def malformed() -> tuple[str, Client]:
    path, client = fresh()
    return path[:-1], client


def unknown() -> tuple[str, Client]:
    return f"/osaka/entry/{'A' * 22}", Client()


STATES = [fresh, spent_here, spent_elsewhere, expired, retired, malformed, unknown]


def main_part(path: str, client: Client) -> str:
    text = client.get(path).content.decode()
    return text[text.index("<main") : text.index("</main>")]


@pytest.mark.parametrize("situation", STATES)
def test_link_page__each_state__its_sentence_and_one_button(
    situation: Callable[[], tuple[str, Client]],
) -> None:
    path, client = situation()

    shown = main_part(path, client)

    assert f'data-link-state="{situation.__name__}"' in shown
    assert shown.count("<h1>") == 1
    assert len(re.findall(r'class="page__lead">[^<]*', shown)) == 1
    assert len(re.findall(r'class="button ', shown)) == 1


@pytest.mark.parametrize("situation", STATES)
def test_link_page__nothing_was_pressed__says_confirmed_only_where_it_was_used_here(
    situation: Callable[[], tuple[str, Client]],
) -> None:
    shown = main_part(*situation())

    done = [words for words in ("確認しました", "確認は済んでいます") if words in shown]
    assert done == (["確認は済んでいます"] if situation is spent_here else [])


def test_link_page__seven_states__seven_headings() -> None:
    headings = {re.findall(r"<h1>(.+?)</h1>", main_part(*situation()))[0] for situation in STATES}

    assert len(headings) == 7


def test_link_page__spent_here_and_session_over__offers_a_new_mail(at_moment: AtMoment) -> None:
    path, client = spent_here()
    assert f'href="{LIST}"' in main_part(path, client)

    at_moment(ASKED + timedelta(hours=2))

    shown = main_part(path, client)
    assert "新しいメールを送る" in shown
    assert len(re.findall(r'class="button ', shown)) == 1


@pytest.mark.parametrize("situation", [expired, retired, spent_elsewhere])
def test_link_page__cannot_be_used__one_click_sends_to_the_same_address(
    situation: Callable[[], tuple[str, Client]],
) -> None:
    shown = main_part(*situation())

    assert '<input type="hidden" name="address" value="aoki@example.jp">' in shown
    assert 'action="/osaka/entry"' in shown


@pytest.mark.parametrize("situation", STATES)
def test_link_page__any_state__kept_out_of_caches(
    situation: Callable[[], tuple[str, Client]],
) -> None:
    path, client = situation()

    response = client.get(path)

    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert response.status_code == (404 if situation is unknown else 200)


@pytest.mark.parametrize("token", ["a" * 21, "a" * 23, "a" * 21 + ".", "ａ" * 22])
def test_link__cut_or_changed__malformed(token: str) -> None:
    assert state_of(f"/osaka/entry/{token}") == "malformed"


def test_link__of_another_bureau__not_found_there() -> None:
    token = factories.token_of(factories.proof())

    assert Client().get(f"/kobe/entry/{token}").status_code == 404
