"""Steps of a booking in a browser without scripts."""

import re
from datetime import datetime
from html import unescape
from typing import Any

from django.test import Client

from tests import factories
from tests.answers import Answer
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.models import Draft

LIST = "/osaka/reservations/"


def draft_path(draft: Draft) -> str:
    return f"{LIST}drafts/{draft.key}"


def confirm_path(draft: Draft) -> str:
    return f"{draft_path(draft)}/confirmation"


def value_of(starts_at: datetime) -> str:
    """What the form sends for an hour."""
    return f"{starts_at:%Y-%m-%dT%H:%M}"


def confirm(client: Client, draft: Draft, **changes: Any) -> Answer:
    """Send the confirmation with everything declared; ``changes`` are fields of the form."""
    draft.refresh_from_db()
    fields = {"revision": draft.revision, "declared": list(factories.DECLARED), "notice": "1"}
    return client.post(confirm_path(draft), {**fields, **changes})


def type_into(client: Client, draft: Draft, numbers: list[str], **changes: Any) -> Answer:
    """Send the booking page with these numbers in its rows; ``do`` is the button."""
    fields: dict[str, Any] = {"holder": draft.claim_id, "do": "keep"}
    fields |= {f"number-{order}": number for order, number in enumerate(numbers, start=1)}
    sent = {name.replace("_", "-"): value for name, value in changes.items()}
    return client.post(draft_path(draft), {**fields, **sent})


def refusals(response: Answer) -> list[str]:
    """The stable codes on the page, each once, in order."""
    return list(dict.fromkeys(re.findall(r'data-refusal="(\w+)"', text_of(response))))


def text_of(response: Answer) -> str:
    return response.content.decode()


def main_of(response: Answer) -> str:
    """The page without its head and foot."""
    text = text_of(response)
    return text[text.index("<main") : text.index("</main>")]


def numbers_on(response: Answer) -> list[str]:
    """The numbers in the rows of the booking page, blank ones left out."""
    found = re.findall(r'id="number-\d+" name="number-\d+" value="([^"]*)"', text_of(response))
    return [number for number in found if number]


def saved(draft: Draft) -> DraftContent:
    """What the draft holds now."""
    draft.refresh_from_db()
    return DraftContent.from_json(draft.content)


def numbers_in(content: DraftContent) -> list[str]:
    return [row.number for row in content.filled().rows]


def words_of(response: Answer) -> str:
    """What stands on the page, without its markup."""
    return re.sub(r"\s*\n\s*", "\n", unescape(re.sub(r"<[^>]+>", "", main_of(response))))
