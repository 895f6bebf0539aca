"""What is true of every answer, whatever was sent."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client

from tests.hostile.form import Form, Typed
from tests.hostile.requests import Sent
from tests.hostile.world import World
from tests.journeys.reading import Page, tidy
from uketori.audit.models import Event
from uketori.intermediaries.models import KeptInput, Limit, MailProof
from uketori.reservations.models import Draft
from uketori.rules.number_key import as_shown

Rows = dict[tuple[str, int], tuple[Any, ...]]
MODELS = [
    model
    for app in apps.get_app_configs()
    if app.name.startswith("uketori.")
    for model in app.get_models()
]
SELECTS = {
    model.__name__: f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608 - our own names
    for model in MODELS
    for columns in [", ".join(f'"{one.column}"' for one in model._meta.concrete_fields)]
}
OWNER = {
    model.__name__: [one.attname for one in model._meta.concrete_fields].index("mail_address_id")
    for model in (Draft, KeptInput)
}
"""In which column it stands whose row it is."""
OUTSIDE = {"www.moj.go.jp", "www.example.jp"}
"""Sites to which pages may link."""
SUMMARY = re.compile(r'error-summary__link"(?: href="#([^"]+)")?')


def rows() -> Rows:
    """Every row of every table of ours, as the database holds it: asked after each attack."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for name, sql in SELECTS.items():
            cursor.execute(sql)
            found |= {(name, row[0]): tuple(row) for row in cursor.fetchall()}
    return found


def cookies_of(client: Client) -> SimpleCookie:
    """A copy of what the browser remembers."""
    kept = SimpleCookie()
    kept.update(client.cookies)
    return kept


@contextmanager
def undone(*clients: Client) -> Iterator[None]:
    """Take back what the database and the browsers remember."""
    kept = [cookies_of(client) for client in clients]
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(point)
        for client, cookies in zip(clients, kept, strict=True):
            client.cookies = cookies


def send(client: Client, path: str, sent: Sent, **extra: Any) -> HttpResponse:
    return client.generic(
        sent.method, path, sent.body, content_type=sent.content_type, **sent.headers, **extra
    )


class Trial:
    """Many attacks on one form; every complaint is told, not only the first."""

    def __init__(self, form: Form, here: World) -> None:
        self.form, self.here = form, here
        self.client = form.client(here)
        self.before = rows()
        self.complaints: list[str] = []

    def attack(
        self, name: str, sent: Sent, typed: Typed | None = None, *, expected: int = 0
    ) -> None:
        """Send, hold the answer against what is true of every answer, and undo it all."""
        with undone(self.client):
            try:
                answer = self.judged(sent, typed or {})
                assert not expected or answer.status_code == expected
            except AssertionError as error:
                self.complaints.append(f"{name}: {first_line(error)}")

    def judged(self, sent: Sent, typed: Typed) -> HttpResponse:
        """Send once and judge the answer; what was written stays."""
        answer = send(self.client, self.form.path(self.here), sent)
        assert_answered(answer)
        assert_only_allowed(self.form, self.here, answer, self.before, rows())
        if answer.status_code == 422:
            assert_told(answer)
            assert_kept(self.form, typed, page_of(answer.content.decode()))
        elif answer.status_code == 200:
            assert_kept(self.form, typed, page_of(answer.content.decode()))
        elif answer.status_code == 302 and self.form.route == "reservations:draft":
            assert_kept(self.form, typed, *landed(self.client, answer))
        return answer

    def end(self) -> None:
        """Tell every complaint."""
        assert self.complaints == []


@lru_cache(maxsize=8)
def page_of(body: str) -> Page:
    """Read a page once, however much is asked of it."""
    return Page(body)


def first_line(error: AssertionError) -> str:
    """What a complaint says of it."""
    return (str(error) or "an assertion").splitlines()[0][:200]


