"""Bad input through every form: never our fault, never somebody else's rows, nothing typed lost.

The tables are in ``tests/hostile.py``.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import hostile
from tests.hostile import FORMS, VALUES, Form, Sent, Typed, World, encoded
from tests.journeys.reading import Page, tidy
from tests.situations import AtMoment, at_moment, monday_morning
from uketori.audit.models import Event
from uketori.intermediaries.models import Limit, MailProof
from uketori.reservations.models import Draft

__all__ = ["at_moment", "monday_morning"]

pytestmark = pytest.mark.django_db

Rows = dict[tuple[str, int], tuple[Any, ...]]
MODELS = [
    model
    for app in apps.get_app_configs()
    if app.name.startswith("uketori.")
    for model in app.get_models()
]
OUTSIDE = {"www.moj.go.jp"}
"""Sites to which pages may link."""
SUMMARY = re.compile(r'error-summary__link"(?: href="#([^"]+)")?')


@pytest.fixture
def world(monday_morning: datetime) -> World:
    here = hostile.world()
    for client in (here.visitor, here.stranger):
        client.raise_request_exception = False
    return here


def rows() -> Rows:
    """Every row of every table of ours."""
    return {
        (model.__name__, row[0]): row
        for model in MODELS
        for row in model._default_manager.values_list()
    }


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
                self.complaints.append(f"{name}: {str(error).splitlines()[0][:200]}")

    def judged(self, sent: Sent, typed: Typed) -> HttpResponse:
        """Send once and judge the answer; what was written stays."""
        answer = send(self.client, self.form.path(self.here), sent)
        assert_answered(answer)
        assert_only_allowed(self.form, self.here, answer, self.before, rows())
        if answer.status_code == 422:
            assert_told(answer)
            assert_kept(self.form, typed, Page(answer.content.decode()))
        elif answer.status_code == 302 and self.form.route == "reservations:draft":
            assert_kept(self.form, typed, *landed(self.client, answer))
        return answer

    def end(self) -> None:
        """Tell every complaint."""
        assert self.complaints == []


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
        page = Page(body)
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
    allowed: set[type[models.Model]] = {Limit, Draft}
    if form.name == "code":
        allowed |= {MailProof}  # the tries are counted
    if answer.status_code < 400:
        allowed |= {*form.writes, Event, MailProof}
    tables = {name for name, _pk in changed}
    assert tables <= {model.__name__ for model in allowed}, (answer.status_code, tables)
    theirs = (here.rival_claim, here.rival_draft, here.rival_reservation)
    rivals = {(type(row).__name__, row.pk) for row in (*theirs, here.rival_claim.intermediary)}
    assert not rivals & changed
    owner = [one.attname for one in Draft._meta.concrete_fields].index("mail_address_id")
    for table, pk in changed:
        if table == "Draft":
            row = after.get((table, pk)) or before[table, pk]
            assert row[owner] == here.draft.mail_address.pk


def assert_told(answer: HttpResponse) -> None:
    """A summary whose lines lead to fields that are there, and a sentence at the field."""
    html = answer.content.decode()
    page = Page(html)
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
        if value.strip() and value not in values:
            lines = [line for line in re.split(r"[\r\n\t]+", value) if line.strip()]
            kept = [tidy(line) in texts or any(line in one for one in values) for line in lines[:1]]
            assert all(kept), f"{name} was lost: {value[:60]!r}"


def landed(client: Client, answer: HttpResponse) -> list[Page]:
    """Follow redirects as a browser does."""
    pages = []
    for _step in range(4):
        if answer.status_code != 302:
            pages.append(Page(answer.content.decode()))
            break
        answer = client.get(urlsplit(answer.headers["Location"])._replace(fragment="").geturl())
        assert_answered(answer)
    return pages


def with_value(typed: Typed, name: str, value: str) -> Typed:
    """Put the value in the place of a field's; to a list it is added."""
    return {**typed, name: [*typed[name], value] if name == "declared" else [value]}


def fields_of(forms: list[Form]) -> list[Any]:
    """Every form with every field into which hostile values go."""
    return [
        pytest.param(form, field, id=f"{form} {field}") for form in forms for field in form.attacked
    ]


