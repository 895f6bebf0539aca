"""The pages for what went wrong on the staff's side; everywhere else the public's own.

``config/urls.py`` and ``CSRF_FAILURE_VIEW`` name them.  Whatever a request could not do for trouble
with the database ends here, wherever it was met: see ``staff.unavailable``.
"""

import sys
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori.database import let_go_of, trouble_of
from uketori.intermediaries.session.not_done import name_of, undone_by
from uketori.staff.sessions import is_of_staff
from uketori.staff.unavailable import Again, again_of, unavailable
from uketori.web import errors

FORBIDDEN = (
    _("このページは、あなたの役割では使えません"),
    _("いまの操作は行っていません。必要なときは、責任者か管理者に申し出てください。"),
)
NOT_FOUND = (
    _("ページが見つかりません"),
    _("アドレスが違うか、担当していない局のページです。"),
)
FORM_TOO_OLD = (
    _("送信できませんでした"),
    _(
        "画面を開いたあとにサインインしなおしたか、Cookieが使えないためです。いまの操作は行っていません。"
        "前の画面にもどり、読み込みなおしてから、もう一度送信してください。"
    ),
)
Words = tuple[str | Promise, str | Promise]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent could not be read; or the staff's session could not be saved."""
    if trouble := trouble_of(exception):
        let_go_of(exception)
        return unavailable(request, trouble)
    return errors.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 where the database is busy or away."""
    error = sys.exc_info()[1]
    if trouble := trouble_of(error):
        let_go_of(error)
        return unavailable(request, trouble)
    return errors.server_error(request)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: one's role does not hold this act."""
    if not is_of_staff(request):
        return errors.permission_denied(request, exception)
    return _page(request, FORBIDDEN, HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or at a bureau where one has no post, which is the same."""
    if not is_of_staff(request):
        return errors.page_not_found(request, exception)
    return _page(request, NOT_FOUND, HTTPStatus.NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form belongs to another session; what one of our own pages sent is kept in it.

    The browser itself says from where it was sent.  What comes from anywhere else, or from who
    knows where, is not offered to be sent again: a press must not do what a stranger asked for.
    """
    again = again_of(request) if _is_from_here(request) else None
    if not is_of_staff(request):
        undone = undone_by(name_of(request)).text if again else ""
        return errors.csrf_failure(request, reason, again=again, undone=undone)
    return _page(request, FORM_TOO_OLD, HTTPStatus.FORBIDDEN, again=again)


def _is_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    here = f"{'https' if request.is_secure() else 'http'}://{request.get_host()}"
    return origin in {here, *settings.CSRF_TRUSTED_ORIGINS}


def _page(
    request: HttpRequest, words: Words, status: HTTPStatus, *, again: Again | None = None
) -> HttpResponse:
    title, lead = words
    context = {"heading": title, "lead": lead, "number": status.value, "again": again}
    response = render(request, "staff/error.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
