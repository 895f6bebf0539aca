"""Hostile addresses, and hostile ways on."""

import pytest

from tests.hostile.requests import Sent, values_for
from tests.hostile.trial import (
    assert_answered,
    rows,
    send,
    undone,
)
from tests.hostile.world import World

pytestmark = pytest.mark.django_db

PLACES = [
    "/osaka/holders/{}",
    "/osaka/holders/{}/renewal",
    "/osaka/holders/{}/removal",
    "/osaka/requests/{}",
    "/osaka/address/{}",
    "/osaka/entry/{}",
    "/osaka/reservations/{}",
    "/osaka/reservations/{}/copy",
    "/osaka/reservations/{}/changes",
    "/osaka/reservations/{}/cancellation",
    "/osaka/reservations/{}/hour",
    "/osaka/reservations/{}/mails",
    "/osaka/reservations/{}/calendar.ics",
    "/osaka/reservations/drafts/{}",
    "/osaka/reservations/drafts/{}/confirmation",
    "/{}/entry",
    "/{}/reservations/",
    "/{}/eligibility",
    "/{}/my-data/address/code",
    "/osaka/notice/{}",
]


NAMES = (
    "%00",
    "%FF%FE",
    "%E2%80%AE",
    "9" * 30,
    "9" * 5000,
    "-1",
    "..%2F..",
    "%3Cscript%3E",
    "x" * 3000,
)


@pytest.mark.parametrize("place", PLACES)
def test_hostile_address(world: World, place: str) -> None:
    before = rows()
    for name in NAMES:
        for method in ("GET", "POST"):
            with undone(world.visitor):
                answer = send(world.visitor, place.format(name), Sent(b"", method=method))
                assert_answered(answer)
                assert answer.status_code in {200, 302, 404, 405}, (name[:12], method)
                assert rows() == before, (name[:12], method)


@pytest.mark.parametrize("path", ["/osaka/holders/new", "/osaka/holders/{}", "/osaka/entry"])
def test_next__in_a_link__stays_here(world: World, path: str) -> None:
    for name, value in values_for("next").items():
        if "site" in name or "script" in name or name == "markup":
            for client in (world.visitor, world.stranger):
                with undone(client):
                    query = {"next": value, "holder": value}
                    assert_answered(client.get(path.format(world.claim.pk), query))


def test_next__kept_over_the_mail__stays_here(world: World) -> None:
    for value in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/osaka/\\..\\//evil",
    ):
        with undone(world.stranger):
            world.stranger.post("/osaka/entry", {"address": "fresh@example.jp", "next": value})
            answer = world.stranger.post(world.link)
            assert answer.status_code == 302
            assert_answered(answer)
