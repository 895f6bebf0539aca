"""TODO staff.kept"""

from typing import Any

from django.http import HttpRequest

from uketori.staff.kept_posts import kept_post


def sent(request: HttpRequest) -> Any:  # noqa: ANN401 - a QueryDict or None, as forms take it
    """Return what was typed into the form: now, or before the session was locked."""
    return request.POST if request.method == "POST" else kept_post(request)
