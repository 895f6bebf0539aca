"""Reading the page of a database that cannot serve."""

from collections import Counter

from tests.answers import Answer
from tests.hostile.form import Typed
from tests.hostile.trial import page_of
from tests.journeys.reading import Form, Page

AGAIN, OPEN_AGAIN = "もう一度送信する", "もう一度開く"


def assert_polite(answer: Answer) -> Page:
    """503, in Japanese, kept by nobody, with a moment to come back; return the page."""
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    page = page_of(answer.content.decode())
    assert "ただいま" in page.text
    return page


def repeating(page: Page) -> Form:
    """The form whose button repeats the act."""
    return next(form for form in page.forms if AGAIN in [one.label for one in form.buttons])


def typed_in(form: Form) -> Typed:
    """What the press of its button sends."""
    lists: Typed = {}
    for name, value in form.pairs:
        if name != "csrfmiddlewaretoken":
            lists.setdefault(name, []).append(value)
    return lists


def as_many_times(typed: Typed) -> Counter[tuple[str, str]]:
    """Every pair but the token, for being compared whatever the order."""
    return Counter(
        (name, value)
        for name, values in typed.items()
        for value in values
        if name != "csrfmiddlewaretoken"
    )
