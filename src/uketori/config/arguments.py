"""What is typed on the command line, read or refused in one sentence.  Knows no Django."""

import argparse
import re
from datetime import MAXYEAR, MINYEAR, date, datetime

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

LAST_PORT = 65535


class CannotRun(Exception):
    """A command that cannot do what it was asked; its sentence is shown, and it ends with 2."""


def parse_moment(word: str) -> datetime:
    """Read an ISO 8601 moment with its offset.  Raises ``CannotRun``."""
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not MINYEAR < moment.year < MAXYEAR:
        message = (
            f"時刻「{word}」を読み取れません。2026-12-28T12:00+09:00 のように、"
            "時差（+09:00）まで書いてください。"
        )
        raise CannotRun(message)
    return moment


def parse_day(word: str) -> date:
    """Read an ISO 8601 day.  Raises ``CannotRun``."""
    try:
        day = date.fromisoformat(word) if DAY.fullmatch(word) else None
    except ValueError:
        day = None
    if day is None:
        message = f"日付「{word}」を読み取れません。2027-01-04 のように書いてください。"
        raise CannotRun(message)
    return day


def port_number(text: str) -> int:
    """Return the number of a port.  Raises ``argparse.ArgumentTypeError``."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_PORT:
        return int(text)
    message = f"ポートの番号は1から{LAST_PORT}までです：{text}"
    raise argparse.ArgumentTypeError(message)
