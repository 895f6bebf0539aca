"""Filling in the form of who comes."""

from datetime import date

from django.test import Client

from tests.answers import Answer

NEW = "/osaka/holders/new"


def entry(**changes: str) -> dict[str, str]:
    """What 青木 types."""
    return {
        "kind": "org_staff",
        "education": "no",
        "number": "大取第10234号",
        "expires_on_year": "2028",
        "expires_on_month": "3",
        "expires_on_day": "31",
        "name": "青木 花子",
        "name_kana": "あおき はなこ",
        "organisation": "株式会社あおぞら製作所",
        "phone": "06-1234-5678",
        **changes,
    }


def enter(
    client: Client, path: str = NEW, *, expires_on: date | None = None, **changes: str
) -> Answer:
    """Send the form; ``changes`` are its fields."""
    if expires_on:
        parts = ("year", "month", "day")
        changes |= {f"expires_on_{part}": str(getattr(expires_on, part)) for part in parts}
    return client.post(path, entry(**changes))