@pytest.mark.parametrize(("form", "field"), fields_of(FORMS))
def test_hostile_value(world: World, form: Form, field: str) -> None:
    trial, typed = Trial(form, world), form.typed(world)
    for name, value in VALUES.items():
        values = with_value(typed, field, value)
        trial.attack(name, Sent(encoded(values)), values)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_hostile_body(world: World, form: Form) -> None:
    trial, typed = Trial(form, world), form.typed(world)
    for name, body in hostile.BODIES.items():
        trial.attack(name, body(typed))
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_missing_field(world: World, form: Form) -> None:
    trial, typed = Trial(form, world), form.typed(world)
    for missing in typed:
        rest = {name: values for name, values in typed.items() if name != missing}
        kept = {} if (form.name, missing) == ("draft drop-1", "number-1") else rest
        trial.attack(missing, Sent(encoded(rest)), kept)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_right_form__is_accepted(world: World, form: Form) -> None:
    """The attacks start from something that works: they do not fail for another reason."""
    trial, typed = Trial(form, world), form.typed(world)
    status = 422 if form.name == "code" else 302
    trial.attack("right", Sent(encoded(typed)), typed, expected=status)
    trial.attack("as multipart", hostile.multipart(typed), typed, expected=status)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_method__that_the_form_does_not_have(world: World, form: Form) -> None:
    trial = Trial(form, world)
    for method in hostile.METHODS:
        trial.attack(method, Sent(b"", method=method), expected=405)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_without_a_csrf_token__refused_in_words(world: World, form: Form) -> None:
    trial = Trial(form, world)
    trial.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    trial.client.cookies = cookies_of(form.client(world))
    for token in ("", "x", "x" * 64, "é" * 32, "\x00"):
        typed = {**form.typed(world), "csrfmiddlewaretoken": [token] if token else []}
        trial.attack(repr(token), Sent(encoded(typed)), expected=403)
    trial.end()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_wrong_host__refused(world: World, form: Form) -> None:
    trial, body = Trial(form, world), encoded(form.typed(world))
    for host in (
        "evil.example",
        "evil.example:80@testserver",
        "a b",
        "é",
        "testserver.evil.example",
    ):
        trial.attack(host, Sent(body, headers={"HTTP_HOST": host}), expected=400)
    trial.end()


SIGNED_IN = [form for form in FORMS if not form.is_public]


@pytest.mark.parametrize("form", SIGNED_IN, ids=str)
def test_without_a_session__led_to_the_entry(world: World, form: Form) -> None:
    trial, body = Trial(form, world), encoded(form.typed(world))
    trial.client = Client(raise_request_exception=False)
    for cookie in ("", "x", "a:b:c", "\x00", "é" * 100, "x" * 5000):
        # as a header: newer Pythons do not let a client make such a cookie
        trial.client.defaults["HTTP_COOKIE"] = f"uketori_session={cookie}"
        trial.attack(repr(cookie[:9]), Sent(body), expected=302)
    del trial.client.defaults["HTTP_COOKIE"]
    answer = send(trial.client, form.path(world), Sent(body))
    assert urlsplit(answer.headers["Location"]).path in {"/osaka/entry", "/osaka/"}
    trial.end()
    assert rows() == trial.before


@pytest.mark.parametrize("form", SIGNED_IN, ids=str)
def test_session_over__only_the_own_draft_is_saved(
    world: World, form: Form, at_moment: AtMoment, monday_morning: datetime
) -> None:
    at_moment(monday_morning + timedelta(hours=2))
    before = rows()
    answer = send(form.client(world), form.path(world), Sent(encoded(form.typed(world))))
    assert_answered(answer)
    assert answer.status_code == 302
    changed = {key for key, row in rows().items() if before.get(key) != row}
    saved = {("Draft", world.draft.pk)} if form.route == "reservations:draft" else set()
    assert {key for key in changed if key[0] != "MailProof"} == saved


NOT_THEIRS = [
    ("holders:revise", "/osaka/holders/{}"),
    ("reservations:confirm", "/osaka/reservations/drafts/{}/confirmation"),
    ("reservations:show", "/osaka/reservations/{}"),
    ("reservations:calendar", "/osaka/reservations/{}/calendar.ics"),
    ("reservations:copy", "/osaka/reservations/{}/copy"),
    ("reservations:mails", "/osaka/reservations/{}/mails"),
]


