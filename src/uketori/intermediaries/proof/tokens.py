"""Links and codes of a mail proof, derived and never stored.  利用案内 2(1), R-15."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings

SEED_BYTES = 16
TOKEN_LENGTH = 22  # 128 bits in base64
TOKEN_FORM = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
CODE_DIGITS = 6


def new_seed() -> bytes:
    """Return a fresh seed; with the server's secret it gives the link and the code."""
    return secrets.token_bytes(SEED_BYTES)


def token_of(seed: bytes, purpose: str = "link") -> str:
    """Return the 128-bit token of the link, 22 characters; each kind of link has its purpose."""
    return urlsafe_b64encode(_derive(purpose.encode(), seed)[:16]).decode().rstrip("=")


def code_of(seed: bytes, purpose: str = "code") -> str:
    """Return the six-digit code of the same mail."""
    number = int.from_bytes(_derive(purpose.encode(), seed)[:8], "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def token_digest(token: str) -> str:
    """Return what the database keeps of a token: enough to find it, too little to use it."""
    return hashlib.sha256(b"uketori token " + token.encode()).hexdigest()


def keyed_digest(purpose: str, value: str) -> str:
    """Return a digest of a personal value that nobody can guess back without the secret."""
    return _derive(purpose.encode(), value.encode()).hex()


def codes_match(given: str, seed: bytes, purpose: str = "code") -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), code_of(seed, purpose).encode())


def _derive(purpose: bytes, value: bytes) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, purpose + b"\0" + value, hashlib.sha256).digest()
