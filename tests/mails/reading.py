"""Reading a mail as a person does: where its lines end does not matter."""

import re


def solid(text: object) -> str:
    """The text without blanks and line ends."""
    return re.sub(r"\s", "", str(text))


def says(body: object, words: str) -> bool:
    return solid(words) in solid(body)
