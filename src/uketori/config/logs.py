"""Lines of the log that name a place in the program and nobody: no link, code, address or value.

A path may hold the token of a link that still works, a referrer the same, and the text of an
exception whatever stood in a row or a form.  So of a request its route is written, of an exception
its kind and where it rose.
"""

import logging
import traceback
from collections.abc import Iterator
from http import HTTPStatus

from django.http import HttpRequest

CSRF = "django.security.csrf"
SERVER_ERROR = 500


class DiscreetFormatter(logging.Formatter):
    """One line an event; below it, where the program fell, if it did."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the frames of an exception that is our fault."""
        request = getattr(record, "request", None)
        status = getattr(record, "status_code", SERVER_ERROR)
        lines = [f"{record.levelname} {record.name} {_words(record, request, status)}"]
        if record.exc_info and record.exc_info[1] and status >= SERVER_ERROR:
            lines += _fall(record.exc_info[1])
        return "\n".join(lines)


def _words(record: logging.LogRecord, request: object, status: int) -> str:
    if not isinstance(request, HttpRequest):
        return record.getMessage()
    match = request.resolver_match
    what = HTTPStatus(status).phrase
    if record.exc_info and record.exc_info[1]:
        what = type(record.exc_info[1]).__name__
    elif record.name == CSRF and isinstance(record.args, tuple) and record.args:
        # what follows the dash repeats a header
        what = str(record.args[0]).partition(" - ")[0].removesuffix(".")
    return f"{status} {request.method} /{match.route if match else '…'}: {what}"


def _fall(error: BaseException) -> Iterator[str]:
    """Yield the exception and those it followed from: kinds and frames, never their texts."""
    known: set[int] = set()
    falling: BaseException | None = error
    while falling is not None and id(falling) not in known:
        known.add(id(falling))
        yield f"{type(falling).__module__}.{type(falling).__qualname__}"
        yield from (line.rstrip("\n") for line in traceback.format_tb(falling.__traceback__))
        falling = falling.__cause__ or falling.__context__
