"""The same door, tried on pages made for it: each person, each act, both methods."""

import pytest
from django.test import Client

from tests.situations import staff_client
from tests.staff.test_permissions import PEOPLE, leads_to_the_sign_in
from uketori.rules.permissions import Act, may

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.staff.urls")]
DOORS = {"note": Act.SEE_BOARD, "house": Act.MANAGE_STAFF}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", DOORS)
def test_door__for_each_person(page: str, method: str, who: str) -> None:
    make, role, refused = PEOPLE[who]

    answer = getattr(make(), method)(f"/staff/osaka/{page}")

    assert answer.status_code == (200 if may(role, DOORS[page]) else refused)
    assert leads_to_the_sign_in(answer) == (answer.status_code == 302)


def test_refusals__in_the_staff_s_own_look(client: Client) -> None:
    forbidden = staff_client().get("/staff/osaka/house").content.decode()
    assert "このページは、あなたの役割では使えません" in forbidden
    assert "staff-bar" in forbidden
    assert "千葉 光" in forbidden
    assert "ページが見つかりません" in staff_client().get("/staff/minato/house").content.decode()
    assert "staff-bar" not in client.get("/nowhere/").content.decode()

    strict = Client(enforce_csrf_checks=True)
    assert "送信できませんでした" in strict.post("/staff/sign-in").content.decode()
    assert "staff-bar" in strict.post("/staff/sign-in").content.decode()
    assert "staff-bar" not in strict.post("/osaka/entry").content.decode()


@pytest.mark.parametrize("who", PEOPLE)
def test_bureau_that_does_not_exist__is_404_or_asks_to_sign_in(who: str) -> None:
    make, _role, refused = PEOPLE[who]

    answer = make().get("/staff/nowhere/note")

    assert answer.status_code == (302 if refused == 302 else 404)
