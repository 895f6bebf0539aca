"""What is hostile and was saved, or comes in masses or as a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.hostile import requests
from tests.hostile.forms import form_named
from tests.hostile.requests import Sent, encoded, values_for, with_value
from tests.hostile.trial import (
    Trial,
    assert_answered,
    assert_kept,
    assert_told,
    landed,
    rows,
    send,
    undone,
)
from tests.hostile.world import World
from tests.journeys.reading import Page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("how_many", [16, 300])
@pytest.mark.parametrize("button", ["keep", "proceed", "add-row", "drop-1", "add-paste"])
def test_too_many_rows__every_number_is_shown_again(
    world: World, button: str, how_many: int
) -> None:
    form = form_named(f"draft {button}")
    numbers = {f"number-{order}": [f"阪労一E{order:05d}"] for order in range(1, how_many + 1)}
    typed = {**form.typed(world), "paste": [""], **numbers}
    typed |= {"paste": ["阪労一E99999"]} if button == "add-paste" else {}
    answer = Trial(form, world).judged(Sent(encoded(typed)), {})
    pages = (
        [Page(answer.content.decode())]
        if answer.status_code == 422
        else landed(world.visitor, answer)
    )
    shown = {control.value for one in pages[-1].forms for control in one.controls}
    expected = {
        value for name, (value,) in numbers.items() if (button, name) != ("drop-1", "number-1")
    }
    assert expected <= shown
    if how_many > 200 or button == "proceed":
        assert "TOO_MANY_CASES" in pages[-1].refusals


@pytest.mark.parametrize("name", requests.CSV_FILES)
def test_uploaded_file(world: World, name: str) -> None:
    form = form_named("draft add-paste")
    typed = {key: values[-1] for key, values in form.typed(world).items()}
    upload = SimpleUploadedFile(f"{'x' * 300}\r\n<b>.csv", requests.CSV_FILES[name])
    before = rows()
    answer = world.visitor.post(form.path(world), {**typed, "csv": upload})
    assert_answered(answer)
    changed = {key for key, row in rows().items() if before.get(key) != row}
    assert {table for table, _pk in changed} <= {"Draft"}
    if answer.status_code == 422:
        assert_told(answer)
        assert_kept(form, form.typed(world), Page(answer.content.decode()))
    else:
        assert landed(world.visitor, answer)


@pytest.mark.parametrize("field", requests.SAVED)
def test_hostile_draft__looked_at_and_confirmed(world: World, field: str) -> None:
    """What was saved as a draft comes to every page that reads it, and to the booking.

    To the booking page itself, too: that is where ``test_hostile_value`` lands.
    """
    keep, confirm = form_named("draft keep"), form_named("confirm")
    for name, value in values_for(field).items():
        if name in requests.TOO_LARGE_TO_SAVE:
            continue
        with undone(world.visitor):
            saved = encoded(with_value(keep.typed(world), field, value))
            send(world.visitor, keep.path(world), Sent(saved))
            trial = Trial(confirm, world)
            for path in ("/osaka/reservations/", confirm.path(world)):
                assert_answered(world.visitor.get(path))
            typed = {**confirm.typed(world), "revision": ["2"]}
            trial.attack(name, Sent(encoded(typed)))
            del typed["slot"]
            trial.attack(f"{name}, own hour", Sent(encoded(typed)))
            trial.attack(f"{name}, changed since", Sent(encoded({**typed, "revision": ["1"]})))
            trial.end()
