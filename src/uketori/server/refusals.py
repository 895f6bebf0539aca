"""The pages of the front itself, made once when the process starts: no thread waits for them."""

from http import HTTPStatus

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori.server.wsgi_call import Answer
from uketori.web.errors import stylesheet
from uketori.web.middleware import permissions_policy

Words = tuple[Promise, Promise, Promise]
"""What happened, how it stands now, and what to do."""

WORDS: dict[HTTPStatus, Words] = {
    HTTPStatus.REQUEST_TIMEOUT: (
        _("送信が途中で止まりました"),
        _("内容が最後まで届かなかったため、何も登録されていません。"),
        _("前の画面にもどり、電波や回線を確かめてから、もう一度送信してください。"),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        _("送信された内容が大きすぎます"),
        _("一度に受け取れる量を超えています。何も登録されていません。"),
        _("前の画面にもどり、貼り付けた内容やファイルを小さく分けて、もう一度お試しください。"),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        _("ただいま混み合っています"),
        _("送信された内容は、まだ受け付けていません。"),
        _("前の画面にもどり、少し待ってから、もう一度お試しください。"),
    ),
}
RETRY_AFTER_SECONDS = 5


def refusals() -> dict[HTTPStatus, Answer]:
    """Return an answer for each status, with the headers of every other page."""
    with translation.override(settings.LANGUAGE_CODE):
        refused = {status: _answer(status, "refused", *words) for status, words in WORDS.items()}
        fault = HTTPStatus.INTERNAL_SERVER_ERROR
        return {**refused, fault: _answer(fault, "500")}


def _answer(
    status: HTTPStatus, name: str, heading: object = "", lead: object = "", advice: object = ""
) -> Answer:
    context = {
        "official": settings.OFFICIAL,
        "stylesheet": stylesheet(),
        "number": status.value,
        "heading": heading,
        "lead": lead,
        "advice": advice,
    }
    html = render_to_string(f"web/errors/{name}.html", context)
    page = HttpResponse(html, status=status, headers={"Cache-Control": "no-store"})
    page.headers["Connection"] = "close"  # the rest of what was being sent is not waited for
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        page.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    # What every page goes through; it adds its headers to this one.
    dress = SecurityMiddleware(CSPMiddleware(permissions_policy(lambda _request: page)))
    dress(RequestFactory().get("/", secure=True))
    headers = [(name.lower().encode(), value.encode()) for name, value in page.items()]
    return Answer(status, headers, page.content)
