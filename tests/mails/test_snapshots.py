"""Every registered mail, word for word, at every bureau.

    SNAPSHOTS=write pytest tests/mails/test_snapshots.py

writes them anew; what changed is then read in the diff, aloud.
"""

import os
from pathlib import Path

import pytest

from tests.every_bureau.bureaus import CODES
from tests.mails.stage import ACTS, Stage, mail_after
from uketori.outbox import registry
from uketori.outbox.registry import Rendered

FOLDER = Path(__file__).parent / "snapshots"
EVENTS = sorted(registry._renderers)


def in_words(rendered: Rendered) -> str:
    return (
        f"差出人：{rendered.from_name} <{rendered.from_address}>\n"
        f"件名：{rendered.subject}\n\n{rendered.body}"
    )


def test_every_registered_mail__has_a_situation_and_a_snapshot_at_every_bureau() -> None:
    assert sorted({name.partition(".")[0] for name in ACTS}) == EVENTS
    kept = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.txt")}
    assert kept == {f"{code}/{event}.txt" for code in CODES for event in ACTS}


@pytest.mark.django_db
@pytest.mark.parametrize("event", sorted(ACTS))
def test_mail__word_for_word(stage: Stage, event: str) -> None:
    told = in_words(stage.rendered(mail_after(event, stage)))
    path = FOLDER / stage.policy.code / f"{event}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told, encoding="utf-8")

    assert told == path.read_text(encoding="utf-8")
