"""503: the database is busy or away.  What was sent stands in the page; one press sends it again.

Nothing here asks the database, a session or a context processor that does.  The page holds only
what this very browser has just sent, with its key: what was done after all is not done twice.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori.bureaus.context import bureau
from uketori.database import Trouble, reopen
from uketori.staff.form_pages import shown_at
from uketori.staff.sessions import is_of_staff
from uketori.web.context import site

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = {Trouble.BUSY: 5, Trouble.AWAY: 10}
TITLES = {
    Trouble.BUSY: _("ただいま混み合っています"),
    Trouble.AWAY: _("ただいま受け付けられません"),
}
LEADS = {
    Trouble.BUSY: _("ほかの手続と重なり、時間内に終わりませんでした。"),
    Trouble.AWAY: _("システムが一時的に使えません。ご不便をおかけして申し訳ありません。"),
}
NOBODY = {"visitor": None, "banner": None, "bar": None, "not_done": None, "messages": ()}
"""What the pages around it would ask the database for."""
NOT_SENT_AGAIN = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Again:
    """What the press of the button sends: the same as before, to the same address."""

    action: str
    fields: list[tuple[str, str]]
    csrf_token: str
    had_files: bool


def unavailable(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """Answer politely, and let the next request begin with a fresh connection."""
    if trouble is Trouble.AWAY:
        reopen()
    html = render_to_string(_template_of(request), _context(request, trouble))
    response = HttpResponse(html, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[trouble])
    # One line and no frames; the route and not the address, which may hold a key.
    route = request.resolver_match.route if request.resolver_match else "…"
    log.warning("503 %s /%s: the database is %s", request.method, route, trouble.value)
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's mark
    return response


def _template_of(request: HttpRequest) -> str:
    return "staff/unavailable.html" if is_of_staff(request) else "bureaus/unavailable.html"


def _context(request: HttpRequest, trouble: Trouble) -> dict[str, object]:
    title: Promise = TITLES[trouble]
    return {
        **site(request),
        **bureau(request),
        **NOBODY,
        "request": request,
        "heading": title,
        "lead": LEADS[trouble],
        "again": _again(request),
        "was_sent": request.method == "POST",
        "page": shown_at(request.get_full_path()),
    }


def _again(request: HttpRequest) -> Again | None:
    """Return what to send again; None for what is none of ours, or holds a password.

    What has not passed the check against forgery is not made to pass it by a press.
    """
    return again_of(request) if getattr(request, "csrf_processing_done", False) else None


def again_of(request: HttpRequest) -> Again | None:
    """Return the same with a fresh token, to be sent once more; None of what may be a password."""
    if request.method != "POST" or _may_hold_a_password(request):
        return None
    return Again(
        action=request.get_full_path(),
        fields=[
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != NOT_SENT_AGAIN
        ],
        csrf_token=get_token(request),
        had_files=bool(request.FILES),
    )


def _may_hold_a_password(request: HttpRequest) -> bool:
    """Tell whether it is a form of one's own account: only acts at a bureau are kept."""
    match = request.resolver_match
    return is_of_staff(request) and not (match and hasattr(match.func, "act"))
