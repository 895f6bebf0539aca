"""Every form of the site and everything a hostile or broken browser may send to it, in two tables.

``tests/test_hostile.py`` multiplies them.  A form that is not in the table fails a test there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import UUID, uuid4

from django.db import models
from django.test import Client

from tests import factories, situations
from tests.policies import at
from uketori.bureaus.models import Slot
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    Intermediary,
    Limit,
    MailAddress,
    MailProof,
)
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import CaseChange, Draft, Reservation, ReservedCase

Typed = dict[str, list[str]]
URLENCODED = "application/x-www-form-urlencoded"
WEDNESDAY_10 = at("2026-06-10 10:00")


@dataclass(frozen=True)
class World:
    """青木 is signed in and has a draft and a reservation; 知念's are somebody else's."""

    visitor: Client
    stranger: Client
    """Nobody yet: a browser that has just asked for a link."""
    claim: CertificateClaim
    draft: Draft
    reservation: Reservation
    link: str
    fresh_key: UUID
    case: ReservedCase
    rival_claim: CertificateClaim
    rival_draft: Draft
    rival_reservation: Reservation


def world() -> World:
    """Make the rows and the two browsers."""
    claim, rival = situations.aoki(), situations.chinen()
    draft = factories.draft(claim, WEDNESDAY_10, 3)
    rival_draft = factories.draft(rival, WEDNESDAY_10, ["知念の番号E00001"])
    reservation = factories.reservation(claim, at("2026-06-09 09:00"), ["阪労一E00900"])
    rival_reservation = factories.reservation(rival, at("2026-06-09 09:00"), ["阪労一E00901"])
    stranger = Client()
    stranger.post("/osaka/entry", {"address": "new@example.jp"})
    return World(
        visitor=situations.signed_in_client(claim),
        stranger=stranger,
        claim=claim,
        draft=draft,
        reservation=reservation,
        case=reservation.cases.get(),
        link=factories.link_of(factories.proof("fresh@example.jp")),
        fresh_key=uuid4(),
        rival_claim=rival,
        rival_draft=rival_draft,
        rival_reservation=rival_reservation,
    )


Place = Callable[[World], str]


@dataclass(frozen=True)
class Form:
    """One form: where it goes, what a person sends with it, what it may write."""

    name: str
    route: str
    path: Place
    shown_on: Place
    typed: Callable[[World], Typed] = lambda _world: {}
    people_type: tuple[str, ...] = ()
    """Fields whose content must stand in the page again when something is refused."""
    writes: tuple[type[models.Model], ...] = ()
    """Tables that may change when it is accepted, beside events."""
    is_public: bool = False
    multipart: bool = False
    attacked: tuple[str, ...] = ()
    """Fields into which hostile values go."""

    def __str__(self) -> str:
        return self.name

    def client(self, here: World) -> Client:
        """The browser from which it is sent."""
        return here.stranger if self.is_public else here.visitor


def _drafts(here: World, key: UUID | None = None, then: str = "") -> str:
    return f"/osaka/reservations/drafts/{key or here.draft.key}{then}"


def _reserved(here: World, then: str = "") -> str:
    return f"/osaka/reservations/{here.reservation.reference}{then}"


def _person(_here: World) -> Typed:
    return {
        "expires_on_year": ["2028"],
        "expires_on_month": ["3"],
        "expires_on_day": ["31"],
        "name": ["別府 次郎"],
        "name_kana": ["ベップ ジロウ"],
        "organisation": ["株式会社あおぞら製作所"],
        "phone": ["06-1234-5678"],
        "next": ["/osaka/reservations/"],
    }


def _booking(button: str) -> Callable[[World], Typed]:
    return lambda here: {
        "holder": [str(here.claim.pk)],
        "slot": ["2026-06-10T11:00"],
        "paste": ["阪労一E07777\t更新\tア"],
        "category-all": ["own"],
        "type-all": ["extension"],
        "number-1": ["阪労一E05001"],
        "type-1": [""],
        "category-1": [""],
        "number-2": ["阪労一E05002"],
        "type-2": ["change"],
        "category-2": ["own"],
        "do": [button],
    }


def _confirming(here: World) -> Typed:
    return {
        "revision": [str(here.draft.revision)],
        "declared": list(factories.DECLARED),
        "notice": ["1"],
        "slot": ["2026-06-11T11:00"],
    }


PERSON = ("expires_on_year", "expires_on_month", "expires_on_day", "name", "name_kana")
PERSON = (*PERSON, "organisation", "phone")
BOOKED = (Reservation, ReservedCase, OutgoingMail, Slot)


NUMBERS = ("number-1", "number-2")
KEPT = {
    "keep": (*NUMBERS, "paste"),
    "proceed": NUMBERS,
    "add-row": (*NUMBERS, "paste"),
    "drop-1": ("number-2", "paste"),
    "add-paste": NUMBERS,  # what was pasted becomes rows
}
BOOKING = ("holder", "slot", "paste", "category-all", "type-all", "number-1", "type-1")
BOOKING = (*BOOKING, "category-1", "do")


def _draft_form(button: str, *attacked: str) -> Form:
    return Form(
        f"draft {button}",
        "reservations:draft",
        _drafts,
        _drafts,
        _booking(button),
        people_type=KEPT[button],
        writes=(Draft,),
        multipart=True,
        attacked=attacked,
    )


FORMS = [
    Form(
        "entry",
        "entry:start",
        lambda _here: "/osaka/entry",
        lambda _here: "/osaka/entry",
        lambda _here: {"address": ["Beppu@Example.jp"], "next": ["/osaka/reservations/"]},
        people_type=("address",),
        attacked=("address", "next"),
        writes=(MailProof, OutgoingMail, Limit),
        is_public=True,
    ),
    Form(
        "code",
        "entry:sent",
        lambda _here: "/osaka/entry/sent",
        lambda _here: "/osaka/entry/sent",
        lambda _here: {"code": ["000000"]},
        people_type=("code",),
        attacked=("code",),
        writes=(MailProof, MailAddress, Limit),
        is_public=True,
    ),
    Form(
        "link",
        "entry:link",
        lambda here: here.link,
        lambda here: here.link,
        writes=(MailProof, MailAddress),
        is_public=True,
    ),
    Form(
        "logout",
        "entry:logout",
        lambda _here: "/osaka/session/ending",
        lambda _here: "/osaka/reservations/",
        writes=(MailProof,),
    ),
    Form(
        "extend",
        "entry:extend",
        lambda _here: "/osaka/session/extension",
        lambda _here: "/osaka/reservations/",
        lambda _here: {"next": ["/osaka/holders/"]},
        attacked=("next",),
        writes=(MailProof,),
    ),
    Form(
        "holder new",
        "holders:new",
        lambda _here: "/osaka/holders/new",
        lambda _here: "/osaka/holders/new",
        lambda here: {
            **_person(here),
            "kind": ["org_staff"],
            "education": ["no"],
            "number": ["大取第10999号"],
        },
        people_type=(*PERSON, "number"),
        attacked=(*PERSON, "number", "kind", "education", "next"),
        writes=(Intermediary, Certificate, CertificateClaim),
    ),
    Form(
        "holder revise",
        "holders:revise",
        lambda here: f"/osaka/holders/{here.claim.pk}",
        lambda here: f"/osaka/holders/{here.claim.pk}",
        _person,
        people_type=PERSON,
        attacked=(*PERSON, "next"),
        writes=(Intermediary, CertificateClaim),
    ),
    _draft_form("keep", *BOOKING),
    _draft_form("proceed", *BOOKING),
    _draft_form("add-row", "number-1", "do"),
    _draft_form("drop-1", "number-2", "do"),
    _draft_form("add-paste", "number-1", "paste", "holder"),
    Form(
        "confirm",
        "reservations:confirm",
        lambda here: _drafts(here, then="/confirmation"),
        lambda here: _drafts(here, then="/confirmation"),
        _confirming,
        attacked=("revision", "declared", "notice", "slot"),
        writes=BOOKED,
    ),
    Form(
        "delete draft",
        "reservations:delete_draft",
        lambda here: _drafts(here, then="/deletion"),
        lambda _here: "/osaka/reservations/",
        writes=(Draft,),
    ),
    Form(
        "copy",
        "reservations:copy",
        lambda here: _reserved(here, "/copy"),
        _reserved,
        writes=(Draft,),
    ),
    Form(
        "mail again",
        "reservations:mails",
        lambda here: _reserved(here, "/mails"),
        _reserved,
        writes=(OutgoingMail, Limit),
    ),
]


FORMS += [
    Form(
        "cancellation",
        "reservations:cancellation",
        lambda here: _reserved(here, "/cancellation"),
        lambda here: _reserved(here, "/cancellation"),
        writes=(Reservation, OutgoingMail, Slot),
    ),
    Form(
        "change",
        "reservations:changes",
        lambda here: _reserved(here, "/changes"),
        lambda here: _reserved(here, "/changes"),
        lambda here: {
            "revision": [str(here.reservation.revision)],
            "withdraw": [],
            f"new-number-{here.case.pk}": ["阪労一E00999"],
            f"new-type-{here.case.pk}": ["extension"],
            f"new-category-{here.case.pk}": ["own"],
            f"new-reentry-{here.case.pk}": ["on"],
            "do": ["change"],
        },
        attacked=("revision", "withdraw", "number-1", "type-1", "do"),
        writes=(Reservation, ReservedCase, CaseChange, OutgoingMail, Slot),
    ),
]
NOT_YET = {
    "bureaus:eligibility": "keeps three codes of closed lists in the cookie; has tests of its own",
    "claim_requests:new": "has tests of its own",
    "claim_requests:answer": "has tests of its own",
    "holders:removal": "takes no field; has tests of its own",
    "holders:renewal": "has tests of its own",
    "my_data:address": "has tests of its own",
    "my_data:address_code": "has tests of its own",
    "my_data:address_link": "has tests of its own",
}
"""Forms that take a POST and are not attacked here yet."""


def form(name: str) -> Form:
    """Return the form of this name."""
    return next(one for one in FORMS if one.name == name)


VALUES = {
    "a megabyte": "x" * 1_000_000,
    "NUL": "阪労一\x00E01234",
    "lone surrogate": "阪労一\ud800E01234",
    "turned direction": "阪労一\u202eE01234",
    "zero width": "阪労一\u200bE\u200d01234\ufeff",
    "formula": "=1+1",
    "markup": "\"'><script>alert(7)</script><b id=hostile>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "SQL": "'; DROP TABLE reservations_reservation; --",
    "more headers": "aoki@example.jp\r\nBcc: hostile@evil.example",
    "blanks": "　 \u00a0",
    "nothing": "",
    "full width": "９９",
    "other digits": "٣٣",
    "negative": "-1",
    "zero": "0",
    "huge number": "9" * 40,
    "endless number": "9" * 5000,
    "endless drop": "drop-" + "9" * 5000,
    "drop nothing": "drop-0",
    "not a number": "NaN",
    "list": "[1, 2]",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "first of all hours": "0001-01-01T00:00",
    "last of all hours": "9999-12-31T23:59",
    "grows when folded": "ﷺ" * 60,
    "blanks inside": "阪労一E0" + " " * 150 + "1234",
    "not a file": "../../../../etc/passwd",
    "other site": "//evil.example/x",
    "other site with scheme": "https://evil.example/x",
    "other site with backslash": "/\\evil.example/x",
    "other site with tab": "/\t/evil.example/x",
    "script address": "javascript:alert(7)",
    "own prefix, other site": "/osaka/\r\nLocation: https://evil.example",
}


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire."""

    body: bytes
    content_type: str = URLENCODED
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)


