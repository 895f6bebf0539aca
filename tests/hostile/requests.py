"""Everything a hostile or broken browser may send to a form: values, bodies, methods, files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.hostile.form import Typed

URLENCODED = "application/x-www-form-urlencoded"

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
    "not a number": "NaN",
    "list": "[1, 2]",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "grows when folded": "ﷺ" * 60,
    "brackets and dashes": "第（−）号",
    "blanks inside": "阪労一E0" + " " * 150 + "1234",
    "not a file": "../../../../etc/passwd",
    "other site": "//evil.example/x",
    "script address": "javascript:alert(7)",
}
"""For every field."""
VALUES_FOR = {
    "do": {
        "endless drop": "drop-" + "9" * 5000,
        "drop nothing": "drop-0",
    },
    "slot": {
        "first of all hours": "0001-01-01T00:00",
        "last of all hours": "9999-12-31T23:59",
    },
    "next": {
        "other site with scheme": "https://evil.example/x",
        "other site with backslash": "/\\evil.example/x",
        "other site with tab": "/\t/evil.example/x",
        "own prefix, other site": "/osaka/\r\nLocation: https://evil.example",
    },
    "expires_on_year": {"last of all years": "9999", "year nought": "0000"},
    "code": {"code with blanks": "０００ ０００"},
    "address": {
        "quoted": '"a b"@example.jp',
        "number for a host": "a@[127.0.0.1]",
        "two addresses": "a@example.jp,b@example.jp",
        "with a name": "A <a@example.jp>",
        "other alphabet": "аоki@ехаmple.jp",
        "its own": "Aoki@Example.jp",
    },
}
"""What says something only to fields of this name; elsewhere it is a text like any other."""


def values_for(field: str) -> dict[str, str]:
    """Return everything hostile that goes into a field."""
    return {**VALUES, **VALUES_FOR.get(field, {})}


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

SAVED = ("slot", "number-1", "type-1", "category-1", "type-all", "category-all")
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


def with_value(typed: Typed, name: str, value: str) -> Typed:
    """Put the value in the place of a field's; to a list it is added."""
    return {**typed, name: [*typed[name], value] if name == "declared" else [value]}
