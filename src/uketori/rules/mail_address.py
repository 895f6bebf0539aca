"""Mail addresses as people type them: typing errors in well-known domains, old carrier forms.

Nothing here refuses anybody: what these functions find is asked back, or warned of.
"""

import re
from difflib import SequenceMatcher

COMMON_DOMAINS = (
    "gmail.com",
    "yahoo.co.jp",
    "icloud.com",
    "outlook.jp",
    "outlook.com",
    "hotmail.co.jp",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
)
"""The ten that are meant when a domain is nearly one of them."""
NEIGHBOURS = frozenset(
    {
        "i.softbank.jp",
        "softbank.jp",
        "softbank.co.jp",
        "yahoo.com",
        "yahoo.ne.jp",
        "ybb.ne.jp",
        "ymail.com",
        "mail.com",
        "email.com",
        "hotmail.com",
        "hotmail.jp",
        "live.jp",
        "me.com",
        "uqmobile.jp",
        "ymobile.ne.jp",
    }
)
"""Domains that are there and look like one of the ten: nobody is asked about them."""
ONE_ENDING = {
    "gmail": "gmail.com",
    "icloud": "icloud.com",
    "docomo": "docomo.ne.jp",
    "ezweb": "ezweb.ne.jp",
}
"""Names that give mailboxes under one ending only: gmail.co.jp and docomo.jp are slips."""
NEAR_ENOUGH = 0.88
"""Of two times the common signs by all signs: one slip in a domain of nine signs passes, two in
one of eleven do not; so 「kaho.co.jp」, a company's, is not taken for yahoo.co.jp."""

CARRIER_DOMAINS = frozenset({"docomo.ne.jp", "ezweb.ne.jp", "au.com"})
CARRIER_LOCAL = re.compile(r"[a-z0-9._-]{1,64}")


def likely_meant(address: str) -> str | None:
    """Return the address with the well-known domain that was probably meant, or None.

    Expects lower case.  Only the domain differs, and a well-known domain is never asked about.
    """
    local, at, domain = address.rpartition("@")
    if not local or not at or domain in NEIGHBOURS or domain in COMMON_DOMAINS:
        return None
    nearest = ONE_ENDING.get(domain.partition(".")[0]) or _nearest(domain)
    return f"{local}@{nearest}" if nearest else None


def is_carrier_address(address: str) -> bool:
    """Tell addresses of the carriers, old forms (``a..b@docomo.ne.jp``) among them.

    Those are against the standard, and yet SMTP carries them.  Expects lower case.
    """
    local, _at, domain = address.rpartition("@")
    return domain in CARRIER_DOMAINS and CARRIER_LOCAL.fullmatch(local) is not None


def is_old_carrier_form(address: str) -> bool:
    """Tell addresses that some systems refuse: two dots together, a dot first or before the @."""
    local = address.rpartition("@")[0]
    dotted = ".." in local or local.startswith(".") or local.endswith(".")
    return dotted and is_carrier_address(address)


def _nearest(domain: str) -> str | None:
    likeness = {known: SequenceMatcher(None, domain, known).ratio() for known in COMMON_DOMAINS}
    nearest = max(COMMON_DOMAINS, key=lambda known: likeness[known])
    return nearest if likeness[nearest] >= NEAR_ENOUGH else None