def encoded(typed: Typed) -> bytes:
    """Encode a form; what is no text at all goes over the wire all the same."""
    pairs = [(name, value) for name, values in typed.items() for value in values]
    return "&".join(
        f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
        for name, value in pairs
    ).encode()


def multipart(typed: Typed, *, boundary: str = "hostile", charset: str = "") -> Sent:
    """Encode a form as browsers do when it holds a file."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, values in typed.items()
        for value in values
    ]
    body = "".join([*parts, f"--{boundary}--\r\n"]).encode(errors="surrogatepass")
    said = f"; charset={charset}" if charset else ""
    return Sent(body, f"multipart/form-data; boundary={boundary}{said}")


Attack = Callable[[Typed], Sent]

BODIES: dict[str, Attack] = {
    "nothing at all": lambda _typed: Sent(b""),
    "three megabytes": lambda typed: Sent(encoded({**typed, "number-9": ["x" * 3_000_000]})),
    "three megabytes, multipart": lambda typed: multipart({**typed, "name": ["x" * 3_000_000]}),
    "1200 fields": lambda typed: Sent(
        encoded({**typed, **{f"number-{order}": ["x"] for order in range(1, 1201)}})
    ),
    "unknown fields": lambda typed: Sent(
        encoded({**typed, "is_staff": ["1"], "id": ["1"], "number-0": ["x"], "number-x": ["x"]})
    ),
    "everything twice": lambda typed: Sent(
        encoded({name: values * 2 for name, values in typed.items()})
    ),
    "invalid UTF-8": lambda typed: Sent(encoded(typed) + b"&name=\xff\xfe&number-1=%FF%C0%80"),
    "surrogates": lambda typed: Sent(encoded(typed) + b"&name=%ED%A0%80&number-1=%ED%BF%BF"),
    "JSON": lambda _typed: Sent(b'{"address": "a@example.jp"}', "application/json"),
    "XML": lambda _typed: Sent(b"<!ENTITY e SYSTEM 'file:///etc/passwd'>", "text/xml"),
    "multipart without boundary": lambda _typed: Sent(b"x", "multipart/form-data"),
    "multipart cut off": lambda typed: Sent(
        multipart(typed).body[:-20], "multipart/form-data; boundary=hostile"
    ),
    "unusual charset": lambda typed: Sent(encoded(typed), f"{URLENCODED}; charset=utf-16"),
    "charset that is none": lambda typed: Sent(encoded(typed), f"{URLENCODED}; charset=rot13"),
    "multipart, charset that is none": lambda typed: multipart(typed, charset="rot13"),
    "multipart, charset with surrogates": lambda typed: multipart(
        {**typed, "name": ["\\ud800"], "number-1": ["\\ud800"], "code": ["\\ud800"],
         "address": ["\\ud800"], "slot": ["\\ud800"], "declared": ["\\ud800"]},
        charset="raw_unicode_escape",
    ),
}  # fmt: skip

SAVED = ("slot", "number-1", "type-1", "category-1", "type-all", "category-all", "paste")
"""Fields of a draft that come back from the database to other pages."""
TOO_LARGE_TO_SAVE = {"a megabyte"}

METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")

CSV_FILES = {
    "empty": b"",
    "NUL": b"\x00" * 1000,
    "invalid": b"\xff\xfe\xfd\x80\x81",
    "UTF-16": "申請番号\n阪労一E01234".encode("utf-16"),
    "Shift_JIS": "阪労一E01234".encode("cp932"),
    "three megabytes": b"1" * 3_000_000,
    "hundred kilobytes in one line": b"1" * 99_999,
    "formula": b'=HYPERLINK("http://evil.example","x")',
    "markup": b"<script>alert(7)</script>",
    "sixteen": "\n".join(f"阪労一E{number:05d}" for number in range(16)).encode(),
    "three hundred": "\n".join(f"阪労一E{number:05d}" for number in range(300)).encode(),
    "zip": b"PK\x03\x04" + bytes(range(256)) * 20,
}
