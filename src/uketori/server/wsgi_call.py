"""One request, read to its end, as Django takes it (WSGI); its answer, whole, as bytes."""

from dataclasses import dataclass
from io import BytesIO
from sys import stderr
from typing import Any
from urllib.parse import unquote_to_bytes

from asgiref.typing import HTTPScope

from uketori.config.proxies import Application

BARE = {"CONTENT_TYPE", "CONTENT_LENGTH"}
"""The two headers whose names WSGI writes without HTTP_."""


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes:
        """Return the values of the header, joined; its name is given in small letters."""
        return b", ".join(value for key, value in self.headers if key.lower() == name)


def call(application: Application, scope: HTTPScope, body: bytes) -> Answer:
    """Let the application answer; runs in a thread."""
    begun: list[tuple[int, list[tuple[bytes, bytes]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _fault: object = None) -> None:
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        begun[:] = [(int(status.split(" ", 1)[0]), pairs)]

    parts = application(environ_of(scope, body), start_response)
    try:
        sent = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):  # ends the request: its connection is looked at
            close()
    return Answer(*begun[0], sent)


def environ_of(scope: HTTPScope, body: bytes) -> dict[str, Any]:
    """Return the request in WSGI's words."""
    server, port = scope["server"] or ("localhost", None)
    client, _port = scope["client"] or ("", 0)
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"])
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client,
        **headers_of(scope),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    # What came, whatever was announced: a chunked body announces nothing.
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(len(body)) if body else ""
    return environ


def headers_of(scope: HTTPScope) -> dict[str, str]:
    """Return the headers under WSGI's names.

    One that is written with ``_`` would take the name of another: it is left out, as proxies do.
    """
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        if b"_" in raw:
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        key = name if name in BARE else f"HTTP_{name}"
        text = value.decode("latin-1")
        if key in headers:
            text = f"{headers[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        headers[key] = text
    return headers
