"""The whole site, and beside it two pages of the staff with a form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from uketori.config import urls
from uketori.rules.permissions import Act
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.kept_posts import kept_post

FORM = (
    '{% extends "staff/base.html" %}{% block title %}メモ{% endblock title %}'
    "{% block content %}<h1>メモ</h1>"
    '<form action="{% url "note_saved" bureau="osaka" %}" method="post">'
    '{% csrf_token %}<label>メモ <textarea name="note">{{ typed }}</textarea></label>'
    "<button>記録する</button></form>{% endblock content %}"
)
SAVED: list[str] = []


@staff_only(Act.SEE_BOARD)
def note(request: HttpRequest, staff: Staff) -> HttpResponse:
    kept = kept_post(request, "note")
    template = engines["django"].from_string(FORM)
    return HttpResponse(template.render({"typed": kept["note"] if kept else ""}, request))


@staff_only(Act.RECORD_CALL)
@sent_from("note")
def note_saved(request: HttpRequest, staff: Staff) -> HttpResponse:
    SAVED.append(request.POST["note"])
    return redirect("note", bureau=staff.policy.code)


@staff_only(Act.MANAGE_STAFF)
def administrators_only(request: HttpRequest, staff: Staff) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("staff/<slug:bureau>/note", note, name="note"),
    path("staff/<slug:bureau>/note/saved", note_saved, name="note_saved"),
    path("staff/<slug:bureau>/house", administrators_only, name="house"),
    *urls.urlpatterns,
]
handler403, handler404 = urls.handler403, urls.handler404