@pytest.mark.parametrize(("route", "path"), NOT_THEIRS, ids=[route for route, _path in NOT_THEIRS])
def test_not_yours_and_not_there__the_same_404(world: World, route: str, path: str) -> None:
    theirs, missing = {
        "holders:revise": (world.rival_claim.pk, 987654321),
        "reservations:confirm": (world.rival_draft.key, uuid4()),
    }.get(route, (world.rival_reservation.reference, "AAAA-2222"))
    form = next((one for one in FORMS if one.route == route), None)
    body = encoded(form.typed(world)) if form else b""
    before = rows()
    for method in ("GET", "POST"):
        seen = []
        for name in (theirs, missing):
            answer = send(world.visitor, path.format(name), Sent(body, method=method))
            assert_answered(answer)
            seen.append((answer.status_code, neutral(answer.content.decode(), str(name))))
        assert seen[0] == seen[1]
        assert seen[0][0] in {404, 405}
    assert rows() == before


def neutral(html: str, name: str) -> str:
    """The page without its CSRF tokens and without the name that was asked for."""
    html = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", html)
    return re.sub(rf"/{re.escape(name)}\b", "/…", html)


def test_their_draft__cannot_be_written_or_deleted(world: World) -> None:
    path = f"/osaka/reservations/drafts/{world.rival_draft.key}"
    typed = hostile.form("draft keep").typed(world)
    before = rows()
    for body in (encoded(typed), encoded({**typed, "holder": [str(world.rival_claim.pk)]})):
        assert send(world.visitor, path, Sent(body)).status_code == 404
    answer = world.visitor.get(path)
    assert "知念" not in answer.content.decode()
    gone = world.visitor.post(f"{path}/deletion")
    unknown = world.visitor.post(f"/osaka/reservations/drafts/{uuid4()}/deletion")
    assert gone.status_code == unknown.status_code
    assert rows() == before


@pytest.mark.parametrize("holder", ["theirs", "-1", "0", "x", "", "１", "9" * 40])
def test_draft__for_a_holder_who_is_not_ours__not_there(world: World, holder: str) -> None:
    form = hostile.form("draft keep")
    value = str(world.rival_claim.pk) if holder == "theirs" else holder
    typed = {**form.typed(world), "holder": [value]}
    assert Trial(form, world).judged(Sent(encoded(typed)), {}).status_code == 404


@pytest.mark.parametrize("how_many", [16, 300])
@pytest.mark.parametrize("button", ["keep", "proceed", "add-row", "drop-1", "add-paste"])
def test_too_many_rows__every_number_is_shown_again(
    world: World, button: str, how_many: int
) -> None:
    form = hostile.form(f"draft {button}")
    numbers = {f"number-{order}": [f"阪労一E{order:05d}"] for order in range(1, how_many + 1)}
    typed = {**form.typed(world), "paste": [""], **numbers}
    typed |= {"paste": ["阪労一E99999"]} if button == "add-paste" else {}
    answer = Trial(form, world).judged(Sent(encoded(typed)), {})
    pages = (
        [Page(answer.content.decode())]
        if answer.status_code == 422
        else landed(world.visitor, answer)
    )
    shown = {control.value for one in pages[-1].forms for control in one.controls}
    expected = {
        value for name, (value,) in numbers.items() if (button, name) != ("drop-1", "number-1")
    }
    assert expected <= shown
    if how_many > 200 or button == "proceed":
        assert "TOO_MANY_CASES" in pages[-1].refusals


@pytest.mark.parametrize("name", hostile.CSV_FILES)
def test_uploaded_file(world: World, name: str) -> None:
    form = hostile.form("draft add-paste")
    typed = {key: values[-1] for key, values in form.typed(world).items()}
    upload = SimpleUploadedFile(f"{'x' * 300}\r\n<b>.csv", hostile.CSV_FILES[name])
    before = rows()
    answer = world.visitor.post(form.path(world), {**typed, "csv": upload})
    assert_answered(answer)
    changed = {key for key, row in rows().items() if before.get(key) != row}
    assert {table for table, _pk in changed} <= {"Draft"}
    if answer.status_code == 422:
        assert_told(answer)
        assert_kept(form, form.typed(world), Page(answer.content.decode()))
    else:
        assert landed(world.visitor, answer)


