"""Forms that lose nothing when the time ends or is lengthened.  D04, D13.

The booking page has its draft; every other form of a session keeps what it held under the address
of its page, and shows it there again until it was sent or thrown away.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from uketori import clock
from uketori.intermediaries.session.kept import find_kept, forget, keep
from uketori.intermediaries.session.visitor import Visitor, arrival_of, rescued_by, touch

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]

KEEP = "keep"
FORGET = "forget"


def keeps_input(view: View[P]) -> View[P]:
    """Keep what this view's form holds when it comes too late, or asks only for more time.

    The view shows ``typed_before(request)`` on GET; it is forgotten once a POST leads elsewhere.
    """

    @wraps(view)
    def keeping(
        request: HttpRequest, visitor: Visitor, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        act = request.POST.get("do")
        if act == KEEP:
            return _keep_and_stay(request, visitor)
        if act == FORGET:
            forget(visitor.mail_address, request.path)
            return redirect(request.path)
        if request.method != "POST":
            before = find_kept(visitor.mail_address, request.path)
            request.typed_before = before  # type: ignore[attr-defined]  # read by typed_before
        response = view(request, visitor, *args, **kwargs)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect):
            forget(visitor.mail_address, request.path)
        return response

    return rescued_by(_rescue)(keeping)


def rescued_at(page: str) -> Callable[[View[P]], View[P]]:
    """Keep a POST that came too late under another page of the bureau, which shows its form."""

    def rescue(request: HttpRequest, visitor: Visitor, **_kwargs: object) -> str:
        shown_at = reverse(page, kwargs={"bureau": visitor.policy.code})
        is_kept = keep(visitor.mail_address, shown_at, request.POST, clock.now())
        return shown_at if is_kept else ""

    return rescued_by(rescue)


def typed_before(request: HttpRequest) -> QueryDict:
    """Return what was kept of this page's form, empty if nothing."""
    return getattr(request, "typed_before", None) or QueryDict()


def kept_by(form: str, request: HttpRequest, *, enter: str = "send") -> dict[str, object]:
    """Return what a template needs to keep the form of this id; ``enter`` is the key's act."""
    return {
        "keep_form": form,
        "keep_enter": enter,
        "shows_typed_before": bool(typed_before(request)),
    }


def begin_with(form: forms.Form, typed: QueryDict) -> None:
    """Show in a form that was not sent yet what was typed before; nothing is judged."""
    for name, field in form.fields.items():
        if not field.widget.value_omitted_from_data(typed, MultiValueDict(), name):
            form.initial[name] = field.widget.value_from_datadict(typed, MultiValueDict(), name)


def _keep_and_stay(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    at = arrival_of(request)
    touch(visitor, at)
    if keep(visitor.mail_address, request.path, request.POST, at):
        messages.success(request, _("入力を保存しました。あとから続きを入力できます。"))
    else:
        messages.warning(request, _("入力が長すぎるため、保存できませんでした。"))
    return redirect(request.path)


def _rescue(request: HttpRequest, visitor: Visitor, **_kwargs: object) -> str:
    """Keep a POST that came after the session's end; it is shown after proving the address."""
    if request.POST.get("do") == FORGET:
        return ""
    is_kept = keep(visitor.mail_address, request.path, request.POST, clock.now())
    return request.path if is_kept else ""
