"""References of reservations: unguessable, and easy to read aloud."""

import re
import secrets

ALPHABET = "2346789ABCDEFGHJKMNPQRTUVWXY"
"""Without signs that are mistaken for one another: 0 O, 1 I L, 5 S, Z."""
HALF = 4


def new_reference() -> str:
    """Return e.g. ``K7M4-2QXP``: eight of twenty-eight signs, 38 bits of randomness."""
    halves = ("".join(secrets.choice(ALPHABET) for _ in range(HALF)) for _ in range(2))
    return "-".join(halves)


def is_reference(text: str) -> bool:
    """Tell whether the text has the form of a reference."""
    return re.fullmatch(ReferenceConverter.regex, text) is not None


class ReferenceConverter:
    """The part of an address that is a reference; anything else is not found."""

    regex = f"[{ALPHABET}]{{{HALF}}}-[{ALPHABET}]{{{HALF}}}"

    def to_python(self, value: str) -> str:
        """Return it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it stands."""
        return value