@pytest.mark.parametrize("field", hostile.SAVED)
def test_hostile_draft__looked_at_and_confirmed(world: World, field: str) -> None:
    """What was saved as a draft comes to every page that reads it, and to the booking."""
    keep, confirm = hostile.form("draft keep"), hostile.form("confirm")
    pages = ("/osaka/reservations/", keep.path(world), confirm.path(world))
    for name, value in VALUES.items():
        if name in hostile.TOO_LARGE_TO_SAVE:
            continue
        with undone(world.visitor):
            saved = encoded(with_value(keep.typed(world), field, value))
            send(world.visitor, keep.path(world), Sent(saved))
            trial = Trial(confirm, world)
            for path in pages:
                assert_answered(world.visitor.get(path))
            for revision in ("2", "1"):
                typed = {**confirm.typed(world), "revision": [revision]}
                trial.attack(f"{name}, {revision}", Sent(encoded(typed)))
                del typed["slot"]
                trial.attack(f"{name}, own hour, {revision}", Sent(encoded(typed)))
            trial.end()


PLACES = [
    "/osaka/holders/{}",
    "/osaka/entry/{}",
    "/osaka/reservations/{}",
    "/osaka/reservations/{}/copy",
    "/osaka/reservations/{}/mails",
    "/osaka/reservations/{}/calendar.ics",
    "/osaka/reservations/drafts/{}",
    "/osaka/reservations/drafts/{}/confirmation",
    "/{}/entry",
    "/{}/reservations/",
    "/osaka/notice/{}",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "name",
    [
        "%00",
        "%FF%FE",
        "%E2%80%AE",
        "9" * 30,
        "9" * 5000,
        "-1",
        "..%2F..",
        "%3Cscript%3E",
        "x" * 3000,
    ],
    ids=lambda name: name[:12],
)
def test_hostile_address(world: World, place: str, name: str) -> None:
    before = rows()
    for method in ("GET", "POST"):
        with undone(world.visitor):
            answer = send(world.visitor, place.format(name), Sent(b"", method=method))
            assert_answered(answer)
            assert answer.status_code in {200, 302, 404, 405}
            assert rows() == before


@pytest.mark.parametrize(
    "value",
    [
        value
        for name, value in VALUES.items()
        if "site" in name or "script" in name or name == "markup"
    ],
)
def test_next__in_a_link__stays_here(world: World, value: str) -> None:
    for path in ("/osaka/holders/new", f"/osaka/holders/{world.claim.pk}", "/osaka/entry"):
        for client in (world.visitor, world.stranger):
            with undone(client):
                assert_answered(client.get(path, {"next": value, "holder": value}))


def test_next__kept_over_the_mail__stays_here(world: World) -> None:
    for value in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/osaka/\\..\\//evil",
    ):
        with undone(world.stranger):
            world.stranger.post("/osaka/entry", {"address": "fresh@example.jp", "next": value})
            answer = world.stranger.post(world.link)
            assert answer.status_code == 302
            assert_answered(answer)


def routes(
    resolver: URLResolver, names: tuple[str, ...] = (), path: str = "/"
) -> Iterator[tuple[str, str]]:
    """Every named route with an address that fits it."""
    for one in resolver.url_patterns:
        there = path + re.sub(r"<(\w+):\w+>", _example, str(one.pattern))
        if isinstance(one, URLResolver):
            inner = (*names, one.namespace) if one.namespace else names
            yield from routes(one, inner, there)
        elif isinstance(one, URLPattern):
            yield ":".join((*names, one.name or there)), there


def _example(found: re.Match[str]) -> str:
    return {
        "slug": "osaka",
        "uuid": str(uuid4()),
        "int": "1",
        "str": "x",
        "reference": "K7M4-2QXP",
    }[found[1]]


def test_table__knows_every_address_that_takes_a_post(world: World) -> None:
    taking = set()
    for route, path in routes(get_resolver()):
        with undone(world.visitor):
            if world.visitor.post(path).status_code != 405:
                taking.add(route)
    assert taking == {form.route for form in FORMS} | set(hostile.NOT_YET)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_table__knows_every_field_of_the_form(world: World, form: Form) -> None:
    page = Page(form.client(world).get(form.shown_on(world)).content.decode())
    path = form.path(world)
    shown = [one for one in page.forms if urljoin(form.shown_on(world), one.action) == path]
    assert shown, f"no form for {path} on {form.shown_on(world)}"
    known = {re.sub(r"-\d+$", "-n", name) for name in form.typed(world)}
    known |= {"csrfmiddlewaretoken", "reentry-n", "reentry-all", "csv"}
    for one in shown:
        assert {re.sub(r"-\d+$", "-n", name) for name in one.names} <= known
        assert one.multipart == form.multipart