def assert_answered(answer: HttpResponse) -> None:
    """No fault of ours, no markup of theirs, no way to another site."""
    what = getattr(answer, "exc_info", None)
    assert answer.status_code < 500, f"{what[0].__name__}: {what[1]}" if what else answer
    body = answer.content.decode()
    assert "<script>alert(7)" not in body
    assert "<b id=hostile>" not in body
    if "Location" in answer.headers:
        assert_on_this_site(answer.headers["Location"])
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        page = page_of(body)
        for href in [*(link.href for link in page.links), *(form.action for form in page.forms)]:
            assert_on_this_site(href)
    for morsel in answer.cookies.values():
        assert len(morsel.OutputString()) < 4096, "a browser throws this cookie away"


def assert_on_this_site(href: str) -> None:
    """Resolve an address as browsers do: blanks dropped, backslashes turned."""
    seen = re.sub(r"[\t\r\n]", "", href).replace("\\", "/")
    there = urlsplit(urljoin("http://testserver/osaka/", seen))
    if there.scheme in {"tel", "mailto"}:
        return
    assert there.scheme in {"http", "https"}, href
    assert there.hostname in {"testserver", *OUTSIDE}, href


def assert_only_allowed(
    form: Form, here: World, answer: HttpResponse, before: Rows, after: Rows
) -> None:
    """A refusal changes nothing; an acceptance what the form is for; nobody else's rows ever."""
    changed = {key for key in before | after if before.get(key) != after.get(key)}
    allowed: set[type[models.Model]] = {Limit, Draft, KeptInput, *form.counts}
    if answer.status_code < 400:
        allowed |= {*form.writes, Event, MailProof}
    tables = {name for name, _pk in changed}
    assert tables <= {model.__name__ for model in allowed}, (answer.status_code, tables)
    theirs = (here.rival_claim, here.rival_draft, here.rival_reservation)
    rivals = {(type(row).__name__, row.pk) for row in (*theirs, here.rival_claim.intermediary)}
    assert not rivals & changed
    others = {pk for table, pk in before if table == "MailAddress"} - {here.draft.mail_address.pk}
    for key in changed:
        if key[0] in OWNER:
            owners = {row[OWNER[key[0]]] for row in (before.get(key), after.get(key)) if row}
            assert not owners & others


def assert_told(answer: HttpResponse) -> None:
    """A summary whose lines lead to fields that are there, and a sentence at the field."""
    html = answer.content.decode()
    page = page_of(html)
    targets = SUMMARY.findall(html)
    assert targets, "no error summary"
    assert page.title.startswith("エラー："), page.title
    for target in filter(None, targets):
        assert target in page.ids, f"the summary leads to #{target}, which is not there"
    controls = [control for form in page.forms for control in form.controls]
    if any(targets):
        assert page.errors or any(control.invalid for control in controls)


def assert_kept(form: Form, typed: Typed, *pages: Page) -> None:
    """What a person typed stands in the page again, in a field or to be read."""
    values = {control.value for page in pages for one in page.forms for control in one.controls}
    texts = " ".join(page.text for page in pages)
    for name in form.people_type:
        typed_last = "".join(typed.get(name, [""])[-1:])
        value = typed_last.encode(errors="surrogatepass").decode(errors="replace")
        if as_shown(value) and not {value, as_shown(value)} & values:
            lines = [line for line in re.split(r"[\r\n\t]+", as_shown(value)) if line.strip()]
            kept = [tidy(line) in texts or any(line in one for one in values) for line in lines[:1]]
            assert all(kept), f"{name} was lost: {value[:60]!r}"


def landed(client: Client, answer: HttpResponse) -> list[Page]:
    """Follow redirects as a browser does."""
    pages = []
    for _step in range(4):
        if answer.status_code != 302:
            pages.append(page_of(answer.content.decode()))
            break
        answer = client.get(urlsplit(answer.headers["Location"])._replace(fragment="").geturl())
        assert_answered(answer)
    return pages
