"""Development only, loopback only: the mails that the catcher kept.

It reads what really went over the wire, not the outbox.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import lru_cache, wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from uketori import clock
from uketori.web.networks import is_from_here

NEWEST = 200
"""More are not shown on the page."""
LINK = re.compile(r"(https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]*[A-Za-z0-9/_~=%&#+-])")
"""What an address may hold; not 「。」 right after it, and no punctuation at its end."""

View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class KeptMail:
    """One mail as its reader would see it."""

    to: str
    subject: str
    text: str
    at: datetime

    @property
    def html(self) -> SafeString:
        """The text, escaped, with every address clickable by itself."""
        return with_links(self.text)


def from_here_only(view: View) -> View:
    """Answer 404 to every other machine, and keep the answer out of caches."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if not is_from_here(request):
            raise Http404
        response = view(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return wrapped


@login_not_required
@require_safe
@from_here_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the newest mails, newest first."""
    return render(request, "web/mailbox.html", {"mails": kept_mails()[:NEWEST]})


@login_not_required
@require_safe
@from_here_only
def mailbox_json(_request: HttpRequest) -> HttpResponse:
    """List all mails, newest first: ``to``, ``subject``, ``text``, ``at``."""
    mails = [
        {"to": mail.to, "subject": mail.subject, "text": mail.text, "at": mail.at.isoformat()}
        for mail in kept_mails()
    ]
    return JsonResponse(mails, safe=False, json_dumps_params={"ensure_ascii": False})


mailbox_urls = [
    path("dev/mailbox", mailbox, name="mailbox"),
    path("dev/mailbox.json", mailbox_json, name="mailbox_json"),
]


def kept_mails() -> list[KeptMail]:
    """Return the mails of the catcher's folder, newest first."""
    files = sorted(settings.MAILBOX.glob("*.eml"), reverse=True)
    return [read_mail(file) for file in files]


@lru_cache(maxsize=2000)  # a kept mail never changes
def read_mail(file: Path) -> KeptMail:
    """Read one mail as a mail program does."""
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if isinstance(body, EmailMessage) else ""
    date = message["Date"]
    return KeptMail(
        to=str(message["To"]),
        # Django folds a long subject right after the colon; the fold is no part of it.
        subject=str(message["Subject"]).strip(),
        text=text.replace("\r\n", "\n"),
        at=parsedate_to_datetime(str(date)) if date else clock.now(),
    )


def with_links(text: str) -> SafeString:
    """Escape the text and make its addresses links, each ending where the address ends."""
    pieces = LINK.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{}">{}</a>', piece, piece) if index % 2 else piece,)
            for index, piece in enumerate(pieces)
        ),
    )
