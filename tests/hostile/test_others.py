"""What is somebody else's is neither shown nor written, whatever is sent."""

import re
from uuid import uuid4

import pytest

from tests.hostile.forms import FORMS, form_named
from tests.hostile.requests import Sent, encoded
from tests.hostile.trial import (
    Trial,
    assert_answered,
    rows,
    send,
)
from tests.hostile.world import World

pytestmark = pytest.mark.django_db

NOT_THEIRS = [
    ("holders:revise", "/osaka/holders/{}"),
    ("holders:renewal", "/osaka/holders/{}/renewal"),
    ("holders:removal", "/osaka/holders/{}/removal"),
    ("reservations:confirm", "/osaka/reservations/drafts/{}/confirmation"),
    ("reservations:show", "/osaka/reservations/{}"),
    ("reservations:calendar", "/osaka/reservations/{}/calendar.ics"),
    ("reservations:copy", "/osaka/reservations/{}/copy"),
    ("reservations:mails", "/osaka/reservations/{}/mails"),
    ("reservations:changes", "/osaka/reservations/{}/changes"),
    ("reservations:cancellation", "/osaka/reservations/{}/cancellation"),
    ("reservations:hour", "/osaka/reservations/{}/hour"),
]


@pytest.mark.parametrize(("route", "path"), NOT_THEIRS, ids=[route for route, _path in NOT_THEIRS])
def test_not_yours_and_not_there__the_same_404(world: World, route: str, path: str) -> None:
    theirs, missing = {
        "holders": (world.rival_claim.pk, 987654321),
        "drafts": (world.rival_draft.key, uuid4()),
        "reservations": (world.rival_reservation.reference, "AAAA-2222"),
    }[path.split("/{}", maxsplit=1)[0].rsplit("/", 1)[1]]
    form = next((one for one in FORMS if one.route == route), None)
    body = encoded(form.typed(world)) if form else b""
    before = rows()
    for method in ("GET", "POST"):
        seen = []
        for name in (theirs, missing):
            answer = send(world.visitor, path.format(name), Sent(body, method=method))
            assert_answered(answer)
            seen.append((answer.status_code, neutral(answer.content.decode(), str(name))))
        assert seen[0] == seen[1]
        assert seen[0][0] in {404, 405}
    assert rows() == before


def neutral(html: str, name: str) -> str:
    """The page without its CSRF tokens and without the name that was asked for."""
    html = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", html)
    return re.sub(rf"/{re.escape(name)}\b", "/…", html)


def test_their_draft__cannot_be_written_or_deleted(world: World) -> None:
    path = f"/osaka/reservations/drafts/{world.rival_draft.key}"
    typed = form_named("draft keep").typed(world)
    before = rows()
    for body in (encoded(typed), encoded({**typed, "holder": [str(world.rival_claim.pk)]})):
        assert send(world.visitor, path, Sent(body)).status_code == 404
    answer = world.visitor.get(path)
    assert "知念" not in answer.content.decode()
    gone = world.visitor.post(f"{path}/deletion")
    unknown = world.visitor.post(f"/osaka/reservations/drafts/{uuid4()}/deletion")
    assert gone.status_code == unknown.status_code
    assert rows() == before


def test_draft__for_a_holder_who_is_not_ours__not_there(world: World) -> None:
    form = form_named("draft keep")
    trial = Trial(form, world)
    for holder in (str(world.rival_claim.pk), "-1", "0", "x", "", "１", "9" * 40):
        typed = {**form.typed(world), "holder": [holder]}
        trial.attack(holder, Sent(encoded(typed)), expected=404)
    trial.end()
