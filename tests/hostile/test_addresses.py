"""Hostile addresses, and hostile ways on."""

import pytest

from tests.hostile.requests import VALUES, Sent
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
    "/osaka/entry/{}",
    "/osaka/reservations/{}",
    "/osaka/reservations/{}/copy",
    "/osaka/reservations/{}/mails",
    "/osaka/reservations/{}/calendar.ics",
    "/osaka/reservations/drafts/{}",
    "/osaka/reservations/drafts/{}/confirmation",
    "/{}/entry",
    "/{}/reservations/",
    "/osaka/notice/{}",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "name",
    [
        "%00",
        "%FF%FE",
        "%E2%80%AE",
        "9" * 30,
        "9" * 5000,
        "-1",
        "..%2F..",
        "%3Cscript%3E",
        "x" * 3000,
    ],
    ids=lambda name: name[:12],
)
def test_hostile_address(world: World, place: str, name: str) -> None:
    before = rows()
    for method in ("GET", "POST"):
        with undone(world.visitor):
            answer = send(world.visitor, place.format(name), Sent(b"", method=method))
            assert_answered(answer)
            assert answer.status_code in {200, 302, 404, 405}
            assert rows() == before


@pytest.mark.parametrize(
    "value",
    [
        value
        for name, value in VALUES.items()
        if "site" in name or "script" in name or name == "markup"
    ],
)
def test_next__in_a_link__stays_here(world: World, value: str) -> None:
    for path in ("/osaka/holders/new", f"/osaka/holders/{world.claim.pk}", "/osaka/entry"):
        for client in (world.visitor, world.stranger):
            with undone(client):
                assert_answered(client.get(path, {"next": value, "holder": value}))


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
